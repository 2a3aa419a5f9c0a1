// smx_adder_tree: sum of Inputs signed terms, one register a level, latency clog2(Inputs) cycles.
`default_nettype none

module smx_adder_tree #(
    parameter Inputs  = 8,
    parameter Width   = 4,                      // bits of a term, signed
    parameter Levels  = $clog2(Inputs),         // derived
    parameter SumBits = Width + Levels          // derived
) (
    input  wire                    clk_i,
    input  wire [Inputs*Width-1:0] terms_i,
    output wire [SumBits-1:0]      sum_o
);
    genvar l;
    generate
        if (Levels == 0) begin : g_single
            assign sum_o = terms_i;
            wire unused = &{1'b0, clk_i};
        end else begin : g_tree
            for (l = 0; l < Levels; l = l + 1) begin : g_level
                localparam Count = (Inputs + (1 << l) - 1) >> l;
                wire [Count*(Width+l)-1:0]           terms;
                wire [((Count+1)/2)*(Width+l+1)-1:0] sums;
                if (l == 0) begin : g_first
                    assign terms = terms_i;
                end else begin : g_next
                    assign terms = g_level[l-1].sums;
                end
                smx_adder_level #(.Count(Count), .Width(Width + l)) u_level (
                    .clk_i(clk_i), .terms_i(terms), .sums_o(sums));
            end
            assign sum_o = g_level[Levels-1].sums;
        end
    endgenerate
endmodule

`default_nettype wire
