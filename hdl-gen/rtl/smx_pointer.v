// smx_pointer: address that steps by 1, and by token_step_i instead at the end of a token.
`default_nettype none

module smx_pointer #(
    parameter AddrBits = 8
) (
    input  wire                clk_i,
    input  wire                load_i,         // take base_i
    input  wire [AddrBits-1:0] base_i,
    input  wire                step_i,
    input  wire                token_end_i,    // with step_i
    input  wire [AddrBits-1:0] token_step_i,   // 1 where tokens follow each other without a gap
    output wire [AddrBits-1:0] addr_o
);
    reg [AddrBits-1:0] addr_q;
    always @(posedge clk_i) begin
        if (load_i)      addr_q <= base_i;
        else if (step_i) addr_q <= addr_q + (token_end_i ? token_step_i : {{(AddrBits-1){1'b0}}, 1'b1});
    end
    assign addr_o = addr_q;
endmodule

`default_nettype wire
