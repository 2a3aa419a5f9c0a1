// smx_subset_table: the 16 sums of 4 weights of every lane, addressed by the 4 spikes that the lanes share.
//
// Two banks: one at work while the other is filled. The words of all lanes lie side by side in one LUT RAM of 32 words,
// so that no bit of its cells is wasted. Latency 1 cycle; a word that is written is read from the next cycle on.
//
// Example: one lane with weights 3, -2, 5, 1 in bank 1 has mem[16 + 4'b0101] = 8.
`default_nettype none

module smx_subset_table #(
    parameter Lanes     = 8,
    parameter TableBits = 6    // signed: a sum of four weights
) (
    input  wire                       clk_i,
    input  wire                       write_i,
    input  wire                       write_bank_i,
    input  wire [3:0]                 write_subset_i,  // bit j: weight j is in the sum
    input  wire [Lanes*TableBits-1:0] write_data_i,    // sum of every lane
    input  wire                       bank_i,
    input  wire [3:0]                 spikes_i,
    output wire [Lanes*TableBits-1:0] sums_o           // of the lanes
);
    (* ram_style = "distributed" *)
    reg [Lanes*TableBits-1:0] mem [0:31];
    reg [Lanes*TableBits-1:0] sums_q;
    always @(posedge clk_i) begin
        if (write_i) mem[{write_bank_i, write_subset_i}] <= write_data_i;
    end
    always @(posedge clk_i) sums_q <= mem[{bank_i, spikes_i}];
    assign sums_o = sums_q;
endmodule

`default_nettype wire
