// smx_event_neuron: data path of one neuron of the event-driven style: one trip around a shifter and an adder a cycle.
//
//   r = (x << shift) + addend,   x = accumulator, state or zero,   value = r >> Fraction
//
// A plain layer takes one trip: x = acc, addend = bias and the half of the rounding; its value is ALIGN(acc, e) + bias.
// Sums (pixels, head) add shifted accumulators to the state. The token scale m = +-2**e * (2**d +- 1) of a second Linear
// is three trips: state = value; state = (state << d) +- state; value = (state << e) + token bias and half. Where all are
// powers of two, the second one is left out, and the value keeps its place in the state. Its sign, and that of a first
// Linear, negate the value behind the rounding, for which the half is one less in the last place.
//
//   stage 2  accumulator or state                  3  shift; addend            4  r, the next state
//         5  value, residual or token bias: current    6  membrane             7  fire                  8  spike
`default_nettype none

module smx_event_neuron #(
    parameter AccBits       = 10,   // signed
    parameter Identity      = 0,    // 1: the network has identity layers (variant without SPE)
    parameter ShiftBits     = 4,
    parameter ShiftDrop     = 3,    // shift_i counts from -ShiftDrop
    parameter SumBits       = 19,   // signed: r and the state
    parameter Fraction      = 4,    // at least 1 and S
    parameter KeepFraction  = 0,    // 1: a kept value has its place above Fraction zeros, as r
    parameter BiasBits      = 10,
    parameter TokenBiasBits = 10,
    parameter CurrentBits   = 16,
    parameter ThetaBits     = 10,
    parameter ClampBits     = 10,
    parameter MembraneBits  = 10
) (
    input  wire                     clk_i,
    // stage 2
    input  wire                     enable_i,            // x is not zero
    input  wire                     state_i,             // x is the state
    input  wire [AccBits-1:0]       acc_i,
    input  wire                     identity_i,          // acc is a spike of weight identity_weight_i
    input  wire [7:0]               identity_weight_i,
    input  wire [SumBits-1:0]       state_data_i,
    input  wire [ShiftBits-1:0]     shift_i,
    // stage 3
    input  wire                     add_bias_i,
    input  wire                     add_state_i,
    input  wire                     add_token_i,         // token bias; none of the three: zero
    input  wire                     subtract_i,          // with add_state_i
    input  wire [BiasBits-1:0]      bias_i,
    input  wire [TokenBiasBits-1:0] token_bias_i,
    input  wire                     negative_i,
    // stage 4
    input  wire                     keep_value_i,        // the state is the value, else r
    output wire [SumBits-1:0]       state_data_o,        // to be stored at the end of the stage
    // stage 5
    output wire [SumBits-1:0]       sum_o,               // r
    input  wire                     negate_i,
    input  wire [CurrentBits-1:0]   other_i,             // residual or token bias
    // stage 6
    input  wire [MembraneBits-1:0]  membrane_i,
    output wire [CurrentBits-1:0]   current_o,
    // stage 7
    input  wire [ThetaBits-1:0]     theta2_i,
    output wire [MembraneBits-1:0]  membrane_o,
    output wire                     spike_o              // stage 8
);
    // ---- stage 2
    localparam FullBits = SumBits + ShiftDrop;
    wire [SumBits-1:0] acc;
    generate
        if (Identity != 0) begin : g_identity
            localparam WideBits = (AccBits > 8) ? AccBits : 8;
            wire [7:0] gated = identity_weight_i & {8{acc_i[0]}};
            wire [WideBits-1:0] weight, plain;
            smx_resize #(.From(8), .To(WideBits)) u_weight (.data_i(gated), .data_o(weight));
            smx_resize #(.From(AccBits), .To(WideBits)) u_plain (.data_i(acc_i), .data_o(plain));
            wire [WideBits-1:0] chosen = identity_i ? weight : plain;
            smx_resize #(.From(WideBits), .To(SumBits)) u_acc (.data_i(chosen), .data_o(acc));
        end else begin : g_plain
            smx_resize #(.From(AccBits), .To(SumBits)) u_acc (.data_i(acc_i), .data_o(acc));
            wire unused = &{1'b0, identity_i, identity_weight_i};
        end
    endgenerate
    reg [SumBits-1:0]   x_q, state_q;
    reg [ShiftBits-1:0] shift_q;
    always @(posedge clk_i) begin
        x_q     <= (state_i ? state_data_i : acc) & {SumBits{enable_i}};
        state_q <= state_data_i;
        shift_q <= shift_i;
    end

    // ---- stage 3
    wire [FullBits-1:0] x_full;
    smx_resize #(.From(SumBits), .To(FullBits)) u_full (.data_i(x_q), .data_o(x_full));
    wire [FullBits-1:0] shifted = x_full << shift_q;
    wire [SumBits-1:0]  bias_ext, token_ext, bias, token;
    smx_resize #(.From(BiasBits), .To(SumBits)) u_bias (.data_i(bias_i), .data_o(bias_ext));
    smx_resize #(.From(TokenBiasBits), .To(SumBits)) u_token (.data_i(token_bias_i), .data_o(token_ext));
    assign bias[SumBits-1:Fraction]  = bias_ext[SumBits-Fraction-1:0];
    assign bias[Fraction-1]          = 1'b1;
    assign token[SumBits-1:Fraction] = token_ext[SumBits-Fraction-1:0];
    assign token[Fraction-1]         = !negative_i;
    generate
        if (Fraction > 1) begin : g_below_half
            assign bias[Fraction-2:0]  = {(Fraction-1){1'b0}};
            assign token[Fraction-2:0] = {(Fraction-1){negative_i}};
        end
        if (ShiftDrop > 0) begin : g_dropped
            wire unused = &{1'b0, shifted[ShiftDrop-1:0]};
        end
    endgenerate
    wire unused_sign = &{1'b0, bias_ext[SumBits-1:SumBits-Fraction], token_ext[SumBits-1:SumBits-Fraction]};
    reg [SumBits-1:0] shifted_q, addend_q;
    reg               carry_q;
    always @(posedge clk_i) begin
        shifted_q <= shifted[FullBits-1:ShiftDrop];
        addend_q  <= (bias & {SumBits{add_bias_i}}) | (token & {SumBits{add_token_i}})
                   | ((state_q ^ {SumBits{subtract_i}}) & {SumBits{add_state_i}});
        carry_q   <= subtract_i && add_state_i;
    end

    // ---- stage 4
    wire signed [SumBits-1:0] r     = shifted_q + addend_q + {{(SumBits-1){1'b0}}, carry_q};
    generate
        if (KeepFraction != 0) begin : g_in_place
            assign state_data_o = {r[SumBits-1:Fraction], r[Fraction-1:0] & {Fraction{!keep_value_i}}};
        end else begin : g_moved
            wire signed [SumBits-1:0] kept = r >>> Fraction;
            assign state_data_o = keep_value_i ? kept : r;
        end
    endgenerate
    reg signed [SumBits-1:0] r_q;
    always @(posedge clk_i) r_q <= r;
    assign sum_o = r_q;

    // ---- stage 5
    wire signed [SumBits-1:0] value = r_q >>> Fraction;
    wire [CurrentBits-1:0] value_ext;
    smx_resize #(.From(SumBits), .To(CurrentBits)) u_value (.data_i(value), .data_o(value_ext));
    reg [CurrentBits-1:0] current_q;
    always @(posedge clk_i) begin
        current_q <= (value_ext ^ {CurrentBits{negate_i}}) + other_i + {{(CurrentBits-1){1'b0}}, negate_i};
    end
    assign current_o = current_q;

    smx_event_lif #(.CurrentBits(CurrentBits), .ThetaBits(ThetaBits), .ClampBits(ClampBits),
                    .MembraneBits(MembraneBits)) u_lif (
        .clk_i(clk_i), .membrane_i(membrane_i), .current_i(current_q),
        .theta2_i(theta2_i), .membrane_o(membrane_o), .spike_o(spike_o));
endmodule

`default_nettype wire
