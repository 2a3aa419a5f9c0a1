// smx_crc16: one byte of a CRC-16 with the polynomial x^16 + x^12 + x^5 + 1, highest bit first.
//
// Start with 16'hffff. The bytes of "123456789" then leave 16'h29b1.
// Eight steps of the shift register at once: with x = high byte ^ data and x ^= x >> 4, the new value is
// (crc << 8) ^ (x << 12) ^ (x << 5) ^ x.
`default_nettype none

module smx_crc16 (
    input  wire [15:0] crc_i,
    input  wire [7:0]  data_i,
    output wire [15:0] crc_o
);
    wire [7:0] mixed  = crc_i[15:8] ^ data_i;
    wire [7:0] folded = mixed ^ {4'd0, mixed[7:4]};
    assign crc_o = {crc_i[7:0], 8'd0} ^ {folded[3:0], 12'd0} ^ {3'd0, folded, 5'd0} ^ {8'd0, folded};
endmodule

`default_nettype wire
