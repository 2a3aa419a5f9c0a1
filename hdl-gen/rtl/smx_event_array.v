// smx_event_array: Lanes event-driven lanes: one weight row, or one axial weight per half gated by a word, is added a cycle.
//
// Cycle 0: row_i, spikes_i, axial_weight_i of an event, straight from memories; cycle 1: its unsigned_i; cycle 2: its
// end_i, load_i. The first shift_i behind load_i hands on the results of lanes 0..Neurons-1, the next one those of the next
// Neurons lanes, on results_o two cycles later.
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

    // Which group's results are handed on: gated in pairs, then joined.
    localparam Groups = Lanes / Neurons, Pairs = (Groups + 1) / 2, GroupBits = Neurons * AccBits;
    wire [Lanes*AccBits-1:0]   results;
    reg  [Groups-1:0]          hot_q;
    localparam [31:0] FirstHot = 1;
    wire [Groups-1:0]          first_hot = FirstHot[Groups-1:0];
    wire [Groups:0]            next_hot = {hot_q, 1'b0};
    reg  [Pairs*GroupBits-1:0] pairs_q;
    reg  [GroupBits-1:0]       group_q;
    wire [Pairs*GroupBits-1:0] pairs;
    wire [GroupBits-1:0]       group;
    wire unused_hot = &{1'b0, next_hot[Groups]};
    always @(posedge clk_i) begin
        if (load_i)       hot_q <= first_hot;
        else if (shift_i) hot_q <= next_hot[Groups-1:0];
        pairs_q <= pairs;
        group_q <= group;
    end
    assign results_o = group_q;
    genvar p, b, k;
    generate
        for (k = 0; k < Pairs; k = k + 1) begin : g_pair
            wire [GroupBits-1:0] lower = results[2*k*GroupBits +: GroupBits] & {GroupBits{hot_q[2*k]}};
            if (2 * k + 1 < Groups) begin : g_two
                assign pairs[k*GroupBits +: GroupBits] =
                    lower | (results[(2*k + 1)*GroupBits +: GroupBits] & {GroupBits{hot_q[2*k + 1]}});
            end else begin : g_one
                assign pairs[k*GroupBits +: GroupBits] = lower;
            end
        end
        for (b = 0; b < GroupBits; b = b + 1) begin : g_joined
            wire [Pairs-1:0] bits;
            for (k = 0; k < Pairs; k = k + 1) begin : g_gated
                assign bits[k] = pairs_q[k*GroupBits + b];
            end
            assign group[b] = |bits;
        end
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
                .end_i(end_i), .load_i(load_i), .result_o(results[p*AccBits +: AccBits]));
        end
    endgenerate
endmodule

`default_nettype wire
