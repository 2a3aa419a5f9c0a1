// smx_ternary_nine: sum of up to nine signed weights of 2 to 4 bits, in offset binary, two ternary adders behind each other.
//
// Unsigned sums need a LUT less, as their top bit is a carry. A flipped sign bit adds 2**(Width-1) to a weight, so to nine
// weights together, and adders add what is left to the half of the range, 2**(Width+3), in places that cost nothing:
// sum_o is the sum with its top bit inverted. Up to three weights are summed as they are. Latency 2 cycles.
// Example: Width = 4: weights -8, 3, 0 and 0: 37 and 42 and a constant 42, + 2 = 128 - 5, which is 8'b0111_1011.
`default_nettype none

module smx_ternary_nine #(
    parameter Count = 9,   // weights, the others are zero
    parameter Width = 4
) (
    input  wire                   clk_i,
    input  wire [Count*Width-1:0] terms_i,
    output wire [Width+3:0]       sum_o
);
    // 9 * 2**(Width-1) + 3 * (2**Width + Low) + Last = 2**(Width+3)
    localparam Low  = Width - 2;
    localparam Last = 2**(Width-1) - 3*Low;
    // three weights that are zero
    localparam Zero = 3 * 2**(Width-1) + 2**Width + Low;

    reg  [Width+3:0] sum_q;
    wire [Width+3:0] sum;
    genvar i;
    generate
        if (Count <= 3) begin : g_few
            wire [Width+1:0] three;
            smx_ternary_level #(.Count(Count), .Width(Width)) u_level (
                .clk_i(clk_i), .terms_i(terms_i), .sums_o(three));
            assign sum = {!three[Width+1], three[Width+1], three};
        end else begin : g_many
            wire [9*Width-1:0]     terms;
            wire [3*(Width+2)-1:0] sums;
            if (Count == 9) begin : g_all
                assign terms = terms_i;
            end else begin : g_pad
                assign terms = {{((9 - Count)*Width){1'b0}}, terms_i};
            end
            for (i = 0; i < 3; i = i + 1) begin : g_three
                if (3 * i < Count) begin : g_add
                    wire [Width+1:0] three;
                    reg  [Width+1:0] three_q;
                    smx_add3 #(.From(Width), .To(Width + 2), .Flip(1), .Extra(2**Width + Low)) u_add (
                        .a_i(terms[3*i*Width +: Width]), .b_i(terms[(3*i+1)*Width +: Width]),
                        .c_i(terms[(3*i+2)*Width +: Width]), .sum_o(three));
                    always @(posedge clk_i) three_q <= three;
                    assign sums[i*(Width+2) +: Width+2] = three_q;
                end else begin : g_none
                    assign sums[i*(Width+2) +: Width+2] = Zero[Width+1:0];
                    wire unused = &{1'b0, terms[3*i*Width +: 3*Width]};
                end
            end
            smx_add3 #(.From(Width + 2), .To(Width + 4), .Extra(Last)) u_add (
                .a_i(sums[0 +: Width+2]), .b_i(sums[Width+2 +: Width+2]), .c_i(sums[2*(Width+2) +: Width+2]),
                .sum_o(sum));
        end
    endgenerate
    always @(posedge clk_i) sum_q <= sum;
    assign sum_o = sum_q;
endmodule

`default_nettype wire
