// smx_double_buffer: rows that one segment writes and may read back while the segment behind reads those of another image.
//
// Two banks; smx_hand_over says which side owns which. The segment in front writes words of a row, both read whole rows,
// latency 1. Used for the spike maps and, if a stage is cut, for h.
`default_nettype none

module smx_double_buffer #(
    parameter WordBits = 32,
    parameter RowWords = 1,       // words of a row
    parameter Rows     = 64,
    parameter RowBits  = 6,       // bits of a row number as it arrives
    parameter AddrBits = 6,       // bits of a row number that count
    parameter BehindRowBits = 6,  // bits of a row number from the segment behind
    parameter WordSelectBits = 1
) (
    input  wire                         clk_i,
    input  wire [1:0]                   full_i,          // bank belongs to the segment behind
    input  wire                         fill_bank_i,
    input  wire                         take_bank_i,
    // segment in front
    input  wire                         write_i,
    input  wire [RowBits-1:0]           write_row_i,
    input  wire [WordSelectBits-1:0]    write_word_i,
    input  wire [WordBits-1:0]          write_data_i,
    input  wire [RowBits-1:0]           read_row_i,
    output wire [RowWords*WordBits-1:0] read_data_o,
    // segment behind
    input  wire [BehindRowBits-1:0]     behind_row_i,
    output wire [RowWords*WordBits-1:0] behind_data_o
);
    wire unused = &{1'b0, write_row_i, read_row_i, behind_row_i};   // their upper bits choose other memories
    genvar b;
    generate
        for (b = 0; b < 2; b = b + 1) begin : g_bank
            localparam Bank = b[0];
            wire [AddrBits-1:0] row = full_i[b] ? behind_row_i[AddrBits-1:0] : read_row_i[AddrBits-1:0];
            wire [RowWords*WordBits-1:0] data;
            smx_spike_memory #(
                .WordBits(WordBits), .RowWords(RowWords), .Rows(Rows), .RowBits(AddrBits), .AddrBits(AddrBits),
                .WordSelectBits(WordSelectBits)
            ) u_memory (
                .clk_i(clk_i), .write_i(write_i && fill_bank_i == Bank), .write_row_i(write_row_i[AddrBits-1:0]),
                .write_word_i(write_word_i), .write_data_i(write_data_i), .read_row_i(row), .read_data_o(data));
        end
    endgenerate
    assign read_data_o   = fill_bank_i ? g_bank[1].data : g_bank[0].data;
    assign behind_data_o = take_bank_i ? g_bank[1].data : g_bank[0].data;
endmodule

`default_nettype wire
