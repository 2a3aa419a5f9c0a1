// smx_lane: one accumulate lane of the dense style: adds up to Inputs spike-gated weights a cycle.
//
// Timeline, with L levels of the tree (clog2(Inputs), or those of smx_ternary_tree): operands in cycle n are gated into
// registers (n+1), summed by the tree (n+1+L) and accumulated (n+2+L). `double_i` and `last_i` arrive L+1 cycles after the
// operands they belong to. A cycle without spikes adds zero, so an idle lane needs no enable.
//
// Example: weights 3, -2 with silent_i = 2'b00 in one cycle and 2'b10 in the next (last): result_o = 1 + 3 = 4.
`default_nettype none

module smx_lane #(
    parameter Inputs     = 8,
    parameter WeightBits = 4,   // signed
    parameter AccBits    = 12,  // signed; holds every partial sum (static bound of the weights)
    parameter Doubling   = 0,   // 1: double_i is used (bit planes of unsigned inputs, most significant plane first)
    parameter Ternary    = 0    // 1: adders of three terms, for parts with six-input LUTs
) (
    input  wire                         clk_i,
    input  wire                         rst_i,
    input  wire [Inputs-1:0]            silent_i,   // input i did not fire
    input  wire [Inputs*WeightBits-1:0] weights_i,
    input  wire                         double_i,   // double the accumulator before this sum is added
    input  wire                         last_i,     // this sum ends the tile: hand over the result, clear
    output wire [AccBits-1:0]           result_o    // signed, of the last tile
);
    // Sums wrap modulo 2**AccBits: partial sums stay in range by the static bound, so no bit is lost.
    reg  [AccBits-1:0] acc_q, result_q;
    wire [AccBits-1:0] kept;   // what the sum is added to
    wire [AccBits-1:0] next;
    generate
        if (Doubling != 0) begin : g_double
            assign kept = double_i ? {acc_q[AccBits-2:0], 1'b0} : acc_q;
        end else begin : g_plain
            assign kept = acc_q;
            wire unused = &{1'b0, double_i};
        end
        if (Ternary != 0) begin : g_ternary
            wire [Inputs*WeightBits-1:0] gated;
            wire [AccBits-1:0]           first, second;
            smx_weight_gate #(.Inputs(Inputs), .WeightBits(WeightBits)) u_gate (
                .clk_i(clk_i), .silent_i(silent_i), .weights_i(weights_i), .gated_o(gated));
            smx_ternary_tree #(.Inputs(Inputs), .Width(WeightBits), .OutBits(AccBits)) u_tree (
                .clk_i(clk_i), .terms_i(gated), .first_o(first), .second_o(second));
            smx_add3 #(.From(AccBits), .To(AccBits)) u_add (.a_i(kept), .b_i(first), .c_i(second), .sum_o(next));
        end else begin : g_binary
            localparam SumBits = WeightBits + $clog2(Inputs);
            wire [SumBits-1:0] sum;
            wire [AccBits-1:0] sum_ext;
            smx_gated_sum #(.Inputs(Inputs), .WeightBits(WeightBits)) u_sum (
                .clk_i(clk_i), .silent_i(silent_i), .weights_i(weights_i), .sum_o(sum));
            smx_resize #(.From(SumBits), .To(AccBits)) u_resize (.data_i(sum), .data_o(sum_ext));
            assign next = kept + sum_ext;
        end
    endgenerate

    always @(posedge clk_i) begin
        if (rst_i || last_i) acc_q <= {AccBits{1'b0}};
        else                 acc_q <= next;
    end
    always @(posedge clk_i) begin
        if (last_i) result_q <= next;
    end
    assign result_o = result_q;
endmodule

`default_nettype wire
