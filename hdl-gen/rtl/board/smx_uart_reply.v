// smx_uart_reply: chooses the next reply and hands out its payload. RESULT goes before INFO, INFO before ERROR.
//
//   8'h82 RESULT  words of 32 bits, lowest byte first: class, cycles, stalls, then the logits (signed)
//   8'h81 INFO    see smx_uart_info
//   8'hff ERROR   one byte: the code
// One INFO and one ERROR can wait; what comes on top of them is dropped, and the host asks again.
//
//   byte of a RESULT    0..3        4..7        8..11       12..15      ...
//   word                class       cycles      stalls      logit 0
//   result_tready_i     at byte 3                           at byte 15
`default_nettype none

module smx_uart_reply #(
    parameter Classes    = 10,
    parameter InfoBytes  = 24,
    parameter LengthBits = 6     // bits of the longest length: 4 * (Classes + 3) or InfoBytes
) (
    input  wire                  clk_i,
    input  wire                  rst_i,
    // requests
    input  wire [7:0]            tag_i,               // of the frame that info_i or error_i is about
    input  wire                  info_i,
    input  wire                  error_i,
    input  wire [2:0]            error_code_i,
    // result of the accelerator; the counters hold from image_done_i on
    input  wire [7:0]            image_tag_i,
    input  wire                  s_axis_tvalid_i,
    output wire                  s_axis_tready_o,
    input  wire [31:0]           s_axis_tdata_i,
    input  wire                  image_done_i,
    input  wire [31:0]           cycles_i,
    input  wire [31:0]           stalls_i,
    output wire                  result_sent_o,       // pulse
    // payload of INFO
    output wire [4:0]            info_index_o,
    input  wire [7:0]            info_data_i,
    // to smx_uart_frame_tx
    output wire                  start_o,
    input  wire                  ready_i,
    output wire [7:0]            type_o,
    output wire [7:0]            tag_o,
    output wire [LengthBits-1:0] length_o,
    input  wire [LengthBits-1:0] index_i,
    output wire                  payload_valid_o,
    output wire [7:0]            payload_o,
    input  wire                  payload_take_i,
    input  wire                  done_i
);
    localparam TypeInfo = 8'h81, TypeResult = 8'h82, TypeError = 8'hff;
    localparam Result = 2'd0, Info = 2'd1, Error = 2'd2;
    localparam ResultBytes = 4 * (Classes + 3);

    // what waits to be sent
    reg info_q, error_q, counted_q;
    reg [7:0] info_tag_q, error_tag_q;
    reg [2:0] error_code_q;
    wire [1:0] choice = s_axis_tvalid_i && counted_q ? Result : info_q ? Info : Error;
    wire start = ready_i && (choice != Error || error_q);
    always @(posedge clk_i) begin
        if (rst_i) info_q <= 1'b0;
        else if (info_i) info_q <= 1'b1;
        else if (start && choice == Info) info_q <= 1'b0;
        if (info_i) info_tag_q <= tag_i;
    end
    always @(posedge clk_i) begin
        if (rst_i) error_q <= 1'b0;
        else if (error_i) error_q <= 1'b1;
        else if (start && choice == Error) error_q <= 1'b0;
        if (error_i && (!error_q || (start && choice == Error))) begin   // of those that wait, the first tells most
            error_tag_q  <= tag_i;
            error_code_q <= error_code_i;
        end
    end
    always @(posedge clk_i) begin
        if (rst_i || result_sent_o) counted_q <= 1'b0;
        else if (image_done_i)      counted_q <= 1'b1;
    end

    // what is being sent; the frame is a copy, so that a new request may wait behind it
    reg [1:0] kind_q;
    reg [7:0] tag_q;
    reg [2:0] code_q;
    always @(posedge clk_i) begin
        if (start) begin
            kind_q <= choice;
            tag_q  <= choice == Result ? image_tag_i : choice == Info ? info_tag_q : error_tag_q;
            code_q <= error_code_q;
        end
    end

    // words of a RESULT
    wire [LengthBits-1:0] word_number = {2'd0, index_i[LengthBits-1:2]};
    wire is_cycles = word_number == {{(LengthBits-1){1'b0}}, 1'b1};
    wire is_stalls = word_number == {{(LengthBits-2){1'b0}}, 2'd2};
    wire [31:0] word        = is_cycles ? cycles_i : is_stalls ? stalls_i : s_axis_tdata_i;
    wire [7:0]  result_byte = word[{index_i[1:0], 3'd0} +: 8];

    assign start_o         = start;
    assign type_o          = kind_q == Result ? TypeResult : kind_q == Info ? TypeInfo : TypeError;
    assign tag_o           = tag_q;
    assign length_o        = kind_q == Result ? ResultBytes[LengthBits-1:0]
                           : kind_q == Info   ? InfoBytes[LengthBits-1:0] : {{(LengthBits-1){1'b0}}, 1'b1};
    assign info_index_o    = index_i[4:0];
    assign payload_o       = kind_q == Result ? result_byte : kind_q == Info ? info_data_i : {5'd0, code_q};
    assign payload_valid_o = kind_q != Result || is_cycles || is_stalls || s_axis_tvalid_i;
    assign s_axis_tready_o = payload_take_i && kind_q == Result && index_i[1:0] == 2'd3 && !is_cycles && !is_stalls;
    assign result_sent_o   = done_i && kind_q == Result;
endmodule

`default_nettype wire
