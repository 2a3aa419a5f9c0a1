// smx_lif: leaky integrate-and-fire neuron, tau = 2, hard reset, one timestep a cycle. Latency 1 cycle.
//
//   acc = v + current;   fire = acc >= theta2;   v' = fire ? 0 : max(acc >> 1, -2**(ClampBits-1));   v = 0 at first_i
//
// theta2 is twice the threshold, so that the halving needs no fractional bit. The membrane lives in this register
// alone: all timesteps of a neuron pass before the next neuron.
`default_nettype none

module smx_lif #(
    parameter CurrentBits  = 16,   // signed, units 2**-F
    parameter ThetaBits    = 10,   // unsigned, units 2**-F
    parameter ClampBits    = 10,   // M
    parameter MembraneBits = 10    // signed: max(M, 1 + ceil(log2(max theta2 / 2)))
) (
    input  wire                   clk_i,
    input  wire                   first_i,     // first timestep: the membrane starts at 0
    input  wire [CurrentBits-1:0] current_i,
    input  wire [ThetaBits-1:0]   theta2_i,
    output wire                   spike_o
);
    localparam WideBits = (CurrentBits > MembraneBits) ? CurrentBits : MembraneBits;
    localparam SumBits  = ((WideBits > ThetaBits) ? WideBits : ThetaBits) + 1;

    reg  [MembraneBits-1:0] membrane_q;
    reg                     spike_q;

    wire signed [SumBits-1:0] current, membrane;
    wire [MembraneBits-1:0]   start = first_i ? {MembraneBits{1'b0}} : membrane_q;
    smx_resize #(.From(CurrentBits), .To(SumBits)) u_current (.data_i(current_i), .data_o(current));
    smx_resize #(.From(MembraneBits), .To(SumBits)) u_membrane (.data_i(start), .data_o(membrane));

    wire signed [SumBits-1:0] acc    = membrane + current;
    wire signed [SumBits-1:0] theta2 = $signed({{(SumBits - ThetaBits){1'b0}}, theta2_i});
    wire                      fire   = acc >= theta2;
    // Below the clamp when the sign is set and not all bits down to the clamp's sign bit are.
    wire signed [SumBits-1:0] half   = acc >>> 1;
    wire                      below  = half[SumBits-1] && !(&half[SumBits-1:ClampBits-1]);
    wire [MembraneBits-1:0]   clamp  = {{(MembraneBits - ClampBits + 1){1'b1}}, {(ClampBits - 1){1'b0}}};

    always @(posedge clk_i) begin
        membrane_q <= fire ? {MembraneBits{1'b0}} : below ? clamp : half[MembraneBits-1:0];
        spike_q    <= fire;
    end
    assign spike_o = spike_q;
endmodule

`default_nettype wire
