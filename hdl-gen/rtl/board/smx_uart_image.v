// smx_uart_image: brings the pixels of IMAGE frames to the accelerator; one image at a time.
//
// The line cannot be stopped, so pixels go straight into the accelerator's pixel memory, which is free whenever no image
// is in flight: from the checksum of an IMAGE to the last byte of its RESULT. The last pixel waits for the checksum; if
// the frame is given up, the accelerator is reset, which drops the pixels that it has, and nothing else is in it. An
// IMAGE that comes while another one is in flight is read to its end and answered with the error "busy".
//
//   payload_valid_i  /\____/\____/\______________      frame of three pixels
//   done_i           __________________/\________      checksum right
//   m_axis_tvalid_o  _/\____/\__________/\_______      tlast with the third
//   in_flight_o      ___________________/---------
`default_nettype none

module smx_uart_image (
    input  wire       clk_i,
    input  wire       rst_i,
    // from smx_uart_frame_rx
    input  wire       header_i,
    input  wire       image_i,
    input  wire [7:0] tag_i,
    input  wire       payload_valid_i,
    input  wire [7:0] payload_i,
    input  wire       payload_last_i,
    input  wire       done_i,
    input  wire       error_i,
    input  wire [2:0] error_code_i,
    // AXI4-Stream source of pixels, and reset of what takes them
    output wire       m_axis_tvalid_o,
    input  wire       m_axis_tready_i,
    output wire [7:0] m_axis_tdata_o,
    output wire       m_axis_tlast_o,
    output wire       aresetn_o,
    // what is to be answered
    output wire       in_flight_o,        // an image is being worked on, its result is not sent yet
    output wire [7:0] image_tag_o,        // tag of that image
    input  wire       result_sent_i,      // pulse
    output wire       info_o,             // pulse: an INFO was asked for
    output wire       error_o,            // pulse: a frame was not accepted
    output wire [2:0] error_code_o
);
    localparam ErrorBusy = 3'd4;
    localparam ResetClocks = 4'd15;   // the accelerator asks for 2, and holds its reset longer by itself

    reg accepted_q, refused_q, in_flight_q;
    reg [7:0] image_tag_q;
    wire frame_end = done_i || error_i;
    always @(posedge clk_i) begin
        if (rst_i || frame_end) begin
            accepted_q <= 1'b0;
            refused_q  <= 1'b0;
        end else if (header_i && image_i) begin
            accepted_q <= !in_flight_q;
            refused_q  <= in_flight_q;
        end
    end
    always @(posedge clk_i) begin
        if (rst_i || result_sent_i)    in_flight_q <= 1'b0;
        else if (done_i && accepted_q) in_flight_q <= 1'b1;
        if (done_i && accepted_q) image_tag_q <= tag_i;
    end

    reg       valid_q, last_q;
    reg [7:0] data_q;
    always @(posedge clk_i) begin
        if (rst_i || (error_i && accepted_q))     valid_q <= 1'b0;
        else if (payload_valid_i && accepted_q)   valid_q <= !payload_last_i;
        else if (done_i && accepted_q)            valid_q <= 1'b1;
        else if (m_axis_tready_i)                 valid_q <= 1'b0;
        if (payload_valid_i) begin
            data_q <= payload_i;
            last_q <= payload_last_i;
        end
    end
    assign m_axis_tvalid_o = valid_q;
    assign m_axis_tdata_o  = data_q;
    assign m_axis_tlast_o  = last_q;

    reg [3:0] reset_q;   // clocks that the reset still lasts
    reg       aresetn_q;
    always @(posedge clk_i) begin
        if (rst_i || (error_i && accepted_q)) reset_q <= ResetClocks;
        else if (reset_q != 4'd0)             reset_q <= reset_q - 1'b1;
        aresetn_q <= reset_q == 4'd0 && !rst_i;
    end
    assign aresetn_o = aresetn_q;

    assign in_flight_o  = in_flight_q || accepted_q;
    assign image_tag_o  = image_tag_q;
    assign info_o       = done_i && !image_i;
    assign error_o      = error_i || (done_i && refused_q);
    assign error_code_o = error_i ? error_code_i : ErrorBusy;
endmodule

`default_nettype wire
