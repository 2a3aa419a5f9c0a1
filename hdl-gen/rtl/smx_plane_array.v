// smx_plane_array: Lanes x Inputs 8-bit weights gated by one bit plane a cycle, without a multiplier.
//
// Patch embedding: the planes of uint8 pixels, most significant first; double_i comes with the first operands of every
// plane but the first, so that acc = sum of 2**b * (sum of q * pixel[b]). Head: the spikes of one timestep are the
// plane, never doubled. Latency as smx_spike_array: the levels of the trees + 2 cycles.
`default_nettype none

module smx_plane_array #(
    parameter Lanes      = 8,
    parameter Inputs     = 8,
    parameter WeightBits = 8,
    parameter AccBits    = 20,
    parameter Ternary    = 0    // 1: lanes of ternary adders
) (
    input  wire                               clk_i,
    input  wire                               rst_i,
    input  wire [Inputs-1:0]                  silent_i,    // bits of the plane that are zero
    input  wire [Lanes*Inputs*WeightBits-1:0] weights_i,   // weight (p*Inputs + i)
    input  wire                               double_i,
    input  wire                               last_i,
    output wire [Lanes*AccBits-1:0]           results_o
);
    // levels of the tree
    localparam Levels = Ternary == 0 ? $clog2(Inputs)
                      : (Inputs > 2 ? 1 : 0) + (Inputs > 6 ? 1 : 0) + (Inputs > 18 ? 1 : 0) + (Inputs > 54 ? 1 : 0)
                      + (Inputs > 162 ? 1 : 0);

    wire doubling, last;
    smx_delay #(.Width(2), .Stages(Levels + 1)) u_flags (
        .clk_i(clk_i), .rst_i(rst_i), .data_i({double_i, last_i}), .data_o({doubling, last}));

    genvar p;
    generate
        for (p = 0; p < Lanes; p = p + 1) begin : g_lane
            smx_lane #(.Inputs(Inputs), .WeightBits(WeightBits), .AccBits(AccBits), .Doubling(1),
                       .Ternary(Ternary)) u_lane (
                .clk_i(clk_i), .rst_i(rst_i), .silent_i(silent_i),
                .weights_i(weights_i[p*Inputs*WeightBits +: Inputs*WeightBits]),
                .double_i(doubling), .last_i(last),
                .result_o(results_o[p*AccBits +: AccBits]));
        end
    endgenerate
endmodule

`default_nettype wire
