// smx_delay: shift register of Stages cycles; all stages are zero after reset. Stages = 0 is a wire.
`default_nettype none

module smx_delay #(
    parameter Width  = 1,
    parameter Stages = 1
) (
    input  wire             clk_i,
    input  wire             rst_i,   // synchronous, active high
    input  wire [Width-1:0] data_i,
    output wire [Width-1:0] data_o   // data_i of Stages cycles ago
);
    generate
        if (Stages == 0) begin : g_wire
            assign data_o = data_i;
            wire unused = &{1'b0, clk_i, rst_i};
        end else if (Stages == 1) begin : g_register
            reg [Width-1:0] data_q;
            always @(posedge clk_i) begin
                if (rst_i) data_q <= {Width{1'b0}};
                else       data_q <= data_i;
            end
            assign data_o = data_q;
        end else begin : g_chain
            reg [Stages*Width-1:0] chain_q;
            always @(posedge clk_i) begin
                if (rst_i) chain_q <= {(Stages*Width){1'b0}};
                else       chain_q <= {chain_q[(Stages-1)*Width-1:0], data_i};
            end
            assign data_o = chain_q[Stages*Width-1 -: Width];
        end
    endgenerate
endmodule

`default_nettype wire
