// smx_head: turns the accumulators of head tiles into logits, one lane a cycle, and keeps the argmax.
//
// logit_k = B_k + acc_k; the lowest class wins a tie. A tile's results hold for at least Lanes cycles.
`default_nettype none

module smx_head #(
    parameter Lanes     = 8,
    parameter Classes   = 10,
    parameter ClassBits = 4,    // bits of a class number and of a logit address
    parameter AccBits   = 20,   // signed
    parameter BiasBits  = 20,   // signed, units of the logit
    parameter LogitBits = 20    // signed
) (
    input  wire                     clk_i,
    input  wire                     rst_i,
    input  wire                     start_i,           // pulse: pass start
    input  wire                     head_i,            // this pass is a head pass
    input  wire                     tile_valid_i,      // pulse: results_i hold
    input  wire                     tile_group_last_i, // of the last tile
    input  wire [Lanes*AccBits-1:0] results_i,
    // bias memory, read latency 1
    output wire [ClassBits-1:0]     bias_addr_o,
    input  wire [BiasBits-1:0]      bias_i,
    input  wire                     neuron_done_i,     // pulse: a pass of the neuron unit is done
    // logits
    output wire                     logit_valid_o,
    output wire [ClassBits-1:0]     logit_class_o,
    output wire [LogitBits-1:0]     logit_o,
    output wire                     done_o,            // pulse: all logits are out
    output wire                     pass_done_o,       // pulse: the pass is done, whoever worked on it
    output wire [ClassBits-1:0]     class_o            // argmax, valid from done_o to the next start_i
);
    localparam LaneBits = $clog2(Lanes + 1);
    localparam LastLane = Lanes - 1, LastClass = Classes - 1;

    // stage 0: lane by lane
    reg                 busy_q, final_q;
    reg [LaneBits-1:0]  lane_q;
    reg [ClassBits-1:0] class_q;
    wire tile      = tile_valid_i && head_i;
    wire valid     = tile || busy_q;
    wire last_lane = lane_q == LastLane[LaneBits-1:0];
    wire is_final  = tile ? tile_group_last_i : final_q;
    reg  beyond_q;   // all classes are out: the remaining lanes are padding
    always @(posedge clk_i) begin
        if (rst_i || start_i) begin
            busy_q   <= 1'b0;
            lane_q   <= {LaneBits{1'b0}};
            class_q  <= {ClassBits{1'b0}};
            beyond_q <= 1'b0;
        end else if (valid) begin
            busy_q   <= !last_lane;
            lane_q   <= last_lane ? {LaneBits{1'b0}} : lane_q + 1'b1;
            class_q  <= class_q + 1'b1;
            beyond_q <= beyond_q || class_q == LastClass[ClassBits-1:0];
        end
        if (tile) final_q <= tile_group_last_i;
    end
    assign bias_addr_o = class_q;

    // stage 1: accumulator and bias
    wire [AccBits-1:0] chosen;
    smx_select #(.Count(Lanes), .Width(AccBits), .SelectBits(LaneBits)) u_select (
        .select_i(lane_q), .choices_i(results_i), .data_o(chosen));
    reg                 valid1_q, last1_q;
    reg [ClassBits-1:0] class1_q;
    reg [AccBits-1:0]   acc1_q;
    always @(posedge clk_i) begin
        valid1_q <= valid && !beyond_q && !rst_i;
        last1_q  <= valid && last_lane && is_final && !rst_i;
        class1_q <= class_q;
        acc1_q   <= chosen;
    end
    wire signed [LogitBits-1:0] acc_ext, bias_ext;
    smx_resize #(.From(AccBits), .To(LogitBits)) u_acc (.data_i(acc1_q), .data_o(acc_ext));
    smx_resize #(.From(BiasBits), .To(LogitBits)) u_bias (.data_i(bias_i), .data_o(bias_ext));

    // stage 2: logit
    reg                        valid2_q, last2_q;
    reg [ClassBits-1:0]        class2_q;
    reg signed [LogitBits-1:0] logit2_q;
    always @(posedge clk_i) begin
        valid2_q <= valid1_q && !rst_i;
        last2_q  <= last1_q && !rst_i;
        class2_q <= class1_q;
        logit2_q <= acc_ext + bias_ext;
    end
    assign logit_valid_o = valid2_q;
    assign logit_class_o = class2_q;
    assign logit_o       = logit2_q;

    // stage 3: argmax
    reg                        any_q, done_q;
    reg signed [LogitBits-1:0] best_q;
    reg [ClassBits-1:0]        best_class_q;
    always @(posedge clk_i) begin
        done_q <= last2_q && !rst_i;
        if (rst_i || (start_i && head_i)) any_q <= 1'b0;
        else if (valid2_q) begin
            any_q <= 1'b1;
            if (!any_q || logit2_q > best_q) begin
                best_q       <= logit2_q;
                best_class_q <= class2_q;
            end
        end
    end
    assign done_o      = done_q;
    assign pass_done_o = done_q || neuron_done_i;
    assign class_o     = best_class_q;
endmodule

`default_nettype wire
