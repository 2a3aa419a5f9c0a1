// smx_spike_memory: all spike maps. A row holds RowWords words; a word holds Lanes channels x Timesteps bits.
//
// Written a word at a time (what a tile of Lanes neurons yields), read a row at a time. Reading a word while it is
// written is undefined (smx_ram): the schedule only does so where the weights of those channels are zero.
`default_nettype none

module smx_spike_memory #(
    parameter WordBits = 32,  // Lanes * Timesteps
    parameter RowWords = 1,   // words of a row: lcm(Lanes, Inputs) / Lanes
    parameter Rows     = 64,
    parameter RowBits  = 6,   // bits of a row number as it arrives
    parameter AddrBits = 6,   // bits of a row number that count: 2**AddrBits >= Rows, AddrBits <= RowBits
    parameter WordSelectBits = 1  // bits of a word number within a row
) (
    input  wire                         clk_i,
    input  wire                         write_i,
    input  wire [RowBits-1:0]           write_row_i,
    input  wire [WordSelectBits-1:0]    write_word_i,
    input  wire [WordBits-1:0]          write_data_i,
    input  wire [RowBits-1:0]           read_row_i,
    output wire [RowWords*WordBits-1:0] read_data_o    // of the previous cycle's read_row_i
);
    wire unused = &{1'b0, write_row_i, read_row_i};   // their upper bits, where the pixel memory has more rows
    genvar b;
    generate
        for (b = 0; b < RowWords; b = b + 1) begin : g_bank
            localparam [WordSelectBits-1:0] Bank = b[WordSelectBits-1:0];
            smx_ram #(.Width(WordBits), .Depth(Rows), .AddrBits(AddrBits)) u_ram (
                .clk_i(clk_i), .write_i(write_i && write_word_i == Bank), .write_addr_i(write_row_i[AddrBits-1:0]),
                .write_data_i(write_data_i), .read_i(1'b1), .read_addr_i(read_row_i[AddrBits-1:0]),
                .read_data_o(read_data_o[b*WordBits +: WordBits]));
        end
    endgenerate
endmodule

`default_nettype wire
