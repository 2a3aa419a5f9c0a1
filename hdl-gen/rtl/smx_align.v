// smx_align: ALIGN(acc, e) + bias: brings an accumulator to units 2**-F and adds the bias. Latency 2 cycles.
//
// With s = F - e, ALIGN shifts left by s, or right by -s with rounding to nearest, ties up. Every right shift in the
// network is at most RoundBits, so both are one left shift by shift_i = s + RoundBits and one constant right shift; the
// half of the rounding and the bias are one addend: (acc << (s + R) + 2**(R-1) + bias << R) >> R.
// Example with R = 2, bias 7: acc = 5, s = -1: (5 << 1 + 2 + 28) >> 2 = 10 = floor(5/2 + 1/2) + 7.
`default_nettype none

module smx_align #(
    parameter AccBits     = 12,   // signed
    parameter ShiftBits   = 4,    // bits of shift_i
    parameter RoundBits   = 0,    // R
    parameter BiasBits    = 12,   // signed, units 2**-F
    parameter AlignedBits = 20    // signed, units 2**-F; holds the result, so that sums may wrap before it
) (
    input  wire                   clk_i,
    input  wire [AccBits-1:0]     acc_i,
    input  wire [ShiftBits-1:0]   shift_i,
    input  wire [BiasBits-1:0]    bias_i,
    output wire [AlignedBits-1:0] aligned_o
);
    localparam Width = AlignedBits + RoundBits;

    wire signed [Width-1:0] acc_ext;
    smx_resize #(.From(AccBits), .To(Width)) u_acc (.data_i(acc_i), .data_o(acc_ext));

    reg signed [Width-1:0]    shifted_q;
    reg        [BiasBits-1:0] bias_q;
    always @(posedge clk_i) begin
        shifted_q <= acc_ext <<< shift_i;
        bias_q    <= bias_i;
    end

    wire [AlignedBits-1:0] bias_ext, aligned;
    smx_resize #(.From(BiasBits), .To(AlignedBits)) u_bias (.data_i(bias_q), .data_o(bias_ext));
    smx_round #(.Width(AlignedBits), .Drop(RoundBits)) u_round (
        .data_i(shifted_q), .addend_i(bias_ext), .carry_i(1'b0), .data_o(aligned));

    reg [AlignedBits-1:0] aligned_q;
    always @(posedge clk_i) aligned_q <= aligned;
    assign aligned_o = aligned_q;
endmodule

`default_nettype wire
