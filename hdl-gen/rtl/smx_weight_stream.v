// smx_weight_stream: AXI4-Stream sink for weight frames; the sections behind it (smx_weight_section) fill the memories.
//
// A frame is 32-bit beats: the header Layout, the words of all sections one after the other, each in whole beats and
// the lowest bits first, and the CRC-32 (that of zlib) of everything before it, with tlast. From the first beat of a
// frame until a good one has ended no image is taken and none is started. A frame starts when no image is being worked
// on or waits to be; while one is offered, images are held back, so that it gets its turn.
// A frame with another header, a misplaced tlast or a wrong CRC pulses error_o once and is dropped up to its tlast; what
// it has written stays unused.
`default_nettype none

module smx_weight_stream #(
    parameter Layout   = 0,    // header: which build the frame is for, less than 2**31
    parameter WordBits = 32    // the longest word of a section in whole beats
) (
    input  wire                clk_i,
    input  wire                rst_i,
    // AXI4-Stream sink
    input  wire                s_axis_tvalid_i,
    output wire                s_axis_tready_o,
    input  wire [31:0]         s_axis_tdata_i,
    input  wire                s_axis_tlast_i,
    // sections
    output wire                start_o,        // pulse: a frame starts
    output wire                beat_o,         // a beat that belongs to the sections
    output wire [WordBits-1:0] word_o,         // with beat_o: the last beats, this one in the highest bits
    input  wire                full_i,         // all sections are full
    // images
    input  wire                image_full_i,   // an image waits
    input  wire                busy_i,         // an image is worked on
    output wire                image_ready_o,  // the image that waits may start
    output wire                hold_o,         // no pixel may be taken
    output wire                loaded_o,       // the memories hold a good frame
    output wire                error_o         // pulse: a frame was dropped
);
    localparam Idle = 2'd0, Fill = 2'd1, Skip = 2'd2;
    reg [1:0]  state_q;
    reg        loaded_q, wanted_q, error_q;
    reg [31:0] crc_q;

    assign s_axis_tready_o = !rst_i && (state_q != Idle || (!busy_i && !image_ready_o));
    wire take  = s_axis_tvalid_i && s_axis_tready_o;
    wire first = take && state_q == Idle;
    wire check = take && state_q == Fill && full_i;
    wire right = s_axis_tlast_i && s_axis_tdata_i == ~crc_q;
    wire wrong = (first && (s_axis_tdata_i != Layout || s_axis_tlast_i))
              || (check && !right) || (beat_o && s_axis_tlast_i);
    assign start_o = first;
    assign beat_o  = take && state_q == Fill && !full_i;

    always @(posedge clk_i) begin
        if (rst_i)     state_q <= Idle;
        else if (take) state_q <= s_axis_tlast_i ? Idle : (wrong || state_q == Skip) ? Skip : Fill;
    end
    always @(posedge clk_i) begin
        if (rst_i || first) loaded_q <= 1'b0;
        else if (check)     loaded_q <= right;
    end
    always @(posedge clk_i) begin
        wanted_q <= s_axis_tvalid_i && state_q == Idle;
        error_q  <= wrong && !rst_i;
    end

    // CRC-32, the lowest bit of a beat first
    genvar b;
    generate
        for (b = 0; b < 32; b = b + 1) begin : g_crc
            wire [31:0] before, after;
            if (b == 0) begin : g_first
                assign before = (first ? 32'hffffffff : crc_q) ^ s_axis_tdata_i;
            end else begin : g_next
                assign before = g_crc[b-1].after;
            end
            assign after = {1'b0, before[31:1]} ^ (32'hedb88320 & {32{before[0]}});
        end
    endgenerate
    always @(posedge clk_i) if (take) crc_q <= g_crc[31].after;

    generate
        if (WordBits == 32) begin : g_beat
            assign word_o = s_axis_tdata_i;
        end else begin : g_word
            reg [WordBits-33:0] word_q;
            always @(posedge clk_i) if (take) word_q <= word_o[WordBits-1:32];
            assign word_o = {s_axis_tdata_i, word_q};
        end
    endgenerate

    assign image_ready_o = image_full_i && loaded_q;
    assign hold_o        = !loaded_q || wanted_q;
    assign loaded_o      = loaded_q;
    assign error_o       = error_q;
endmodule

`default_nettype wire
