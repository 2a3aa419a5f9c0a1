// smx_clock_differential: a clock that arrives on two pins. AMD devices have an input buffer for it, which the tools do
// not infer; in simulation the positive half is the clock.
`default_nettype none

module smx_clock_differential (
    input  wire clk_p_i,
    input  wire clk_n_i,
    output wire clk_o
);
`ifdef SYNTHESIS
    IBUFDS u_buffer (.I(clk_p_i), .IB(clk_n_i), .O(clk_o));
`else
    assign clk_o = clk_p_i;
    wire unused = &{1'b0, clk_n_i};
`endif
endmodule

`default_nettype wire
