// smx_reset: brings the active-low reset of the outside in step with the clock, as an active-high reset for all modules.
//
// The reset is held for 16 cycles more, until everything that was under way in pipelines without a reset of their own has
// run out while their ends are still cleared: gates and adder trees take clog2(Inputs) + 3 cycles, at most 11.
`default_nettype none

module smx_reset (
    input  wire clk_i,
    input  wire aresetn_i,   // AXI convention: active low, for at least 2 cycles
    output wire rst_o        // synchronous, active high
);
    reg       reset_q;
    reg [4:0] held_q;        // cycles since the end of the outer reset; 16 ends the inner one
    always @(posedge clk_i) begin
        reset_q <= !aresetn_i;
        if (reset_q)         held_q <= 5'd0;
        else if (!held_q[4]) held_q <= held_q + 1'b1;
    end
    assign rst_o = !held_q[4];
endmodule

`default_nettype wire
