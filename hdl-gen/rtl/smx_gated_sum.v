// smx_gated_sum: sum of the weights whose inputs fired, weights free to change every cycle.
//
// Latency 1 + clog2(Inputs) cycles. Example: weights 3, -2, 5 with silent_i = 3'b010: the sum is 8.
`default_nettype none

module smx_gated_sum #(
    parameter Inputs     = 8,
    parameter WeightBits = 4,                             // signed
    parameter SumBits    = WeightBits + $clog2(Inputs)    // derived
) (
    input  wire                         clk_i,
    input  wire [Inputs-1:0]            silent_i,    // input i did not fire
    input  wire [Inputs*WeightBits-1:0] weights_i,
    output wire [SumBits-1:0]           sum_o        // signed
);
    wire [Inputs*WeightBits-1:0] gated;
    smx_weight_gate #(.Inputs(Inputs), .WeightBits(WeightBits)) u_gate (
        .clk_i(clk_i), .silent_i(silent_i), .weights_i(weights_i), .gated_o(gated));
    smx_adder_tree #(.Inputs(Inputs), .Width(WeightBits)) u_tree (
        .clk_i(clk_i), .terms_i(gated), .sum_o(sum_o));
endmodule

`default_nettype wire
