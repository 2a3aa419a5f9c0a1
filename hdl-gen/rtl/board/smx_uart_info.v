// smx_uart_info: the payload of an INFO reply, byte by byte: what the board holds.
//
//   byte  0  version of the protocol        byte  8  classes (16 bits)
//         1  0                                   10  timesteps (16 bits)
//         2  channels (16 bits)                  12  clock in kHz (32 bits)
//         4  height (16 bits)                    16  the first eight bytes of the model's SHA-256
//         6  width (16 bits)
// All numbers lowest byte first.
`default_nettype none

module smx_uart_info #(
    parameter Channels  = 1,
    parameter Height    = 16,
    parameter Width     = 16,
    parameter Classes   = 10,
    parameter Timesteps = 4,
    parameter ClockKHz  = 12000,
    parameter Digest0   = 0,      // bytes 0 and 1 of the digest, byte 0 in the low half
    parameter Digest1   = 0,
    parameter Digest2   = 0,
    parameter Digest3   = 0
) (
    input  wire [4:0] index_i,
    output wire [7:0] data_o
);
    localparam [31:0] Clock = ClockKHz;
    localparam Version = 8'd1;
    wire [255:0] bytes = {64'd0, Digest3[15:0], Digest2[15:0], Digest1[15:0], Digest0[15:0], Clock, Timesteps[15:0],
                          Classes[15:0], Width[15:0], Height[15:0], Channels[15:0], 8'd0, Version};
    assign data_o = bytes[{index_i, 3'd0} +: 8];
endmodule

`default_nettype wire
