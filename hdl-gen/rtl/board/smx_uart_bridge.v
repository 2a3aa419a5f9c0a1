// smx_uart_bridge: the accelerator on a serial line. Images come in as frames, results go out as frames; 8N1.
//
// docs/board-protocol.md describes the frames, the errors and what a host has to do. The accelerator hangs on two
// AXI4-Streams and is reset by this module, too: after power-on, and to drop the pixels of a frame that broke off.
//
//   rx_i > smx_uart_rx > smx_uart_frame_rx > smx_uart_image > pixels
//                                                  |  info, error
//   tx_o < smx_uart_tx < smx_uart_frame_tx < smx_uart_reply < class, logits
`default_nettype none

module smx_uart_bridge #(
    parameter ClocksPerBit  = 104,       // clock / baud rate, at least 4
    parameter TimeoutClocks = 1200000,   // longest pause within a frame
    parameter Channels      = 1,
    parameter Height        = 16,
    parameter Width         = 16,
    parameter Classes       = 10,
    parameter Timesteps     = 4,
    parameter ClockKHz      = 12000,     // for the host: it computes times from cycles
    parameter Digest0       = 0,         // first eight bytes of the model's SHA-256, two bytes each, lowest first
    parameter Digest1       = 0,
    parameter Digest2       = 0,
    parameter Digest3       = 0
) (
    input  wire        clk_i,
    input  wire        rst_i,
    input  wire        rx_i,              // the line from the host, asynchronous
    output wire        tx_o,              // the line to the host
    output wire        busy_o,            // an image is being received or worked on
    // the accelerator
    output wire        aresetn_o,
    output wire        m_axis_tvalid_o,   // pixels
    input  wire        m_axis_tready_i,
    output wire [7:0]  m_axis_tdata_o,
    output wire        m_axis_tlast_o,
    input  wire        s_axis_tvalid_i,   // class, then logits
    output wire        s_axis_tready_o,
    input  wire [31:0] s_axis_tdata_i,
    input  wire        s_axis_tlast_i,
    input  wire        image_done_i,
    input  wire [31:0] cycles_i,
    input  wire [31:0] stalls_i
);
    localparam InfoBytes   = 24;
    localparam ResultBytes = 4 * (Classes + 3);
    localparam LengthBits  = $clog2((ResultBytes > InfoBytes ? ResultBytes : InfoBytes) + 1);

    // requests
    wire       rx_valid, rx_error, header, image, payload_valid, payload_last, done, frame_error;
    wire [7:0] rx_data, tag, payload;
    wire [2:0] frame_error_code;
    smx_uart_rx #(.ClocksPerBit(ClocksPerBit)) u_rx (
        .clk_i(clk_i), .rst_i(rst_i), .rx_i(rx_i), .valid_o(rx_valid), .data_o(rx_data), .error_o(rx_error));
    smx_uart_frame_rx #(.ImageBytes(Channels * Height * Width), .TimeoutClocks(TimeoutClocks)) u_frame_rx (
        .clk_i(clk_i), .rst_i(rst_i), .byte_valid_i(rx_valid), .byte_i(rx_data), .line_error_i(rx_error),
        .header_o(header), .image_o(image), .tag_o(tag), .payload_valid_o(payload_valid), .payload_o(payload),
        .payload_last_o(payload_last), .done_o(done), .error_o(frame_error), .error_code_o(frame_error_code));

    wire       result_sent, info, error;
    wire [2:0] error_code;
    wire [7:0] image_tag;
    smx_uart_image u_image (
        .clk_i(clk_i), .rst_i(rst_i), .header_i(header), .image_i(image), .tag_i(tag),
        .payload_valid_i(payload_valid), .payload_i(payload), .payload_last_i(payload_last), .done_i(done),
        .error_i(frame_error), .error_code_i(frame_error_code),
        .m_axis_tvalid_o(m_axis_tvalid_o), .m_axis_tready_i(m_axis_tready_i), .m_axis_tdata_o(m_axis_tdata_o),
        .m_axis_tlast_o(m_axis_tlast_o), .aresetn_o(aresetn_o), .in_flight_o(busy_o), .image_tag_o(image_tag),
        .result_sent_i(result_sent), .info_o(info), .error_o(error), .error_code_o(error_code));

    // replies
    wire                  start, frame_ready, reply_valid, reply_take, frame_sent;
    wire [7:0]            reply_type, reply_tag, reply_data, info_data;
    wire [LengthBits-1:0] reply_length, reply_index;
    wire [4:0]            info_index;
    smx_uart_info #(
        .Channels(Channels), .Height(Height), .Width(Width), .Classes(Classes), .Timesteps(Timesteps),
        .ClockKHz(ClockKHz), .Digest0(Digest0), .Digest1(Digest1), .Digest2(Digest2), .Digest3(Digest3)
    ) u_info (.index_i(info_index), .data_o(info_data));
    smx_uart_reply #(.Classes(Classes), .InfoBytes(InfoBytes), .LengthBits(LengthBits)) u_reply (
        .clk_i(clk_i), .rst_i(rst_i), .tag_i(tag), .info_i(info), .error_i(error), .error_code_i(error_code),
        .image_tag_i(image_tag), .s_axis_tvalid_i(s_axis_tvalid_i), .s_axis_tready_o(s_axis_tready_o),
        .s_axis_tdata_i(s_axis_tdata_i), .image_done_i(image_done_i), .cycles_i(cycles_i), .stalls_i(stalls_i),
        .result_sent_o(result_sent), .info_index_o(info_index), .info_data_i(info_data), .start_o(start),
        .ready_i(frame_ready), .type_o(reply_type), .tag_o(reply_tag), .length_o(reply_length), .index_i(reply_index),
        .payload_valid_o(reply_valid), .payload_o(reply_data), .payload_take_i(reply_take), .done_i(frame_sent));

    wire       tx_valid, tx_ready;
    wire [7:0] tx_data;
    smx_uart_frame_tx #(.LengthBits(LengthBits)) u_frame_tx (
        .clk_i(clk_i), .rst_i(rst_i), .start_i(start), .ready_o(frame_ready), .type_i(reply_type), .tag_i(reply_tag),
        .length_i(reply_length), .index_o(reply_index), .payload_valid_i(reply_valid), .payload_i(reply_data),
        .payload_take_o(reply_take), .done_o(frame_sent), .byte_valid_o(tx_valid), .byte_ready_i(tx_ready),
        .byte_o(tx_data));
    smx_uart_tx #(.ClocksPerBit(ClocksPerBit)) u_tx (
        .clk_i(clk_i), .rst_i(rst_i), .valid_i(tx_valid), .ready_o(tx_ready), .data_i(tx_data), .tx_o(tx_o));

    wire unused = &{1'b0, s_axis_tlast_i};   // the number of words is known
endmodule

`default_nettype wire
