// smx_table_sum: for every lane the sum of its weights whose inputs fired, by tables of the 16 sums of 4 weights.
//
// For weights that stay for many tokens, on parts with LUT RAM. Of K weights a lane, K/4 tables and a tree of a quarter
// of the terms remain. Inputs beyond the last full table count as inputs that never fire.
// Latency 1 + clog2(Tables) cycles from spikes_i and bank_i. One bank works while the other is filled: smx_gray_walk
// has the order, smx_subset_sum the words.
//
// Example: a lane with weights 3, -2, 5, 1, 7 has tables of 3, -2, 5, 1 and of 7, 0, 0, 0; 5'b10101 sums to 8 + 7.
`default_nettype none

module smx_table_sum #(
    parameter Lanes      = 8,
    parameter Inputs     = 16,
    parameter WeightBits = 4,                           // signed
    parameter Tables     = (Inputs + 3 - (Inputs + 3) % 4) / 4,   // derived, of a lane
    parameter TableBits  = WeightBits + 2,              // derived: a sum of four weights
    parameter SumBits    = TableBits + $clog2(Tables)   // derived
) (
    input  wire                              clk_i,
    // filling
    input  wire [Tables-1:0]                 write_i,         // table k of all lanes
    input  wire                              write_bank_i,
    input  wire [3:0]                        write_subset_i,  // bit j: weight j of the table is in the sum
    input  wire [Tables*Lanes*TableBits-1:0] write_data_i,    // sum k*Lanes + p
    // working
    input  wire                              bank_i,
    input  wire [Inputs-1:0]                 spikes_i,
    output wire [Lanes*SumBits-1:0]          sums_o           // signed, of the lanes
);
    wire [Tables*4-1:0]               spikes;
    wire [Tables*Lanes*TableBits-1:0] words;
    genvar k, p;
    generate
        if (Tables * 4 > Inputs) begin : g_pad
            assign spikes = {{(Tables * 4 - Inputs){1'b0}}, spikes_i};
        end else begin : g_full
            assign spikes = spikes_i;
        end
        for (k = 0; k < Tables; k = k + 1) begin : g_table
            smx_subset_table #(.Lanes(Lanes), .TableBits(TableBits)) u_table (
                .clk_i(clk_i), .write_i(write_i[k]), .write_bank_i(write_bank_i), .write_subset_i(write_subset_i),
                .write_data_i(write_data_i[k*Lanes*TableBits +: Lanes*TableBits]),
                .bank_i(bank_i), .spikes_i(spikes[k*4 +: 4]), .sums_o(words[k*Lanes*TableBits +: Lanes*TableBits]));
        end
        for (p = 0; p < Lanes; p = p + 1) begin : g_lane
            wire [Tables*TableBits-1:0] terms;
            for (k = 0; k < Tables; k = k + 1) begin : g_term
                assign terms[k*TableBits +: TableBits] = words[(k*Lanes + p)*TableBits +: TableBits];
            end
            smx_adder_tree #(.Inputs(Tables), .Width(TableBits)) u_tree (
                .clk_i(clk_i), .terms_i(terms), .sum_o(sums_o[p*SumBits +: SumBits]));
        end
    endgenerate
endmodule

`default_nettype wire
