// smx_uart_frame_tx: wraps a payload into a reply frame and feeds it to the transmitter, byte by byte.
//
// A frame: 8'ha5 8'h5a, type, tag, length (4 bytes, lowest first), payload, CRC-16 (2 bytes, lowest first) of type to
// payload. The payload is asked for by number: payload_i is byte index_o, and it may take its time to become valid.
//
//   ERROR, tag 7, code 4:   bytes a5 5a ff 07 01 00 00 00 04 2b 76
`default_nettype none

module smx_uart_frame_tx #(
    parameter LengthBits = 8   // bits of a payload length, at most 32
) (
    input  wire                  clk_i,
    input  wire                  rst_i,
    // the frame; all of it holds from start_i to done_o
    input  wire                  start_i,           // pulse while ready_o
    output wire                  ready_o,           // no frame is under way
    input  wire [7:0]            type_i,
    input  wire [7:0]            tag_i,
    input  wire [LengthBits-1:0] length_i,          // at least 1
    output wire [LengthBits-1:0] index_o,
    input  wire                  payload_valid_i,
    input  wire [7:0]            payload_i,
    output wire                  payload_take_o,    // pulse: byte index_o has been taken
    output wire                  done_o,            // pulse: the last byte has been taken
    // to smx_uart_tx
    output wire                  byte_valid_o,
    input  wire                  byte_ready_i,
    output wire [7:0]            byte_o
);
    localparam Idle = 3'd0, Header = 3'd1, Payload = 3'd2, CrcLow = 3'd3, CrcHigh = 3'd4;

    reg [2:0]            state_q;
    reg [2:0]            field_q;    // byte of the header
    reg [LengthBits-1:0] index_q;
    reg [15:0]           crc_q;
    wire take = byte_valid_o && byte_ready_i;
    wire last = index_q == length_i - 1'b1;

    always @(posedge clk_i) begin
        if (rst_i) state_q <= Idle;
        else if (state_q == Idle) begin
            if (start_i) state_q <= Header;
        end else if (take) case (state_q)
            Header:  if (field_q == 3'd7) state_q <= Payload;
            Payload: if (last) state_q <= CrcLow;
            CrcLow:  state_q <= CrcHigh;
            default: state_q <= Idle;
        endcase
    end

    wire [15:0] crc_next;
    smx_crc16 u_crc (.crc_i(crc_q), .data_i(byte_o), .crc_o(crc_next));
    always @(posedge clk_i) begin
        if (state_q == Idle) begin
            field_q <= 3'd0;
            index_q <= {LengthBits{1'b0}};
            crc_q   <= 16'hffff;
        end else if (take) begin
            if (state_q == Header)  field_q <= field_q + 1'b1;
            if (state_q == Payload) index_q <= index_q + 1'b1;
            if ((state_q == Header && field_q[2:1] != 2'd0) || state_q == Payload) crc_q <= crc_next;
        end
    end

    wire [63:0] header = {{(32 - LengthBits){1'b0}}, length_i, tag_i, type_i, 8'h5a, 8'ha5};
    assign byte_o = state_q == Header  ? header[{field_q, 3'd0} +: 8]
                  : state_q == Payload ? payload_i
                  : state_q == CrcLow  ? crc_q[7:0] : crc_q[15:8];
    assign byte_valid_o   = state_q != Idle && (state_q != Payload || payload_valid_i);
    assign ready_o        = state_q == Idle;
    assign index_o        = index_q;
    assign payload_take_o = take && state_q == Payload;
    assign done_o         = take && state_q == CrcHigh;
endmodule

`default_nettype wire
