// smx_line_gather: addresses of an engine whose axial branches work on lines: tiles by smx_gather, and beside them the
// walk that fills smx_line_buffer.
//
// A pass over lines (line_i; see smx_line_buffer) has the loops group, outer position, inner position, tap a: for every
// line, which is an outer position of a group, all outputs along it, each in chunks of AxialInputs inputs. A line has as
// many inputs as outputs, and they lie alike: its words are read from the spike memory at the rows of the positions.
// They are read once, one a cycle, a line ahead: the buffer holds the line that is worked on and the next one. A line of
// N words takes at least N cycles to work on, so that but for the first one none is waited for: its tiles begin N + 1
// cycles behind start_i + 1.
//
// The weights of a line are read from the first word to the last and then again for the next line.
`default_nettype none

module smx_line_gather #(
    parameter OuterBits = 4,
    parameter InnerBits = 4,
    parameter GroupBits = 2,
    parameter TapABits  = 4,
    parameter TapBBits  = 4,
    parameter SliceBits = 2,
    parameter IdleBits  = 4,
    parameter RowBits   = 8,
    parameter WeightAddrBits = 8,
    parameter SideBits  = 5,
    parameter RowSlices = 1,
    parameter SliceSelectBits = 1,
    parameter RowWords  = 1,
    parameter WordSelectBits = 1,
    parameter PlaneBits = 3,
    parameter GroupOrder = 1,
    parameter PlaneLanes = 0,
    parameter DigitBits  = 1,
    parameter AxialInputs = 2,
    parameter LineBankBits  = 1,   // bits of a bank of the buffer
    parameter LinePlaceBits = 3    // bits of {half, chunk}
) (
    input  wire                       clk_i,
    input  wire                       rst_i,
    input  wire                       start_i,
    input  wire                       hold_i,
    input  wire [OuterBits-1:0]       outer_last_i,
    input  wire [InnerBits-1:0]       inner_last_i,
    input  wire [GroupBits-1:0]       group_last_i,
    input  wire [TapABits-1:0]        tap_a_last_i,
    input  wire [TapBBits-1:0]        tap_b_last_i,
    input  wire [SliceBits-1:0]       slice_last_i,
    input  wire [IdleBits-1:0]        idle_i,
    input  wire                       group_order_i,
    input  wire [RowBits-1:0]         row_base_i,
    input  wire [SliceSelectBits-1:0] slice_base_i,
    input  wire [RowBits-1:0]         inner_step_i,
    input  wire [RowBits-1:0]         outer_step_i,
    input  wire [RowBits-1:0]         tap_a_step_i,
    input  wire [RowBits-1:0]         tap_b_step_i,
    input  wire                       padded_i,
    input  wire [SideBits-1:0]        origin_i,
    input  wire [SideBits-1:0]        stride_i,
    input  wire [SideBits-1:0]        height_i,
    input  wire [SideBits-1:0]        width_i,
    input  wire [WeightAddrBits-1:0]  weight_base_i,
    input  wire                       lane_wise_i,
    input  wire                       line_i,            // the pass works on lines
    input  wire                       planes_i,
    input  wire                       pixels_i,
    input  wire [DigitBits-1:0]       digit_last_i,
    // operands, valid_o in the cycle of the address; of a pass over lines the words that go to the buffer
    output wire                       step_o,
    output wire                       held_o,
    output wire                       valid_o,
    output wire [RowBits-1:0]         row_o,
    output wire [SliceSelectBits-1:0] slice_o,
    output wire [WordSelectBits-1:0]  word_o,
    output wire [PlaneBits-1:0]       plane_o,
    output wire [DigitBits-1:0]       digit_o,
    output wire [WeightAddrBits-1:0]  weight_addr_o,
    output wire                       weights_last_o,
    output wire                       double_o,
    output wire                       tile_last_o,
    output wire                       group_last_o,
    output wire                       inner_last_o,
    output wire                       outer_last_o,
    output wire                       pass_last_o,
    // the buffer
    output wire                       load_o,            // with row_o: the word goes to this place
    output wire [LineBankBits-1:0]    load_bank_o,
    output wire [LinePlaceBits-1:0]   load_place_o,
    output wire                       read_o,            // operands of a pass over lines
    output wire [LinePlaceBits-1:0]   read_place_o
);
    localparam ChunkBits = LinePlaceBits - 1;
    localparam LastBank  = AxialInputs - 1;
    localparam LastWord  = RowWords - 1;

    // ---- the tiles
    wire                      first_there;   // pulse: the first line will be there in time
    wire                      issue;         // operands in this cycle; watched by testbenches
    wire                      valid;
    wire [RowBits-1:0]        row;
    wire [WordSelectBits-1:0] word;
    wire [WeightAddrBits-1:0] weight_addr;
    smx_gather #(
        .OuterBits(OuterBits), .InnerBits(InnerBits), .GroupBits(GroupBits), .TapABits(TapABits), .TapBBits(TapBBits),
        .SliceBits(SliceBits), .IdleBits(IdleBits), .RowBits(RowBits), .WeightAddrBits(WeightAddrBits),
        .SideBits(SideBits), .RowSlices(RowSlices), .SliceSelectBits(SliceSelectBits), .RowWords(RowWords),
        .WordSelectBits(WordSelectBits), .PlaneBits(PlaneBits), .GroupOrder(GroupOrder),
        .PlaneLanes(PlaneLanes), .DigitBits(DigitBits)
    ) u_tiles (
        .clk_i(clk_i), .rst_i(rst_i), .start_i(line_i ? first_there : start_i), .hold_i(hold_i),
        .outer_last_i(outer_last_i), .inner_last_i(inner_last_i), .group_last_i(group_last_i),
        .tap_a_last_i(tap_a_last_i), .tap_b_last_i(tap_b_last_i), .slice_last_i(slice_last_i), .idle_i(idle_i),
        .group_order_i(group_order_i), .row_base_i(row_base_i), .slice_base_i(slice_base_i),
        .inner_step_i(inner_step_i), .outer_step_i(outer_step_i), .tap_a_step_i(tap_a_step_i),
        .tap_b_step_i(tap_b_step_i), .padded_i(padded_i), .origin_i(origin_i), .stride_i(stride_i),
        .height_i(height_i), .width_i(width_i), .weight_base_i(weight_base_i), .lane_wise_i(lane_wise_i),
        .planes_i(planes_i), .pixels_i(pixels_i), .digit_last_i(digit_last_i), .step_o(issue), .held_o(held_o),
        .valid_o(valid), .row_o(row), .slice_o(slice_o), .word_o(word), .plane_o(plane_o), .digit_o(digit_o),
        .weight_addr_o(weight_addr), .weights_last_o(weights_last_o), .double_o(double_o),
        .tile_last_o(tile_last_o), .group_last_o(group_last_o), .inner_last_o(inner_last_o),
        .outer_last_o(outer_last_o), .pass_last_o(pass_last_o));
    assign step_o = issue;
    assign read_o = issue && line_i;
    wire used = read_o && tile_last_o && inner_last_o;   // the last operand of a line

    // ---- the walk ahead: every word of every line
    wire       start = start_i && line_i;
    reg        more_q;   // words are left
    reg  [1:0] free_q;   // halves that may be written
    wire       load = more_q && (free_q != 2'd0 || used);
    wire       position_last, line_last, group_last;
    wire       line_end  = load && position_last;
    wire       group_end = line_end && line_last;
    wire [2:0] unused_first;
    wire       unused = &{1'b0, unused_first};
    smx_loop #(.Bits(InnerBits)) u_position (
        .clk_i(clk_i), .load_i(start), .last_i(inner_last_i), .step_i(load),
        .first_o(unused_first[0]), .last_o(position_last));
    smx_loop #(.Bits(OuterBits)) u_line (
        .clk_i(clk_i), .load_i(start), .last_i(outer_last_i), .step_i(line_end),
        .first_o(unused_first[1]), .last_o(line_last));
    smx_loop #(.Bits(GroupBits)) u_group (
        .clk_i(clk_i), .load_i(start), .last_i(group_last_i), .step_i(group_end),
        .first_o(unused_first[2]), .last_o(group_last));
    always @(posedge clk_i) begin
        if (rst_i)                        more_q <= 1'b0;
        else if (start)                   more_q <= 1'b1;
        else if (group_end && group_last) more_q <= 1'b0;
        if (start) free_q <= 2'd2;
        else       free_q <= free_q + {1'b0, used} - {1'b0, line_end};
    end

    reg first_q;   // the first line is on its way
    always @(posedge clk_i) begin
        if (rst_i)         first_q <= 1'b0;
        else if (start)    first_q <= 1'b1;
        else if (line_end) first_q <= 1'b0;
    end
    smx_delay #(.Width(1), .Stages(1)) u_first_there (
        .clk_i(clk_i), .rst_i(rst_i), .data_i(first_q && line_end), .data_o(first_there));

    // Rows of the words of a group: behind its last line the next word of the first line follows.
    reg  [RowBits-1:0]        group_row_q, row_q;
    reg  [WordSelectBits-1:0] word_q;
    wire                      word_full = word_q == LastWord[WordSelectBits-1:0];
    wire [RowBits-1:0]        next_group_row = group_row_q + {{(RowBits-1){1'b0}}, word_full};
    always @(posedge clk_i) begin
        if (start) begin
            group_row_q <= row_base_i;
            row_q       <= row_base_i;
            word_q      <= {WordSelectBits{1'b0}};
        end else if (load) begin
            row_q <= group_end ? next_group_row : row_q + (position_last ? outer_step_i : inner_step_i);
            if (group_end) begin
                group_row_q <= next_group_row;
                word_q      <= word_full ? {WordSelectBits{1'b0}} : word_q + 1'b1;
            end
        end
    end
    assign valid_o = line_i ? load   : valid;
    assign row_o   = line_i ? row_q  : row;
    assign word_o  = line_i ? word_q : word;

    // Places in the buffer.
    reg  [LineBankBits-1:0] bank_q;
    reg  [ChunkBits-1:0]    load_chunk_q, read_chunk_q;
    reg                     load_half_q, read_half_q;
    wire                    bank_full = bank_q == LastBank[LineBankBits-1:0];
    always @(posedge clk_i) begin
        if (start) begin
            bank_q       <= {LineBankBits{1'b0}};
            load_chunk_q <= {ChunkBits{1'b0}};
            load_half_q  <= 1'b0;
        end else if (load) begin
            bank_q       <= (position_last || bank_full) ? {LineBankBits{1'b0}} : bank_q + 1'b1;
            load_chunk_q <= position_last ? {ChunkBits{1'b0}} : load_chunk_q + {{(ChunkBits-1){1'b0}}, bank_full};
            load_half_q  <= load_half_q ^ position_last;
        end
        if (start) begin
            read_chunk_q <= {ChunkBits{1'b0}};
            read_half_q  <= 1'b0;
        end else if (read_o) begin
            read_chunk_q <= tile_last_o ? {ChunkBits{1'b0}} : read_chunk_q + 1'b1;
            read_half_q  <= read_half_q ^ used;
        end
    end
    assign load_o       = load;
    assign load_bank_o  = bank_q;
    assign load_place_o = {load_half_q, load_chunk_q};
    assign read_place_o = {read_half_q, read_chunk_q};

    // Weights, a cycle behind the operands as those of smx_gather.
    reg [WeightAddrBits-1:0] weight_q, weight_addr_q;
    always @(posedge clk_i) begin
        if (start)       weight_q <= weight_base_i;
        else if (read_o) weight_q <= used ? weight_base_i : weight_q + 1'b1;
        weight_addr_q <= weight_q;
    end
    assign weight_addr_o = line_i ? weight_addr_q : weight_addr;
endmodule

`default_nettype wire
