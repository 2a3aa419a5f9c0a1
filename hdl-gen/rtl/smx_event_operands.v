// smx_event_operands: turns the rows that smx_event_gather addressed into words for the walker, three cycles later.
//
// Moves only in cycles of next_i. Lanes outside the channels that the pass reads are silent: mask_first_i and mask_last_i
// are the first group of Neurons lanes in the first word of a tap, and the last one in its last word.
`default_nettype none

module smx_event_operands #(
    parameter Lanes       = 24,
    parameter Neurons     = 8,
    parameter BankBits    = 2,    // bits of the number of a group of Neurons lanes
    parameter PixelInputs = 16,   // pixels of a row, at most Lanes
    parameter EventRowBits = 10,
    parameter TagBits     = 14
) (
    input  wire                     clk_i,
    input  wire                     rst_i,
    input  wire                     next_i,
    input  wire [BankBits-1:0]      mask_first_i,
    input  wire [BankBits-1:0]      mask_last_i,
    input  wire                     pixels_i,
    input  wire                     lane_wise_i,
    // with the address
    input  wire                     valid_i,
    input  wire                     operand_i,
    input  wire [2:0]               plane_i,
    input  wire                     slice_first_i,
    input  wire                     slice_last_i,
    input  wire [EventRowBits-1:0]  weight_row_i,
    input  wire [TagBits-1:0]       tag_i,
    // a cycle later, from the memories
    input  wire [Lanes-1:0]         spikes_i,
    input  wire [PixelInputs*8-1:0] pixels_row_i,
    // the word
    output wire                     valid_o,
    output wire                     walk_o,
    output wire [Lanes-1:0]         word_o,
    output wire [EventRowBits-1:0]  weight_row_o,
    output wire [TagBits-1:0]       tag_o
);
    localparam Groups = Lanes / Neurons;
    genvar i;

    // ---- stage 1: meets the memories' data
    wire [Groups-1:0] all  = {Groups{1'b1}};
    wire [Groups-1:0] from = all << mask_first_i;                    // this group and those behind it
    wire [Groups-1:0] past = (all << mask_last_i) << 1;
    wire [Groups-1:0] mask = {Groups{operand_i && !pixels_i}} & (slice_first_i ? from : all)
                                                              & (slice_last_i ? ~past : all);
    reg                    valid1_q, pixels1_q;
    reg [Groups-1:0]       mask1_q;
    reg [2:0]              plane1_q;
    reg [EventRowBits-1:0] weight_row1_q;
    reg [TagBits-1:0]      tag1_q;
    always @(posedge clk_i) begin
        if (rst_i)       valid1_q <= 1'b0;
        else if (next_i) valid1_q <= valid_i;
    end
    always @(posedge clk_i) begin
        if (next_i) begin
            pixels1_q     <= pixels_i && operand_i;
            mask1_q       <= mask;
            plane1_q      <= plane_i;
            weight_row1_q <= weight_row_i;
            tag1_q        <= tag_i;
        end
    end

    // ---- stage 2: behind the memories, whose data come late in their cycle
    wire [Lanes-1:0] masked;
    generate
        for (i = 0; i < Lanes; i = i + 1) begin : g_mask
            assign masked[i] = spikes_i[i] && mask1_q[i / Neurons];
        end
    endgenerate
    reg                     valid2_q, pixels2_q;
    reg [Lanes-1:0]         masked2_q;
    reg [PixelInputs*8-1:0] pixels_row2_q;
    reg [2:0]               plane2_q;
    reg [EventRowBits-1:0]  weight_row2_q;
    reg [TagBits-1:0]       tag2_q;
    always @(posedge clk_i) begin
        if (rst_i)       valid2_q <= 1'b0;
        else if (next_i) valid2_q <= valid1_q;
    end
    always @(posedge clk_i) begin
        if (next_i) begin
            masked2_q     <= masked;
            pixels2_q     <= pixels1_q;
            pixels_row2_q <= pixels_row_i;
            plane2_q      <= plane1_q;
            weight_row2_q <= weight_row1_q;
            tag2_q        <= tag1_q;
        end
    end

    // ---- stage 3: the word
    wire [Lanes-1:0] word;
    generate
        for (i = 0; i < Lanes; i = i + 1) begin : g_word
            if (i < PixelInputs) begin : g_pixel
                wire [7:0] choices = pixels_row2_q[i*8 +: 8];
                assign word[i] = masked2_q[i] || (pixels2_q && choices[plane2_q]);
            end else begin : g_spike
                assign word[i] = masked2_q[i];
            end
        end
    endgenerate
    reg                    valid3_q;
    reg [Lanes-1:0]        word_q;
    reg [EventRowBits-1:0] weight_row3_q;
    reg [TagBits-1:0]      tag3_q;
    always @(posedge clk_i) begin
        if (rst_i)       valid3_q <= 1'b0;
        else if (next_i) valid3_q <= valid2_q;
    end
    always @(posedge clk_i) begin
        if (next_i) begin
            word_q        <= word;
            weight_row3_q <= weight_row2_q;
            tag3_q        <= tag2_q;
        end
    end

    assign valid_o      = valid3_q;
    assign walk_o       = !lane_wise_i;
    assign word_o       = word_q;
    assign weight_row_o = weight_row3_q;
    assign tag_o        = tag3_q;
endmodule

`default_nettype wire
