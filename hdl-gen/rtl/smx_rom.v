// smx_rom: read-only memory initialised from a $readmemh image, read latency 1.
`default_nettype none

module smx_rom #(
    parameter Width    = 8,    // bits of a word
    parameter Depth    = 16,   // words, exactly the lines of the image
    parameter AddrBits = 4,    // bits of an address, 2**AddrBits >= Depth
    parameter File     = ""    // path of the image, one hexadecimal word a line
) (
    input  wire                clk_i,
    input  wire [AddrBits-1:0] addr_i,
    output reg  [Width-1:0]    data_o   // word of the previous cycle's addr_i
);
    reg [Width-1:0] mem [0:Depth-1];

    generate
        if (File != "") begin : g_image   // tools that elaborate the module by itself have no file
            initial $readmemh(File, mem);
        end
    endgenerate

    always @(posedge clk_i) data_o <= mem[addr_i];
endmodule

`default_nettype wire
