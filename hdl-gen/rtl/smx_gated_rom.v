// smx_gated_rom: one bank of a read-only memory; zero in the cycles that address another bank, so that the banks are or-ed.
//
// Block RAMs clear their output by themselves: the gate costs no cell, and the OR of two banks fits into the LUT of an
// operand that has one anyway. A multiplexer between them would cost one for every bit.
`default_nettype none

module smx_gated_rom #(
    parameter Width    = 8,    // bits of a word
    parameter Depth    = 16,   // words, exactly the lines of the image
    parameter AddrBits = 5,    // bits of an address of all banks
    parameter WordBits = 4,    // bits of a word's number within its bank, 2**WordBits >= Depth
    parameter Bank     = 0,
    parameter File     = ""    // path of the image, one hexadecimal word a line
) (
    input  wire                clk_i,
    input  wire [AddrBits-1:0] addr_i,
    output reg  [Width-1:0]    data_o   // word of the previous cycle's addr_i
);
    localparam IndexBits = (Depth > 1) ? $clog2(Depth) : 1;
    reg [Width-1:0] mem [0:Depth-1];
    wire unused = &{1'b0, addr_i};   // bits between those of a small bank and its number

    generate
        if (File != "") begin : g_image   // tools that elaborate the module by itself have no file
            initial $readmemh(File, mem);
        end
        if (AddrBits > WordBits) begin : g_banked
            localparam [AddrBits-WordBits-1:0] Own = Bank;
            always @(posedge clk_i) begin
                if (addr_i[AddrBits-1:WordBits] != Own) data_o <= {Width{1'b0}};
                else                                    data_o <= mem[addr_i[IndexBits-1:0]];
            end
        end else begin : g_single
            always @(posedge clk_i) data_o <= mem[addr_i[IndexBits-1:0]];
        end
    endgenerate
endmodule

`default_nettype wire
