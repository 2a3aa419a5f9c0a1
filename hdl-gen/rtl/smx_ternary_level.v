// smx_ternary_level: one registered level of a tree of ternary adders: sums signed terms by three.
//
// What is left over at the end is a sum of two, or one term that passes.
// Example: Count = 4, Width = 4: sums_o holds the sum of terms 0 to 2 and term 3, each of 6 bits.
`default_nettype none

module smx_ternary_level #(
    parameter Count   = 8,            // terms in
    parameter Width   = 4,            // bits of a term, signed
    parameter SumBits = Width + 2,    // bits that hold the sum of any three
    parameter Flip    = 0             // 1: the top bit of each term comes inverted
) (
    input  wire                             clk_i,
    input  wire [Count*Width-1:0]           terms_i,
    output wire [((Count+2)/3)*SumBits-1:0] sums_o
);
    localparam Zero = Flip == 0 ? 0 : 2**(Width-1);

    genvar i, j;
    generate
        for (i = 0; i < (Count + 2) / 3; i = i + 1) begin : g_sum
            wire [3*Width-1:0] terms;   // a missing one is zero
            for (j = 0; j < 3; j = j + 1) begin : g_term
                if (3 * i + j < Count) begin : g_given
                    assign terms[j*Width +: Width] = terms_i[(3*i+j)*Width +: Width];
                end else begin : g_none
                    assign terms[j*Width +: Width] = Zero[Width-1:0];
                end
            end
            reg  [SumBits-1:0] sum_q;
            wire [SumBits-1:0] sum;
            if (3 * i + 1 == Count) begin : g_pass
                smx_resize #(.From(Width), .To(SumBits)) u_resize (
                    .data_i(terms[0 +: Width] ^ Zero[Width-1:0]), .data_o(sum));
                wire unused = &{1'b0, terms[3*Width-1:Width]};
            end else begin : g_add
                smx_add3 #(.From(Width), .To(SumBits), .Signed(1), .Flip(Flip)) u_add (
                    .a_i(terms[0 +: Width]), .b_i(terms[Width +: Width]), .c_i(terms[2*Width +: Width]), .sum_o(sum));
            end
            always @(posedge clk_i) sum_q <= sum;
            assign sums_o[i*SumBits +: SumBits] = sum_q;
        end
    endgenerate
endmodule

`default_nettype wire
