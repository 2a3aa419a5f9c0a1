// smx_add3 for 7 series and UltraScale+: a LUT6_2 a bit, which Yosys does not find in a sum of three.
//
// Bit i of a LUT's two outputs: the sum of three bits and the majority of those below, which is what the carry chain
// propagates, and the majority of its own three bits for the LUT above. UltraScale+ takes CARRY4, too, as Yosys emits it.
`default_nettype none

module smx_add3 #(
    parameter Width = 8
) (
    input  wire [Width-1:0] a_i,
    input  wire [Width-1:0] b_i,
    input  wire [Width-1:0] c_i,
    output wire [Width-1:0] sum_o
);
    localparam Chains = (Width + 3) / 4;
    localparam Pad    = 4 * Chains - Width;

    wire [Width-1:0]    propagate;
    wire [Width:0]      majority;   // bit i + 1: of the three bits i
    wire [4*Chains-1:0] select, below, sums;
    wire [4*Chains:0]   carry;
    assign majority[0] = 1'b0;
    assign carry[0]    = 1'b0;

    genvar i;
    generate
        for (i = 0; i < Width; i = i + 1) begin : g_bit
            // O6 = I0 ^ I1 ^ I2 ^ I3, O5 = majority of I0, I1, I2
            LUT6_2 #(.INIT(64'h6996_6996_E8E8_E8E8)) u_lut (
                .I0(a_i[i]), .I1(b_i[i]), .I2(c_i[i]), .I3(majority[i]), .I4(1'b0), .I5(1'b1),
                .O6(propagate[i]), .O5(majority[i + 1]));
        end
        if (Pad == 0) begin : g_whole
            assign {select, below} = {propagate, majority[Width-1:0]};
        end else begin : g_pad
            assign select = {{Pad{1'b0}}, propagate};
            assign below  = {{Pad{1'b0}}, majority[Width-1:0]};
        end
        for (i = 0; i < Chains; i = i + 1) begin : g_chain
            CARRY4 u_carry (
                .CI(carry[4*i]), .CYINIT(1'b0), .S(select[4*i +: 4]), .DI(below[4*i +: 4]),
                .O(sums[4*i +: 4]), .CO(carry[4*i + 1 +: 4]));
        end
    endgenerate
    assign sum_o = sums[Width-1:0];
endmodule

`default_nettype wire
