// smx_spike_array: Lanes x Inputs x Timesteps spike-gated additions a cycle; each weight serves all timesteps.
//
// Dense operands: spikes_i [Inputs][Timesteps] are shared by all lanes, weights_i [Lanes][Inputs] by all timesteps.
// Lane-wise operands (lane_wise_i; axial branches and identity): lane p adds the AxialInputs weights lane_weight_i whose
// spikes of its own lane_spikes_i [Lanes][AxialInputs][Timesteps] fired; the rest of the array rests.
// Latency from operands to results_o: the levels of the trees (see smx_lane) + 2 cycles; last_i comes with its operands.
//
// With PlaneLanes, bit planes gated by 8-bit weights are summed here, too. A weight is a sum of digits of WeightBits, the
// lowest first: cycle by cycle the digits come as weights_i, and the plane as the spikes of timestep j, which then
// accumulates digit j; a last digit beyond 8 bits (120 is 7 * 16 + 16 - 8) joins that of the last timestep.
// plane_results_o is the sum of digits, sum of 2**(j*WeightBits) * accumulator j. double_i comes with the first operands
// of every plane of pixels but the first, as in smx_plane_array. All sums wrap modulo 2**PlaneAccBits, which holds the
// final one: digit j needs j*WeightBits less.
`default_nettype none

module smx_spike_array #(
    parameter Lanes      = 8,
    parameter Inputs     = 8,
    parameter Timesteps  = 4,
    parameter WeightBits = 4,
    parameter AccBits    = 12,
    parameter AxialInputs = 1,  // inputs of a lane that take lane-wise operands, at most Inputs
    parameter PlaneLanes   = 0, // timesteps that accumulate digits, ceil(8 / WeightBits); 0: no planes
    parameter PlaneAccBits = 1,
    parameter Ternary      = 0  // 1: lanes of ternary adders
) (
    input  wire                               clk_i,
    input  wire                               rst_i,
    input  wire                               lane_wise_i,
    input  wire [Inputs*Timesteps-1:0]        spikes_i,        // bit i*Timesteps + t
    input  wire [Lanes*Inputs*WeightBits-1:0] weights_i,       // weight (p*Inputs + i)
    input  wire [Lanes*AxialInputs*Timesteps-1:0] lane_spikes_i,   // bit (p*AxialInputs + j)*Timesteps + t
    input  wire [AxialInputs*WeightBits-1:0]  lane_weight_i,   // weight j
    input  wire                               double_i,        // of planes
    input  wire                               last_i,
    output wire [Lanes*Timesteps*AccBits-1:0] results_o,       // result p*Timesteps + t
    output wire [Lanes*PlaneAccBits-1:0]      plane_results_o
);
    // levels of the tree
    localparam Levels = Ternary == 0 ? $clog2(Inputs)
                      : (Inputs > 2 ? 1 : 0) + (Inputs > 6 ? 1 : 0) + (Inputs > 18 ? 1 : 0) + (Inputs > 54 ? 1 : 0)
                      + (Inputs > 162 ? 1 : 0);

    wire last, doubling;
    smx_delay #(.Width(1), .Stages(Levels + 1)) u_last (
        .clk_i(clk_i), .rst_i(rst_i), .data_i(last_i), .data_o(last));
    generate
        if (PlaneLanes == 0) begin : g_no_planes
            assign doubling = 1'b0;
            assign plane_results_o = {(Lanes*PlaneAccBits){1'b0}};
            wire unused_double = &{1'b0, double_i};
        end else begin : g_planes
            smx_delay #(.Width(1), .Stages(Levels + 1)) u_double (
                .clk_i(clk_i), .rst_i(rst_i), .data_i(double_i), .data_o(doubling));
        end
    endgenerate

    genvar p, t, i, j;
    generate
        for (t = 0; t < Timesteps; t = t + 1) begin : g_spikes
            wire [Inputs-1:0] silent;   // of this timestep
            for (i = 0; i < Inputs; i = i + 1) begin : g_input
                assign silent[i] = !spikes_i[i*Timesteps + t] || lane_wise_i;
            end
        end
        for (p = 0; p < Lanes; p = p + 1) begin : g_lane
            wire [Inputs*WeightBits-1:0] dense = weights_i[p*Inputs*WeightBits +: Inputs*WeightBits];
            wire [Inputs*WeightBits-1:0] weights;
            assign weights[0 +: AxialInputs*WeightBits] = lane_wise_i ? lane_weight_i : dense[0 +: AxialInputs*WeightBits];
            if (Inputs > AxialInputs) begin : g_rest
                assign weights[Inputs*WeightBits-1:AxialInputs*WeightBits] =
                    dense[Inputs*WeightBits-1:AxialInputs*WeightBits];
            end
            for (t = 0; t < Timesteps; t = t + 1) begin : g_timestep
                wire [Inputs-1:0] silent;
                for (j = 0; j < AxialInputs; j = j + 1) begin : g_own
                    assign silent[j] = lane_wise_i ? !lane_spikes_i[(p*AxialInputs + j)*Timesteps + t]
                                                   : g_spikes[t].silent[j];
                end
                if (Inputs > AxialInputs) begin : g_shared
                    assign silent[Inputs-1:AxialInputs] = g_spikes[t].silent[Inputs-1:AxialInputs];
                end
                // digits of planes may need more bits than spikes
                localparam DigitBits = t < PlaneLanes ? PlaneAccBits - t * WeightBits : 0;
                localparam OwnBits   = DigitBits > AccBits ? DigitBits : AccBits;
                wire [OwnBits-1:0] result;
                smx_lane #(.Inputs(Inputs), .WeightBits(WeightBits), .AccBits(OwnBits),
                           .Doubling(t < PlaneLanes ? 1 : 0), .Ternary(Ternary)) u_lane (
                    .clk_i(clk_i), .rst_i(rst_i), .silent_i(silent), .weights_i(weights),
                    .double_i(t < PlaneLanes && doubling), .last_i(last), .result_o(result));
                assign results_o[(p*Timesteps + t)*AccBits +: AccBits] = result[AccBits-1:0];
                if (t < PlaneLanes) begin : g_digit
                    wire [PlaneAccBits-1:0] digit, sum;   // in its place, and with those below
                    if (t == 0) begin : g_first
                        assign digit = result[PlaneAccBits-1:0];
                        assign sum   = digit;
                    end else begin : g_next
                        assign digit = {result[DigitBits-1:0], {(t*WeightBits){1'b0}}};
                        assign sum   = g_timestep[t-1].g_digit.sum + digit;
                    end
                end
            end
            if (PlaneLanes != 0) begin : g_sum
                assign plane_results_o[p*PlaneAccBits +: PlaneAccBits] = g_timestep[PlaneLanes-1].g_digit.sum;
            end
        end
    endgenerate
endmodule

`default_nettype wire
