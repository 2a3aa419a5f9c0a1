// smx_token_scale: ((y * m_n + 2**(S-1)) >> S) + token_bias without a multiplier. Latency 3 cycles:
// shifted copies, their sum, rounding.
//
// m_n is a sum of Digits signed powers of two, so the product is a sum of shifted copies of y. A layer without token
// scale uses m_n = 2**S, a first Linear m_n = +-2**S: then the result is +-y + token_bias, exactly.
// Digit word: {nonzero, negative, exponent}.
`default_nettype none

module smx_token_scale #(
    parameter AlignedBits   = 16,   // signed, units 2**-F
    parameter Digits        = 2,
    parameter ExponentBits  = 4,
    parameter ProductBits   = 20,   // signed
    parameter FractionBits  = 4,    // S
    parameter TokenBiasBits = 12,   // signed, units 2**-F
    parameter CurrentBits   = 16    // signed, units 2**-F
) (
    input  wire                               clk_i,
    input  wire [AlignedBits-1:0]             aligned_i,
    input  wire [Digits*(ExponentBits+2)-1:0] digits_i,
    input  wire [TokenBiasBits-1:0]           token_bias_i,   // two cycles behind aligned_i
    output wire [CurrentBits-1:0]             scaled_o
);
    localparam DigitBits = ExponentBits + 2;

    wire [ProductBits-1:0] aligned_ext;
    smx_resize #(.From(AlignedBits), .To(ProductBits)) u_aligned (.data_i(aligned_i), .data_o(aligned_ext));

    // The first digit is negated as ones' complement; the one that is missing is the carry of the rounding.
    genvar d;
    generate
        for (d = 0; d < Digits; d = d + 1) begin : g_digit
            wire [DigitBits-1:0]   digit    = digits_i[d*DigitBits +: DigitBits];
            wire                   nonzero  = digit[ExponentBits+1];
            wire                   negative = digit[ExponentBits];
            wire [ProductBits-1:0] shifted  = aligned_ext << digit[ExponentBits-1:0];
            reg  [ProductBits-1:0] term_q;
            reg                    negative_q;
            always @(posedge clk_i) begin
                term_q     <= (shifted & {ProductBits{nonzero}}) ^ {ProductBits{negative}};
                negative_q <= negative;
            end
            wire [ProductBits-1:0] sum;   // of the digits up to this one, less the carry
            if (d == 0) begin : g_first
                assign sum = term_q;
            end else begin : g_next
                assign sum = g_digit[d-1].sum + term_q + {{(ProductBits-1){1'b0}}, negative_q};
            end
        end
    endgenerate

    reg [ProductBits-1:0] product_q;
    reg                   carry_q;
    always @(posedge clk_i) begin
        product_q <= g_digit[Digits-1].sum;
        carry_q   <= g_digit[0].negative_q;
    end

    wire [CurrentBits+FractionBits-1:0] product_ext;
    wire [CurrentBits-1:0] token_bias_ext, scaled;
    smx_resize #(.From(ProductBits), .To(CurrentBits + FractionBits)) u_product (
        .data_i(product_q), .data_o(product_ext));
    smx_resize #(.From(TokenBiasBits), .To(CurrentBits)) u_bias (.data_i(token_bias_i), .data_o(token_bias_ext));
    smx_round #(.Width(CurrentBits), .Drop(FractionBits)) u_round (
        .data_i(product_ext), .addend_i(token_bias_ext), .carry_i(carry_q), .data_o(scaled));

    reg [CurrentBits-1:0] scaled_q;
    always @(posedge clk_i) scaled_q <= scaled;
    assign scaled_o = scaled_q;
endmodule

`default_nettype wire
