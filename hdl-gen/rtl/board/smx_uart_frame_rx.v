// smx_uart_frame_rx: finds request frames in a stream of bytes and checks them.
//
// A frame: 8'ha5 8'h5a, type, tag, length (4 bytes, lowest first), payload, CRC-16 (2 bytes, lowest first) of type to
// payload; docs/board-protocol.md has the whole protocol. Two types come from the host:
//   8'h01 INFO, no payload          8'h02 IMAGE, ImageBytes of payload
// What is no frame is skipped until the two sync bytes. A frame that cannot be right is given up at once, and the search
// for sync bytes starts again behind it: an unknown type, a wrong length, a byte without its stop bit, TimeoutClocks
// without a byte. The payload is handed on before its checksum is known.
//
//   INFO, tag 7:   bytes a5 5a 01 07 00 00 00 00 64 2c    header_o behind the last 00, done_o behind 2c
`default_nettype none

module smx_uart_frame_rx #(
    parameter ImageBytes    = 256,      // payload of an IMAGE frame, at least 1
    parameter TimeoutClocks = 1200000   // longest pause within a frame
) (
    input  wire       clk_i,
    input  wire       rst_i,
    // from smx_uart_rx
    input  wire       byte_valid_i,
    input  wire [7:0] byte_i,
    input  wire       line_error_i,
    // the frame under way
    output wire       header_o,          // pulse: type and length are right
    output wire       image_o,           // it is an IMAGE, else an INFO; from header_o to the end
    output wire [7:0] tag_o,             // 0 as long as it is not known
    output wire       payload_valid_o,   // pulse
    output wire [7:0] payload_o,
    output wire       payload_last_o,
    // its end, one of them
    output wire       done_o,            // pulse: the checksum is right
    output wire       error_o,           // pulse: the frame was given up
    output wire [2:0] error_code_o       // 1 checksum, 2 length, 3 type, 5 cut, 6 line
);
    localparam ErrorChecksum = 3'd1, ErrorLength = 3'd2, ErrorType = 3'd3, ErrorCut = 3'd5, ErrorLine = 3'd6;
    localparam Hunt = 3'd0, Sync = 3'd1, Header = 3'd2, Payload = 3'd3, CrcLow = 3'd4, CrcHigh = 3'd5;
    localparam Sync0 = 8'ha5, Sync1 = 8'h5a, TypeInfo = 8'h01, TypeImage = 8'h02;
    localparam CountBits = $clog2(ImageBytes + 1), TimeBits = $clog2(TimeoutClocks + 1);
    localparam LastByte = ImageBytes - 1;
    localparam [31:0] ImageLength = ImageBytes;

    reg [2:0]           state_q;
    reg [2:0]           field_q;       // byte of the header: type, tag, four of length
    reg [7:0]           tag_q;
    reg                 known_q, image_q, length_right_q, crc_right_q;
    reg [CountBits-1:0] count_q;       // byte of the payload
    reg [15:0]          crc_q;
    reg [TimeBits-1:0]  time_q;        // clocks since the last byte

    wire in_frame  = state_q != Hunt && state_q != Sync;
    wire time_out  = time_q == TimeoutClocks[TimeBits-1:0];
    wire last_byte = count_q == LastByte[CountBits-1:0];
    wire [4:0] length_lsb  = {field_q[1:0] - 2'd2, 3'd0};
    wire [7:0] want_length = image_q ? ImageLength[length_lsb +: 8] : 8'd0;
    wire header_end   = state_q == Header && byte_valid_i && field_q == 3'd5;
    wire length_right = length_right_q && byte_i == want_length;
    wire frame_end    = state_q == CrcHigh && byte_valid_i;
    wire crc_right    = crc_right_q && byte_i == crc_q[15:8];

    // what went wrong in this cycle, if anything
    wire fail_type   = header_end && !known_q;
    wire fail_length = header_end && known_q && !length_right;
    wire fail_crc    = frame_end && !crc_right;
    wire fail_line   = in_frame && line_error_i;
    wire fail_cut    = in_frame && time_out && !byte_valid_i && !line_error_i;
    wire fail        = fail_type || fail_length || fail_crc || fail_line || fail_cut;

    always @(posedge clk_i) begin
        if (rst_i || fail || frame_end || line_error_i || (time_out && !byte_valid_i)) state_q <= Hunt;
        else if (byte_valid_i) case (state_q)
            Hunt:    if (byte_i == Sync0) state_q <= Sync;
            Sync:    if (byte_i != Sync0) state_q <= byte_i == Sync1 ? Header : Hunt;   // a5 a5 5a syncs, too
            Header:  if (header_end) state_q <= image_q ? Payload : CrcLow;
            Payload: if (last_byte) state_q <= CrcLow;
            default: state_q <= CrcHigh;
        endcase
    end

    wire [15:0] crc_next;
    smx_crc16 u_crc (.crc_i(crc_q), .data_i(byte_i), .crc_o(crc_next));
    always @(posedge clk_i) begin
        if (state_q == Hunt || state_q == Sync) begin
            field_q        <= 3'd0;
            tag_q          <= 8'd0;
            length_right_q <= 1'b1;
            count_q        <= {CountBits{1'b0}};
            crc_q          <= 16'hffff;
        end else if (byte_valid_i) begin
            if (state_q == Header) begin
                field_q <= field_q + 1'b1;
                if (field_q == 3'd0) begin
                    known_q <= byte_i == TypeInfo || byte_i == TypeImage;
                    image_q <= byte_i == TypeImage;
                end else if (field_q == 3'd1) begin
                    tag_q <= byte_i;
                end else begin
                    length_right_q <= length_right;
                end
            end
            if (state_q == Payload) count_q <= count_q + 1'b1;
            if (state_q == Header || state_q == Payload) crc_q <= crc_next;
            crc_right_q <= byte_i == crc_q[7:0];   // of use behind the low byte of the CRC
        end
    end
    always @(posedge clk_i) begin
        if (rst_i || state_q == Hunt || byte_valid_i) time_q <= {TimeBits{1'b0}};
        else if (!time_out)                           time_q <= time_q + 1'b1;
    end

    reg       header_q, payload_valid_q, payload_last_q, done_q, error_q, image_out_q;
    reg [7:0] payload_q, tag_out_q;
    reg [2:0] code_q;
    always @(posedge clk_i) begin
        header_q        <= header_end && !fail && !rst_i;
        payload_valid_q <= state_q == Payload && byte_valid_i && !rst_i;
        payload_last_q  <= last_byte;
        payload_q       <= byte_i;
        done_q          <= frame_end && crc_right && !rst_i;
        error_q         <= fail && !rst_i;
        code_q          <= fail_type ? ErrorType : fail_length ? ErrorLength : fail_crc ? ErrorChecksum
                         : fail_line ? ErrorLine : ErrorCut;
        image_out_q     <= image_q;
        tag_out_q       <= tag_q;
    end
    assign header_o        = header_q;
    assign image_o         = image_out_q;
    assign tag_o           = tag_out_q;
    assign payload_valid_o = payload_valid_q;
    assign payload_o       = payload_q;
    assign payload_last_o  = payload_last_q;
    assign done_o          = done_q;
    assign error_o         = error_q;
    assign error_code_o    = code_q;
endmodule

`default_nettype wire
