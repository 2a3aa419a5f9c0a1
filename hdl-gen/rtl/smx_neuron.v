// smx_neuron: data path of one neuron: accumulator to spike, one (output, timestep) a cycle.
//
//   stage  1  acc, identity weight, shift, bias          -> smx_align        (2 cycles)
//          3  token digits                               -> smx_token_scale  (3 cycles)
//          5  token bias                                 -> its last cycle
//          6  residual                                   -> current
//          7  theta2, first                              -> smx_lif          (2 cycles)
//          9  spike
// Stage numbers count cycles from the step that selects the accumulator; smx_neuron_unit delivers each operand in its
// stage.
`default_nettype none

module smx_neuron #(
    parameter AccBits       = 12,
    parameter Identity      = 0,    // 1: the network has identity layers (variant without SPE)
    parameter ShiftBits     = 4,
    parameter RoundBits     = 0,
    parameter BiasBits      = 12,
    parameter AlignedBits   = 16,
    parameter Digits        = 2,
    parameter ExponentBits  = 4,
    parameter ProductBits   = 20,
    parameter ScaleFractionBits = 4,
    parameter TokenBiasBits = 12,
    parameter CurrentBits   = 16,
    parameter ThetaBits     = 10,
    parameter ClampBits     = 10,
    parameter MembraneBits  = 10
) (
    input  wire                               clk_i,
    // stage 1
    input  wire [AccBits-1:0]                 acc_i,
    input  wire                               identity_i,          // acc counts 0 or 1 spikes of weight identity_weight_i
    input  wire [7:0]                         identity_weight_i,
    input  wire [ShiftBits-1:0]               shift_i,
    input  wire [BiasBits-1:0]                bias_i,
    // stage 3
    input  wire [Digits*(ExponentBits+2)-1:0] digits_i,
    // stage 5
    input  wire [TokenBiasBits-1:0]           token_bias_i,
    // stage 6
    input  wire [CurrentBits-1:0]             residual_i,
    // stage 7
    input  wire                               first_i,
    input  wire [ThetaBits-1:0]               theta2_i,
    output wire [CurrentBits-1:0]             current_o,           // stage 7
    output wire                               spike_o              // stage 9
);
    wire [AccBits-1:0] acc;
    generate
        if (Identity != 0) begin : g_identity
            wire [7:0] gated = identity_weight_i & {8{acc_i[0]}};
            wire [AccBits-1:0] weight;
            smx_resize #(.From(8), .To(AccBits)) u_weight (.data_i(gated), .data_o(weight));
            assign acc = identity_i ? weight : acc_i;
        end else begin : g_plain
            assign acc = acc_i;
            wire unused = &{1'b0, identity_i, identity_weight_i};
        end
    endgenerate

    wire [AlignedBits-1:0] aligned;
    smx_align #(.AccBits(AccBits), .ShiftBits(ShiftBits), .RoundBits(RoundBits),
                .BiasBits(BiasBits), .AlignedBits(AlignedBits)) u_align (
        .clk_i(clk_i), .acc_i(acc), .shift_i(shift_i), .bias_i(bias_i), .aligned_o(aligned));

    wire [CurrentBits-1:0] scaled;
    smx_token_scale #(.AlignedBits(AlignedBits), .Digits(Digits), .ExponentBits(ExponentBits),
                      .ProductBits(ProductBits), .FractionBits(ScaleFractionBits),
                      .TokenBiasBits(TokenBiasBits), .CurrentBits(CurrentBits)) u_token_scale (
        .clk_i(clk_i), .aligned_i(aligned), .digits_i(digits_i), .token_bias_i(token_bias_i), .scaled_o(scaled));

    reg [CurrentBits-1:0] current_q;
    always @(posedge clk_i) current_q <= scaled + residual_i;
    assign current_o = current_q;

    smx_lif #(.CurrentBits(CurrentBits), .ThetaBits(ThetaBits), .ClampBits(ClampBits),
              .MembraneBits(MembraneBits)) u_lif (
        .clk_i(clk_i), .first_i(first_i), .current_i(current_q), .theta2_i(theta2_i), .spike_o(spike_o));
endmodule

`default_nettype wire
