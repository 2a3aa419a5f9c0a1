// smx_ternary_tree: two terms whose sum is that of Inputs signed terms, by ternary adders with a register a level.
//
// An accumulator adds both in one more ternary adder. Latency: levels until at most two terms are left, for up to 2, 6, 18,
// 54, 162 inputs 0 to 4 cycles. The sum of 3**l terms of Width bits has $clog2(3**l) bits more: 0, 2, 4, 5, 7, 8. The first
// two levels of narrow terms are smx_ternary_nine, whose sums have an inverted top bit.
// Example: 7 terms of 4 bits become 3, and these one of 8 bits; second_o is zero.
`default_nettype none

module smx_ternary_tree #(
    parameter Inputs  = 8,    // at most 486
    parameter Width   = 4,    // bits of a term, signed
    parameter OutBits = 12    // extended or, where the static bound allows it, cut to that
) (
    input  wire                    clk_i,
    input  wire [Inputs*Width-1:0] terms_i,
    output wire [OutBits-1:0]      first_o,
    output wire [OutBits-1:0]      second_o
);
    localparam Levels  = (Inputs > 2 ? 1 : 0) + (Inputs > 6 ? 1 : 0) + (Inputs > 18 ? 1 : 0) + (Inputs > 54 ? 1 : 0)
                       + (Inputs > 162 ? 1 : 0);
    localparam Skipped = Levels >= 2 && Width >= 2 && Width <= 4 ? 2 : 0;   // levels that are nines
    localparam SumBits = Width + $clog2(3**Levels);
    localparam Left    = (Inputs + 3**Levels - 1) / 3**Levels;
    localparam First   = (Inputs + 3**Skipped - 1) / 3**Skipped;
    localparam Bits    = Width + $clog2(3**Skipped);
    // what undoes the inverted bit of the last terms
    localparam Invert  = Skipped != 0 && Levels == Skipped ? 2**(SumBits-1) : 0;

    wire [First*Bits-1:0]   start;
    wire [Left*SumBits-1:0] left;
    genvar i, l;
    generate
        if (Skipped == 0) begin : g_terms
            assign start = terms_i;
        end else begin : g_nines
            for (i = 0; i < First; i = i + 1) begin : g_nine
                localparam Count = Inputs - 9*i < 9 ? Inputs - 9*i : 9;
                smx_ternary_nine #(.Count(Count), .Width(Width)) u_nine (
                    .clk_i(clk_i), .terms_i(terms_i[9*i*Width +: Count*Width]), .sum_o(start[i*Bits +: Bits]));
            end
        end
        for (l = Skipped; l < Levels; l = l + 1) begin : g_level
            localparam Count = (Inputs + 3**l - 1) / 3**l;
            localparam Own   = Width + $clog2(3**l);
            localparam Next  = Width + $clog2(3**(l+1));
            wire [Count*Own-1:0]          terms;
            wire [((Count+2)/3)*Next-1:0] sums;
            if (l == Skipped) begin : g_first
                assign terms = start;
            end else begin : g_next
                assign terms = g_level[l-1].sums;
            end
            smx_ternary_level #(.Count(Count), .Width(Own), .SumBits(Next), .Flip(l == Skipped && l != 0 ? 1 : 0)) u_level (
                .clk_i(clk_i), .terms_i(terms), .sums_o(sums));
        end
        if (Levels == Skipped) begin : g_short
            assign left = start;
            if (Levels == 0) begin : g_none
                wire unused = &{1'b0, clk_i};
            end
        end else begin : g_sums
            assign left = g_level[Levels-1].sums;
        end
        if (Left == 1) begin : g_one
            assign second_o = {OutBits{1'b0}};
        end else begin : g_two
            smx_resize #(.From(SumBits), .To(OutBits)) u_second (
                .data_i(left[SumBits +: SumBits] ^ Invert[SumBits-1:0]), .data_o(second_o));
        end
    endgenerate
    smx_resize #(.From(SumBits), .To(OutBits)) u_first (
        .data_i(left[0 +: SumBits] ^ Invert[SumBits-1:0]), .data_o(first_o));
endmodule

`default_nettype wire
