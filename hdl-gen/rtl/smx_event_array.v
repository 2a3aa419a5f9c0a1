// smx_event_array: Lanes event-driven lanes: one weight row, or one axial weight per half gated by a word, is added a cycle.
//
// Cycle 0: row_i, spikes_i, axial_weight_i of an event, straight from memories; cycle 1: its unsigned_i; cycle 2: its
// end_i, load_i. From the cycle after load_i on, results_o are those of lanes 0..Neurons-1; every shift_i brings the next
// Neurons lanes.
`default_nettype none

module smx_event_array #(
    parameter Lanes      = 24,
    parameter Neurons    = 8,    // divides Lanes
    parameter WeightBits = 4,
    parameter AccBits    = 10,
    parameter StepBits   = 2,    // bits of the number of a group of Neurons lanes
    parameter Banks      = 1     // of the weight memory; all but one are zero
) (
    input  wire                        clk_i,
    input  wire                        rst_i,
    input  wire [Banks*Lanes*WeightBits-1:0] row_i,     // weight p in bits p*WeightBits of each bank
    input  wire                        unsigned_i,
    input  wire [StepBits-1:0]         beside_i,        // lanes of groups before this one hold unsigned digits; 0: none
    input  wire [Lanes-1:0]            spikes_i,
    input  wire [2*WeightBits-1:0]     axial_weight_i,      // of the lower and of the upper half of the lanes
    input  wire                        end_i,
    input  wire                        load_i,
    input  wire                        shift_i,
    output wire [Neurons*AccBits-1:0]  results_o
);
    reg [Banks*Lanes*WeightBits-1:0] row_q;
    wire [Lanes*WeightBits-1:0] row;
    reg [Lanes-1:0]            spikes_q;
    reg [2*WeightBits-1:0]     axial_weight_q;
    always @(posedge clk_i) begin
        row_q          <= row_i;
        spikes_q       <= spikes_i;
        axial_weight_q <= axial_weight_i;
    end

    wire [(Lanes+Neurons)*AccBits-1:0] results;
    assign results[Lanes*AccBits +: Neurons*AccBits] = {(Neurons*AccBits){1'b0}};
    assign results_o = results[Neurons*AccBits-1:0];
    genvar p, b, k;
    generate
        for (b = 0; b < Lanes*WeightBits; b = b + 1) begin : g_bit
            wire [Banks-1:0] bits;
            for (k = 0; k < Banks; k = k + 1) begin : g_bank
                assign bits[k] = row_q[k*Lanes*WeightBits + b];
            end
            assign row[b] = |bits;
        end
        for (p = 0; p < Lanes; p = p + 1) begin : g_lane
            localparam GroupNumber = p / Neurons + 1, Half = (p < Lanes / 2) ? 0 : 1;
            localparam [StepBits:0] Behind = GroupNumber[StepBits:0];
            wire is_lower = {1'b0, beside_i} >= Behind;
            smx_event_lane #(.WeightBits(WeightBits), .AccBits(AccBits)) u_lane (
                .clk_i(clk_i), .rst_i(rst_i),
                .weight_i(row[p*WeightBits +: WeightBits]), .unsigned_i(unsigned_i || is_lower),
                .spike_i(spikes_q[p]), .axial_weight_i(axial_weight_q[Half*WeightBits +: WeightBits]),
                .end_i(end_i), .load_i(load_i), .shift_i(shift_i),
                .neighbour_i(results[(p + Neurons)*AccBits +: AccBits]), .result_o(results[p*AccBits +: AccBits]));
        end
    endgenerate
endmodule

`default_nettype wire
