// smx_event_lif: smx_lif for neurons whose membranes wait in a memory: one neuron and timestep a cycle, in two stages.
//
//   stage 0   acc = v + current
//   stage 1   fire = acc >= theta2;   v' = fire ? 0 : max(acc >> 1, -2**(ClampBits-1)), to be stored at its end
`default_nettype none

module smx_event_lif #(
    parameter CurrentBits  = 16,   // signed, units 2**-F
    parameter ThetaBits    = 10,   // unsigned, units 2**-F
    parameter ClampBits    = 10,   // M
    parameter MembraneBits = 10    // signed: max(M, 1 + ceil(log2(max theta2 / 2)))
) (
    input  wire                    clk_i,
    // stage 0
    input  wire [MembraneBits-1:0] membrane_i,     // zero in the first timestep
    input  wire [CurrentBits-1:0]  current_i,
    // stage 1
    input  wire [ThetaBits-1:0]    theta2_i,
    output wire [MembraneBits-1:0] membrane_o,
    output wire                    spike_o       // stage 2
);
    localparam WideBits = (CurrentBits > MembraneBits) ? CurrentBits : MembraneBits;
    localparam SumBits  = ((WideBits > ThetaBits) ? WideBits : ThetaBits) + 1;

    wire [SumBits-1:0] current, membrane;
    smx_resize #(.From(CurrentBits), .To(SumBits)) u_current (.data_i(current_i), .data_o(current));
    smx_resize #(.From(MembraneBits), .To(SumBits)) u_membrane (.data_i(membrane_i), .data_o(membrane));
    reg signed [SumBits-1:0] acc_q;
    always @(posedge clk_i) acc_q <= membrane + current;

    wire signed [SumBits-1:0] theta2 = $signed({{(SumBits - ThetaBits){1'b0}}, theta2_i});
    wire                      fire   = acc_q >= theta2;
    // Below the clamp when the sign is set and not all bits down to the clamp's sign bit are.
    wire signed [SumBits-1:0] half   = acc_q >>> 1;
    wire                      below  = half[SumBits-1] && !(&half[SumBits-1:ClampBits-1]);
    wire [MembraneBits-1:0]   clamp  = {{(MembraneBits - ClampBits + 1){1'b1}}, {(ClampBits - 1){1'b0}}};
    assign membrane_o = fire ? {MembraneBits{1'b0}} : below ? clamp : half[MembraneBits-1:0];

    reg spike_q;
    always @(posedge clk_i) spike_q <= fire;
    assign spike_o = spike_q;
endmodule

`default_nettype wire
