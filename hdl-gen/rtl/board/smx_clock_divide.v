// smx_clock_divide: a slower clock for the whole design, where the board's is too fast for it. Divide = 1 is a wire.
//
// A register that toggles: needs no PLL, and place and route puts the result on a global net. Only for designs that run
// on clk_o alone: nothing may cross from clk_i to clk_o.
//
//   Divide = 4:
//   clk_i  -_-_-_-_-_-_-_-_
//   clk_o  ____----____----
`default_nettype none

module smx_clock_divide #(
    parameter Divide = 1   // 1, or even
) (
    input  wire clk_i,
    output wire clk_o
);
    localparam Half = Divide / 2;
    localparam CountBits = Half < 2 ? 1 : $clog2(Half);
    localparam Last = Half - 1;

    generate
        if (Divide == 1) begin : g_wire
            assign clk_o = clk_i;
        end else begin : g_divide
            reg [CountBits-1:0] count_q = {CountBits{1'b0}};
            reg                 divided_q = 1'b0;
            wire last = count_q == Last[CountBits-1:0];
            always @(posedge clk_i) begin
                count_q   <= last ? {CountBits{1'b0}} : count_q + 1'b1;
                divided_q <= divided_q ^ last;
            end
            assign clk_o = divided_q;
        end
    endgenerate
endmodule

`default_nettype wire
