// smx_table_array: Lanes x Inputs x Timesteps gated additions a cycle by tables of subset sums; weights stay for a block.
//
// Dense operands: spikes_i [Inputs][Timesteps] are shared by all lanes. smx_chunk_gather leads them: the weights of a
// chunk, weights_i [Lanes][Inputs], are turned into tables, the same for each timestep, while the positions of a block
// pass by the chunk before. Lane-wise operands (axial branches and identity) are as in smx_spike_array, on lanes of one
// input beside the tables.
//
// What leads the array comes with the address of the operands, two cycles before them. Results follow the flags of a tile
// (last lane-wise operands, drain_i) as in smx_spike_array: clog2(Inputs) + 4 cycles after the address.
`default_nettype none

module smx_table_array #(
    parameter Lanes      = 8,
    parameter Inputs     = 8,
    parameter Timesteps  = 4,
    parameter WeightBits = 4,
    parameter AccBits    = 12,
    parameter PlaceBits  = 5
) (
    input  wire                               clk_i,
    input  wire                               rst_i,
    // filling
    input  wire                               fill_i,          // the walk begins in the next cycle
    input  wire                               fill_bank_i,
    input  wire                               fill_valid_i,    // a subset
    input  wire [3:0]                         fill_subset_i,
    input  wire [1:0]                         fill_flip_i,
    input  wire                               fill_remove_i,
    input  wire [Lanes*Inputs*WeightBits-1:0] weights_i,       // weight (p*Inputs + i); holds while filling
    // working
    input  wire                               dense_i,         // the pass runs on the tables
    input  wire                               work_i,
    input  wire                               bank_i,
    input  wire [PlaceBits-1:0]               token_i,         // position of the block
    input  wire                               first_i,         // of the chunks of a block
    input  wire                               last_i,
    input  wire                               drain_i,
    input  wire [PlaceBits-1:0]               drain_token_i,
    // operands
    input  wire [Inputs*Timesteps-1:0]        spikes_i,        // bit i*Timesteps + t
    input  wire                               lane_wise_i,
    input  wire [Lanes*Timesteps-1:0]         lane_spikes_i,   // bit p*Timesteps + t
    input  wire [WeightBits-1:0]              lane_weight_i,
    input  wire                               lane_last_i,     // last operands of a tile
    output wire [Lanes*Timesteps*AccBits-1:0] results_o        // result p*Timesteps + t
);
    localparam Tables    = (Inputs + 3) / 4;
    localparam TableBits = WeightBits + 2;
    localparam Levels    = $clog2(Tables);
    localparam SumBits   = TableBits + Levels;
    localparam Depth     = $clog2(Inputs);   // of the tree that lane-wise operands would have to pass

    genvar p, k, t, i;

    // ---- filling: one adder for a table of a lane
    wire [Tables*Lanes*TableBits-1:0] words;
    generate
        for (p = 0; p < Lanes; p = p + 1) begin : g_fill
            wire [Tables*4*WeightBits-1:0] weights;
            if (Tables * 4 > Inputs) begin : g_pad
                assign weights = {{((Tables * 4 - Inputs) * WeightBits){1'b0}},
                                  weights_i[p*Inputs*WeightBits +: Inputs*WeightBits]};
            end else begin : g_full
                assign weights = weights_i[p*Inputs*WeightBits +: Inputs*WeightBits];
            end
            for (k = 0; k < Tables; k = k + 1) begin : g_table
                smx_subset_sum #(.WeightBits(WeightBits)) u_sum (
                    .clk_i(clk_i), .clear_i(fill_i), .flip_i(fill_flip_i), .remove_i(fill_remove_i),
                    .weights_i(weights[k*4*WeightBits +: 4*WeightBits]),
                    .sum_o(words[(k*Lanes + p)*TableBits +: TableBits]));
            end
        end
    endgenerate

    // ---- control in step with the sums
    wire bank, work, first, last, drain;
    wire [PlaceBits-1:0] token, drain_token;
    smx_delay #(.Width(1), .Stages(2)) u_bank (.clk_i(clk_i), .rst_i(rst_i), .data_i(bank_i), .data_o(bank));
    smx_delay #(.Width(3 + PlaceBits), .Stages(2 + Levels)) u_work (
        .clk_i(clk_i), .rst_i(rst_i), .data_i({work_i, first_i, last_i, token_i}), .data_o({work, first, last, token}));
    smx_delay #(.Width(1 + PlaceBits), .Stages(3 + Depth)) u_drain (
        .clk_i(clk_i), .rst_i(rst_i), .data_i({drain_i, drain_token_i}), .data_o({drain, drain_token}));

    // ---- lane-wise operands wait as long as dense ones take
    wire                              lane_wise, lane_last;
    wire [Lanes*Timesteps-1:0]        lane_spikes;
    wire [WeightBits-1:0]             lane_weight;
    wire [Lanes*Timesteps*AccBits-1:0] lane_results;
    wire [Lanes-1:0]                  unused_planes;
    smx_delay #(.Width(2 + WeightBits + Lanes*Timesteps), .Stages(Depth)) u_lane_wise (
        .clk_i(clk_i), .rst_i(rst_i), .data_i({lane_wise_i, lane_last_i, lane_weight_i, lane_spikes_i}),
        .data_o({lane_wise, lane_last, lane_weight, lane_spikes}));
    smx_spike_array #(.Lanes(Lanes), .Inputs(1), .Timesteps(Timesteps), .WeightBits(WeightBits),
                      .AccBits(AccBits)) u_lane_array (
        .clk_i(clk_i), .rst_i(rst_i), .lane_wise_i(lane_wise), .spikes_i({Timesteps{1'b0}}),
        .weights_i({Lanes*WeightBits{1'b0}}), .lane_spikes_i(lane_spikes), .lane_weight_i(lane_weight),
        .double_i(1'b0), .last_i(lane_last), .results_o(lane_results), .plane_results_o(unused_planes));

    // ---- tables and sums of every timestep
    generate
        for (t = 0; t < Timesteps; t = t + 1) begin : g_timestep
            wire [Inputs-1:0]        spikes;
            wire [Lanes*SumBits-1:0] sums;
            for (i = 0; i < Inputs; i = i + 1) begin : g_input
                assign spikes[i] = spikes_i[i*Timesteps + t];
            end
            smx_table_sum #(.Lanes(Lanes), .Inputs(Inputs), .WeightBits(WeightBits)) u_sums (
                .clk_i(clk_i), .write_i({Tables{fill_valid_i}}), .write_bank_i(fill_bank_i),
                .write_subset_i(fill_subset_i), .write_data_i(words), .bank_i(bank), .spikes_i(spikes), .sums_o(sums));
            wire [Lanes*AccBits-1:0] results;
            smx_partial_sums #(.Lanes(Lanes), .SumBits(SumBits), .AccBits(AccBits), .PlaceBits(PlaceBits)) u_partials (
                .clk_i(clk_i), .work_i(work), .token_i(token), .first_i(first), .last_i(last), .sums_i(sums),
                .drain_i(drain), .drain_token_i(drain_token), .results_o(results));
            for (p = 0; p < Lanes; p = p + 1) begin : g_lane
                assign results_o[(p*Timesteps + t)*AccBits +: AccBits] =
                    dense_i ? results[p*AccBits +: AccBits] : lane_results[(p*Timesteps + t)*AccBits +: AccBits];
            end
        end
    endgenerate
endmodule

`default_nettype wire
