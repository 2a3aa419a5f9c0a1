// smx_reset: brings the active-low reset of the outside in step with the clock, as an active-high reset for all modules.
`default_nettype none

module smx_reset (
    input  wire clk_i,
    input  wire aresetn_i,   // AXI convention: active low
    output wire rst_o        // synchronous, active high
);
    reg [1:0] reset_q;
    always @(posedge clk_i) reset_q <= {reset_q[0], !aresetn_i};
    assign rst_o = reset_q[1];
endmodule

`default_nettype wire
