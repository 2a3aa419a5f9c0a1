// smx_lif: leaky integrate-and-fire neuron, tau = 2, hard reset, one timestep a cycle. Latency 2 cycles.
//
//   acc = v + current;   fire = acc >= theta2;   v' = fire ? 0 : max(acc >> 1, -2**(ClampBits-1));   v = 0 at first_i
//
// theta2 is twice the threshold, so that the halving needs no fractional bit. The membrane lives in this register
// alone: all timesteps of a neuron pass before the next neuron. So the loop through it has one cycle; what can be known
// before is done in a cycle before: current - theta2, whose sum with v has the sign that says fire, and a current that
// is cut to the bits that acc needs. v is not chosen but reset: by the step's own outcome, or because the next step is a
// first one.
//
// The cut: -2**ClampBits - max v is as low as lower currents, because all of them end at the clamp. A current that is
// too high may wrap, because it fires. Example with ClampBits 4, v < 8: a current below -48 becomes one of -48 .. -33;
// acc < -25 is below the clamp as before, and 7 bits hold it.
`default_nettype none

module smx_lif #(
    parameter CurrentBits  = 16,   // signed, units 2**-F
    parameter ThetaBits    = 10,   // unsigned, units 2**-F
    parameter ClampBits    = 10,   // M
    parameter MembraneBits = 10    // signed: max(M, 1 + ceil(log2(max theta2 / 2)))
) (
    input  wire                   clk_i,
    input  wire                   first_i,     // with current_i: first timestep, the membrane starts at 0
    input  wire [CurrentBits-1:0] current_i,
    input  wire [ThetaBits-1:0]   theta2_i,    // with current_i
    output wire                   spike_o
);
    // The lowest current that matters is 1 - 2**LowestBits steps of 2**ClampBits: one step below the clamp, less the
    // largest membrane, and one for the cut.
    localparam LowestBits = (MembraneBits <= ClampBits + 1) ? 2
                          : (MembraneBits == ClampBits + 2) ? 3 : MembraneBits - ClampBits;
    localparam AccBits    = ClampBits + LowestBits + 1;
    localparam WideBits   = (CurrentBits > MembraneBits + 1) ? CurrentBits : MembraneBits + 1;
    localparam OverBits   = ((WideBits > ThetaBits) ? WideBits : ThetaBits) + 2;   // of acc - theta2

    // ---- first cycle: the current without what nobody asks, and less the threshold
    wire [AccBits-1:0] cut;
    generate
        if (CurrentBits >= AccBits) begin : g_cut
            wire [CurrentBits-ClampBits-1:0] top = current_i[CurrentBits-1:ClampBits];
            wire low = current_i[CurrentBits-1] && !(&top[CurrentBits-ClampBits-1:LowestBits] && |top[LowestBits-1:0]);
            localparam [LowestBits:0] Lowest = (1 << LowestBits) + 1;   // 1 - 2**LowestBits
            assign cut = {low ? Lowest : top[LowestBits:0], current_i[ClampBits-1:0]};
        end else begin : g_whole
            smx_resize #(.From(CurrentBits), .To(AccBits)) u_current (.data_i(current_i), .data_o(cut));
        end
    endgenerate
    wire [OverBits-1:0] current_wide;
    smx_resize #(.From(CurrentBits), .To(OverBits)) u_wide (.data_i(current_i), .data_o(current_wide));
    reg [AccBits-1:0]  current_q;
    reg [OverBits-1:0] over_q;
    always @(posedge clk_i) begin
        current_q <= cut;
        over_q    <= current_wide - {{(OverBits - ThetaBits){1'b0}}, theta2_i};
    end

    // ---- second cycle: the loop
    reg [MembraneBits-1:0] membrane_q;
    reg                    spike_q;
    wire [AccBits-1:0]     membrane_acc;
    wire [OverBits-1:0]    membrane_over;
    smx_resize #(.From(MembraneBits), .To(AccBits)) u_acc (.data_i(membrane_q), .data_o(membrane_acc));
    smx_resize #(.From(MembraneBits), .To(OverBits)) u_over (.data_i(membrane_q), .data_o(membrane_over));
    wire [AccBits-1:0]  acc   = membrane_acc + current_q;
    wire [OverBits-1:0] over  = membrane_over + over_q;
    wire                fire  = !over[OverBits-1];
    wire                below = acc[AccBits-1] && !(&acc[AccBits-1:ClampBits]);
    wire                zero  = fire || first_i;   // the step behind is in its first cycle
    wire                unused = &{1'b0, over[OverBits-2:0], acc};
    always @(posedge clk_i) begin
        if (zero || below) membrane_q[ClampBits-2:0] <= {(ClampBits-1){1'b0}};
        else               membrane_q[ClampBits-2:0] <= acc[ClampBits-1:1];
        if (zero)          membrane_q[MembraneBits-1:ClampBits-1] <= {(MembraneBits-ClampBits+1){1'b0}};
        else               membrane_q[MembraneBits-1:ClampBits-1] <= acc[MembraneBits:ClampBits] | {(MembraneBits-ClampBits+1){below}};
        spike_q <= fire;
    end
    assign spike_o = spike_q;
endmodule

`default_nettype wire
