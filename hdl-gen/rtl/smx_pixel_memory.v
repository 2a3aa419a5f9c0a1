// smx_pixel_memory: one image in patch order: a row holds Inputs pixels of one patch, one byte memory per pixel.
`default_nettype none

module smx_pixel_memory #(
    parameter Inputs   = 8,
    parameter Rows     = 64,   // patches x rows of a patch
    parameter RowBits  = 6,
    parameter BankBits = 3     // bits of a pixel number within a row
) (
    input  wire                clk_i,
    input  wire                write_i,
    input  wire [RowBits-1:0]  write_row_i,
    input  wire [BankBits-1:0] write_bank_i,
    input  wire [7:0]          write_data_i,
    input  wire                read_i,        // else read_data_o holds
    input  wire [RowBits-1:0]  read_row_i,
    output wire [Inputs*8-1:0] read_data_o    // pixel i in byte i, a cycle after read_i
);
    genvar i;
    generate
        for (i = 0; i < Inputs; i = i + 1) begin : g_bank
            localparam [BankBits-1:0] Bank = i[BankBits-1:0];
            smx_ram #(.Width(8), .Depth(Rows), .AddrBits(RowBits)) u_ram (
                .clk_i(clk_i), .write_i(write_i && write_bank_i == Bank), .write_addr_i(write_row_i),
                .write_data_i(write_data_i), .read_i(read_i), .read_addr_i(read_row_i), .read_data_o(read_data_o[i*8 +: 8]));
        end
    endgenerate
endmodule

`default_nettype wire
