// smx_loop: counter of a loop with a static bound. First and last iteration come out of registers, so that nested loops
// need no comparison in front of their logic.
`default_nettype none

module smx_loop #(
    parameter Bits = 4
) (
    input  wire            clk_i,
    input  wire            load_i,    // before the first iteration
    input  wire [Bits-1:0] last_i,    // number of the last iteration
    input  wire            step_i,    // next iteration; behind the last one the first again
    output wire            first_o,
    output wire            last_o
);
    reg [Bits-1:0] rest_q;   // iterations behind this one
    reg            first_q, last_q;
    wire           restart = load_i || (step_i && last_q);
    always @(posedge clk_i) begin
        if (restart)     rest_q <= last_i;
        else if (step_i) rest_q <= rest_q - 1'b1;
        if (restart)     last_q <= last_i == {Bits{1'b0}};
        else if (step_i) last_q <= rest_q == {{(Bits-1){1'b0}}, 1'b1};
        if (restart || step_i) first_q <= restart;
    end
    assign first_o = first_q;
    assign last_o  = last_q;
endmodule

`default_nettype wire
