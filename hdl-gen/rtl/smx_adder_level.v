// smx_adder_level: one registered level of a balanced adder tree: sums pairs of signed terms, an odd last term passes.
//
// Two-operand sums behind registers keep synthesis from building carry-save macros (1 LUT per adder bit, not 3).
// Example: Count = 3, Width = 4: sums_o holds term 0 + term 1 and term 2, each of 5 bits.
`default_nettype none

module smx_adder_level #(
    parameter Count = 8,   // terms in
    parameter Width = 4    // bits of a term, signed
) (
    input  wire                                   clk_i,
    input  wire [Count*Width-1:0]                 terms_i,
    output wire [((Count+1)/2)*(Width+1)-1:0]     sums_o
);
    genvar i;
    generate
        for (i = 0; i < (Count + 1) / 2; i = i + 1) begin : g_sum
            wire signed [Width-1:0] left = terms_i[2*i*Width +: Width];
            reg  signed [Width:0]   sum_q;
            if (2 * i + 1 < Count) begin : g_pair
                wire signed [Width-1:0] right = terms_i[(2*i+1)*Width +: Width];
                always @(posedge clk_i) sum_q <= left + right;
            end else begin : g_pass
                always @(posedge clk_i) sum_q <= {left[Width-1], left};
            end
            assign sums_o[i*(Width+1) +: Width+1] = sum_q;
        end
    endgenerate
endmodule

`default_nettype wire
