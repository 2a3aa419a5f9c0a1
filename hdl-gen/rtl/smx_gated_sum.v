// smx_gated_sum: sum of the weights whose inputs fired, weights free to change every cycle.
//
// The gate is the synchronous reset of the weight register, which costs no LUT. Flip-flops are reset by a one: the
// input says which weights are silent, so that no part needs an inverter in front of each register.
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
    genvar i;
    generate
        for (i = 0; i < Inputs; i = i + 1) begin : g_gate
            reg [WeightBits-1:0] weight_q;
            always @(posedge clk_i) begin
                if (silent_i[i]) weight_q <= {WeightBits{1'b0}};
                else             weight_q <= weights_i[i*WeightBits +: WeightBits];
            end
            assign gated[i*WeightBits +: WeightBits] = weight_q;
        end
    endgenerate

    smx_adder_tree #(.Inputs(Inputs), .Width(WeightBits)) u_tree (
        .clk_i(clk_i), .terms_i(gated), .sum_o(sum_o));
endmodule

`default_nettype wire
