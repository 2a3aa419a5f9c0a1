// smx_weight_gate: a register for each weight, zero where its input did not fire.
//
// The gate is the synchronous reset of the weight register, which costs no LUT. Flip-flops are reset by a one: the
// input says which weights are silent, so that no part needs an inverter in front of each register.
// Example: weights 3, -2, 5 with silent_i = 3'b010 are 3, 0, 5 a cycle later.
`default_nettype none

module smx_weight_gate #(
    parameter Inputs     = 8,
    parameter WeightBits = 4
) (
    input  wire                         clk_i,
    input  wire [Inputs-1:0]            silent_i,    // input i did not fire
    input  wire [Inputs*WeightBits-1:0] weights_i,
    output wire [Inputs*WeightBits-1:0] gated_o
);
    genvar i;
    generate
        for (i = 0; i < Inputs; i = i + 1) begin : g_gate
            reg [WeightBits-1:0] weight_q;
            always @(posedge clk_i) begin
                if (silent_i[i]) weight_q <= {WeightBits{1'b0}};
                else             weight_q <= weights_i[i*WeightBits +: WeightBits];
            end
            assign gated_o[i*WeightBits +: WeightBits] = weight_q;
        end
    endgenerate
endmodule

`default_nettype wire
