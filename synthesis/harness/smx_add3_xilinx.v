// smx_add3 for 7 series and UltraScale+: a LUT6_2 a bit, which Yosys does not find in a sum of three.
//
// Bit i of a LUT's two outputs: the sum of three bits and the majority of those below, which is what the carry chain
// propagates, and the majority of its own three bits for the LUT above. Signed terms end with bit To-1; unsigned ones with
// bit From, which has the majority below alone, and its carry is bit From+1. Extra is added to the lowest bit as the
// majority below and as carry, and to bit From of unsigned terms by a flipped one. UltraScale+ takes CARRY4, too, as Yosys
// emits it.
`default_nettype none

module smx_add3 #(
    parameter From   = 8,
    parameter To     = 8,   // unsigned: From, or From + 2
    parameter Signed = 0,
    parameter Flip   = 0,
    parameter Extra  = 0    // 0 to 2; of unsigned terms also 2**From more
) (
    input  wire [From-1:0] a_i,
    input  wire [From-1:0] b_i,
    input  wire [From-1:0] c_i,
    output wire [To-1:0]   sum_o
);
    localparam Unsigned = To > From && Signed == 0;
    localparam Places   = Unsigned ? From + 1 : To;   // of the carry chain
    localparam Full     = Unsigned ? From : To;       // of them with three bits
    localparam Chains   = (Places + 3) / 4;
    localparam Lowest   = Extra % 2**From;
    localparam [63:0] Sum     = 64'h6996_6996_E8E8_E8E8;   // O6 = I0 ^ I1 ^ I2 ^ I3, O5 = majority of I0, I1, I2
    localparam [63:0] Flipped = 64'h9669_9669_1717_1717;   // the same of inverted I0, I1, I2

    wire [Full:0]       majority;   // bit i + 1: of the three bits i
    wire [4*Chains-1:0] select, below, sums;
    wire [4*Chains:0]   carry;   // the one that comes into the chain has a pin of its own
    assign majority[0] = Lowest >= 1;
    assign carry[0]    = Lowest == 2;

    genvar i;
    generate
        for (i = 0; i < 4*Chains; i = i + 1) begin : g_bit
            localparam Bit = i < From ? i : From - 1;
            if (i < Full) begin : g_three
                LUT6_2 #(.INIT(Flip != 0 && i >= From - 1 ? Flipped : Sum)) u_lut (
                    .I0(a_i[Bit]), .I1(b_i[Bit]), .I2(c_i[Bit]), .I3(majority[i]), .I4(1'b0), .I5(1'b1),
                    .O6(select[i]), .O5(majority[i + 1]));
                assign below[i] = majority[i];
            end else if (i < Places) begin : g_last
                LUT1 #(.INIT(Extra >= 2**From ? 2'b01 : 2'b10)) u_lut (.I0(majority[i]), .O(select[i]));
                assign below[i] = Extra >= 2**From ? majority[i] : 1'b0;
            end else begin : g_none
                assign {select[i], below[i]} = 2'b00;
            end
        end
        for (i = 0; i < Chains; i = i + 1) begin : g_chain
            CARRY4 u_carry (
                .CI(i == 0 ? 1'b0 : carry[4*i]), .CYINIT(i == 0 && carry[0]), .S(select[4*i +: 4]), .DI(below[4*i +: 4]),
                .O(sums[4*i +: 4]), .CO(carry[4*i + 1 +: 4]));
        end
        if (Unsigned) begin : g_unsigned
            assign sum_o = {carry[Places], sums[Places-1:0]};
        end else begin : g_signed
            assign sum_o = sums[To-1:0];
        end
    endgenerate
endmodule

`default_nettype wire
