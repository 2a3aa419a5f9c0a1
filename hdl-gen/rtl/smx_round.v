// smx_round: arithmetic right shift by a constant with rounding to nearest, ties up, and an addend behind it:
// floor((x + carry) / 2**Drop + 1/2) + addend, in one addition, because the addend has no bits below 2**Drop and the half
// none beside one. Example with Drop = 2, addend 3: x = 6: (6 + 2 + 12) >> 2 = 5 = floor(6/4 + 1/2) + 3.
`default_nettype none

module smx_round #(
    parameter Width = 16,   // of the result; everything above wraps
    parameter Drop  = 4     // fractional bits dropped
) (
    input  wire [Width+Drop-1:0] data_i,
    input  wire [Width-1:0]      addend_i,
    input  wire                  carry_i,   // one more in the last place of data_i: completes a negation
    output wire [Width-1:0]      data_o
);
    generate
        if (Drop == 0) begin : g_whole
            assign data_o = data_i + addend_i + {{(Width-1){1'b0}}, carry_i};
        end else if (Drop == 1) begin : g_half
            // the half and the carry share the last bit
            wire [Width:0] sum = data_i + {addend_i, 1'b1} + {{Width{1'b0}}, carry_i};
            assign data_o = sum[Width:1];
            wire unused = sum[0];
        end else begin : g_round
            wire [Drop-1:0]       below = {1'b1, {(Drop-1){1'b0}}} | {{(Drop-1){1'b0}}, carry_i};
            wire [Width+Drop-1:0] sum   = data_i + {addend_i, below};
            assign data_o = sum[Width+Drop-1:Drop];
            wire unused = &{1'b0, sum[Drop-1:0]};
        end
    endgenerate
endmodule

`default_nettype wire
