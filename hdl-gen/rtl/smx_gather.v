// smx_gather: walks one pass and addresses its operands, one cycle after the other.
//
// Loops of a pass, outermost first: outer and inner position, group of Lanes outputs, tap a, tap b, slice of Inputs
// channels. A tile is everything inside the group loop: Fan = taps a x taps b x slices cycles of operands, then
// idle_i cycles, so that a tile never overtakes the neuron unit. In group order (GroupOrder, group_order_i; dense
// operands only) the group loop is the outermost: the weights of a group serve all positions before the next follow.
// All addresses move by increments only:
//
//   operand row    position_q + group_row + a*... + b*... + row of the slice, kept as one register and its returns
//   weight address runs through the tile; where it goes at the end of a tile depends on how the weights are shared:
//                  over positions (dense, planes), over everything but the outer position (lane-wise axial), or back
//                  to the start of the tile until all positions have been visited (group order)
//
// Examples. A 3x3 convolution: taps a and b are kernel rows and columns, step_b_i one token, step_a_i one token row.
// Fuse: tap a chooses the map x, x_h or x_w. Axial H: outer position = output row, tap a = input row. Head: tap a is
// the token, tap b the timestep. Planes on the spike array (PlaneLanes): tap b counts planes and, within each, the digits
// of the weights; every plane walks through the words of all digits.
`default_nettype none

module smx_gather #(
    parameter OuterBits = 4,
    parameter InnerBits = 4,
    parameter GroupBits = 2,
    parameter TapABits  = 4,
    parameter TapBBits  = 4,
    parameter SliceBits = 2,
    parameter IdleBits  = 4,
    parameter RowBits   = 8,          // operand row address
    parameter WeightAddrBits = 8,
    parameter SideBits  = 5,          // signed coordinates of padded convolutions
    parameter RowSlices = 1,          // slices of a spike memory row
    parameter SliceSelectBits = 1,
    parameter RowWords  = 1,          // words of a spike memory row
    parameter WordSelectBits = 1,
    parameter PlaneBits = 3,
    parameter GroupOrder = 0,         // 1: passes may choose group order
    parameter PlaneLanes = 0,         // of the spike array; 0: planes have an array of their own, one digit of 8 bits
    parameter DigitBits  = 1
) (
    input  wire                       clk_i,
    input  wire                       rst_i,
    input  wire                       start_i,           // pulse; everything below holds until the pass is done
    input  wire                       hold_i,            // between tiles: the weights of the next one are not there
    // loop bounds, each the last index
    input  wire [OuterBits-1:0]       outer_last_i,
    input  wire [InnerBits-1:0]       inner_last_i,
    input  wire [GroupBits-1:0]       group_last_i,
    input  wire [TapABits-1:0]        tap_a_last_i,
    input  wire [TapBBits-1:0]        tap_b_last_i,
    input  wire [SliceBits-1:0]       slice_last_i,
    input  wire [IdleBits-1:0]        idle_i,            // cycles without operands at the end of a tile
    input  wire                       group_order_i,     // groups are the outermost loop
    // operand rows; steps wrap modulo 2**RowBits and are relative to the row they leave
    input  wire [RowBits-1:0]         row_base_i,
    input  wire [SliceSelectBits-1:0] slice_base_i,      // first slice within row_base_i
    input  wire [RowBits-1:0]         inner_step_i,      // from one position's base to the next's
    input  wire [RowBits-1:0]         outer_step_i,      // from the last inner position's base to the next outer's
    input  wire [RowBits-1:0]         tap_a_step_i,      // from the last row of a tap a to the first of the next
    input  wire [RowBits-1:0]         tap_b_step_i,      // likewise for tap b
    // zero padding of convolutions
    input  wire                       padded_i,
    input  wire [SideBits-1:0]        origin_i,          // coordinate of tap 0 at position 0, signed: -padding
    input  wire [SideBits-1:0]        stride_i,
    input  wire [SideBits-1:0]        height_i,          // of the input map
    input  wire [SideBits-1:0]        width_i,
    // weights
    input  wire [WeightAddrBits-1:0]  weight_base_i,
    input  wire                       lane_wise_i,       // operands are words of Lanes channels, weights shared by lanes
    input  wire                       planes_i,          // tap b is a bit plane: same rows, same weights
    input  wire                       pixels_i,          // planes of pixels: rows are single slices, sums double
    input  wire [DigitBits-1:0]       digit_last_i,      // last digit of the weights of a plane
    // operands, valid_o in the cycle of the address
    output wire                       step_o,            // a tap
    output wire                       held_o,            // none, because of hold_i
    output wire                       valid_o,           // a tap inside the map
    output wire [RowBits-1:0]         row_o,
    output wire [SliceSelectBits-1:0] slice_o,
    output wire [WordSelectBits-1:0]  word_o,
    output wire [PlaneBits-1:0]       plane_o,
    output wire [DigitBits-1:0]       digit_o,
    output wire [WeightAddrBits-1:0]  weight_addr_o,     // a cycle behind row_o
    output wire                       weights_last_o,    // of the words that a tile, or a plane of it, walks through
    output wire                       double_o,          // double the accumulators before this sum
    output wire                       tile_last_o,       // last operands of a tile
    output wire                       group_last_o,      // with tile_last_o: another position follows
    output wire                       inner_last_o,      // with group_last_o: of another outer position
    output wire                       outer_last_o,      // with inner_last_o: all positions have been visited
    output wire                       pass_last_o        // with outer_last_o: by all groups
);
    // Every loop knows by a register whether this is its last iteration (smx_loop); a loop ends with those inside it.
    wire group_order = GroupOrder != 0 && group_order_i;
    reg  turn_q;    // operands in this cycle, if their weights are there
    wire slice_first, slice_end, tap_b_first, tap_b_last, tap_a_last, group_last, inner_last, outer_last;
    wire tap_b_end = slice_end && tap_b_last;
    wire tile_end  = tap_b_end && tap_a_last;
    wire position_last = group_order || group_last;   // with tile_end: the position's tiles are over
    wire group_end = tile_end  && position_last;
    wire inner_end = group_end && inner_last;
    wire outer_end = inner_end && outer_last;
    wire pass_end  = outer_end && (!group_order || group_last);
    wire again     = group_order && inner_last && outer_last;   // the next group starts with the first position again
    wire issue     = turn_q && !hold_i;
    wire [4:0] unused_first;
    smx_loop #(.Bits(SliceBits)) u_slice (
        .clk_i(clk_i), .load_i(start_i), .last_i(slice_last_i), .step_i(issue),
        .first_o(slice_first), .last_o(slice_end));
    smx_loop #(.Bits(TapBBits)) u_tap_b (
        .clk_i(clk_i), .load_i(start_i), .last_i(tap_b_last_i), .step_i(issue && slice_end),
        .first_o(tap_b_first), .last_o(tap_b_last));
    smx_loop #(.Bits(TapABits)) u_tap_a (
        .clk_i(clk_i), .load_i(start_i), .last_i(tap_a_last_i), .step_i(issue && tap_b_end),
        .first_o(unused_first[0]), .last_o(tap_a_last));
    smx_loop #(.Bits(GroupBits)) u_group (
        .clk_i(clk_i), .load_i(start_i), .last_i(group_last_i), .step_i(issue && (group_order ? outer_end : tile_end)),
        .first_o(unused_first[1]), .last_o(group_last));
    smx_loop #(.Bits(InnerBits)) u_inner (
        .clk_i(clk_i), .load_i(start_i), .last_i(inner_last_i), .step_i(issue && group_end),
        .first_o(unused_first[2]), .last_o(inner_last));
    smx_loop #(.Bits(OuterBits)) u_outer (
        .clk_i(clk_i), .load_i(start_i), .last_i(outer_last_i), .step_i(issue && inner_end),
        .first_o(unused_first[3]), .last_o(outer_last));
    assign unused_first[4] = &{1'b0, unused_first[3:0]};

    // Digit of the weights; 0 in all passes but those of planes on the spike array.
    wire digit_first, digit_last;
    generate
        if (PlaneLanes != 0) begin : g_digits
            reg [DigitBits-1:0] digit_q;
            assign digit_first = digit_q == {DigitBits{1'b0}};
            assign digit_last  = digit_q == digit_last_i;
            always @(posedge clk_i) begin
                if (start_i)                 digit_q <= {DigitBits{1'b0}};
                else if (issue && slice_end) digit_q <= digit_last ? {DigitBits{1'b0}} : digit_q + 1'b1;
            end
            assign digit_o = digit_q;
        end else begin : g_whole
            assign digit_first = 1'b1;
            assign digit_last  = 1'b1;
            assign digit_o     = {DigitBits{1'b0}};
            wire unused_digit = &{1'b0, digit_last_i};
        end
    endgenerate
    wire plane_end = planes_i && slice_end && digit_last;   // the plane is through

    reg [IdleBits-1:0] wait_q;
    wire               waited = wait_q == {{(IdleBits-1){1'b0}}, 1'b1};   // the last idle cycle
    always @(posedge clk_i) begin
        if (rst_i || start_i)                wait_q <= {IdleBits{1'b0}};
        else if (issue && tile_end)          wait_q <= pass_end ? {IdleBits{1'b0}} : idle_i;
        else if (wait_q != {IdleBits{1'b0}}) wait_q <= wait_q - 1'b1;
    end
    always @(posedge clk_i) begin
        if (rst_i)                  turn_q <= 1'b0;
        else if (start_i || waited) turn_q <= 1'b1;
        else if (issue && tile_end) turn_q <= !pass_end && idle_i == {IdleBits{1'b0}};
    end

    // Operand row. tile_row_q: where the current tile starts (moves with the group only if lane-wise).
    localparam LastSlice = RowSlices - 1;
    localparam LastWord  = RowWords - 1;
    reg [RowBits-1:0]         position_q, tile_row_q, row_q;
    reg [SliceSelectBits-1:0] slice_sel_q;
    reg [WordSelectBits-1:0]  word_sel_q;
    wire row_full  = pixels_i || slice_sel_q == LastSlice[SliceSelectBits-1:0];
    wire word_full = word_sel_q == LastWord[WordSelectBits-1:0];
    wire [RowBits-1:0] next_position = again ? row_base_i : position_q + (inner_last ? outer_step_i : inner_step_i);
    wire [RowBits-1:0] next_tile_row = position_last ? next_position
                                     : tile_row_q + {{(RowBits-1){1'b0}}, lane_wise_i && word_full};
    wire [RowBits-1:0] row_step      = tap_b_end ? tap_a_step_i
                                     : slice_end ? tap_b_step_i : {{(RowBits-1){1'b0}}, row_full};
    always @(posedge clk_i) begin
        if (start_i) begin
            position_q  <= row_base_i;
            tile_row_q  <= row_base_i;
            row_q       <= row_base_i;
            slice_sel_q <= slice_base_i;
            word_sel_q  <= {WordSelectBits{1'b0}};
        end else if (issue) begin
            if (group_end) position_q <= next_position;
            if (tile_end) begin
                tile_row_q <= next_tile_row;
                word_sel_q <= (position_last || word_full) ? {WordSelectBits{1'b0}} : word_sel_q + 1'b1;
            end
            row_q       <= tile_end ? next_tile_row : row_q + row_step;
            slice_sel_q <= slice_end ? slice_base_i
                         : row_full  ? {SliceSelectBits{1'b0}} : slice_sel_q + 1'b1;
        end
    end

    // Coordinates of the current tap, for the padding.
    reg signed [SideBits-1:0] y_q, x_q, tap_y_q, tap_x_q;
    wire signed [SideBits-1:0] next_y = again ? $signed(origin_i) : y_q + $signed(stride_i);
    always @(posedge clk_i) begin
        if (start_i) begin
            y_q <= origin_i; x_q <= origin_i; tap_y_q <= origin_i; tap_x_q <= origin_i;
        end else if (issue && slice_end) begin
            if (inner_end)      begin y_q <= next_y; x_q <= origin_i; end
            else if (group_end) x_q <= x_q + stride_i;
            tap_y_q <= inner_end ? next_y : tile_end ? y_q : tap_b_end ? tap_y_q + 1'b1 : tap_y_q;
            tap_x_q <= inner_end ? origin_i : group_end ? x_q + stride_i : tap_b_end ? x_q : tap_x_q + 1'b1;
        end
    end
    wire inside_y = !tap_y_q[SideBits-1] && tap_y_q < $signed(height_i);
    wire inside_x = !tap_x_q[SideBits-1] && tap_x_q < $signed(width_i);

    // Weight address.
    reg [WeightAddrBits-1:0] tile_weight_q, weight_q;
    wire [WeightAddrBits-1:0] weight_next = weight_q + 1'b1;
    wire tile_shared = group_order || lane_wise_i;   // the next tile takes the same weights
    wire [WeightAddrBits-1:0] next_tile_weight =
        tile_shared ? ((group_order ? again : group_last && inner_last) ? weight_next : tile_weight_q)
                    : (group_last ? weight_base_i : weight_next);
    always @(posedge clk_i) begin
        if (start_i) begin
            tile_weight_q <= weight_base_i;
            weight_q      <= weight_base_i;
        end else if (issue) begin
            if (tile_end) tile_weight_q <= next_tile_weight;
            weight_q <= tile_end  ? next_tile_weight
                      : plane_end ? tile_weight_q : weight_next;
        end
    end
    // Weights come a cycle behind the rows, which wait in smx_operands.
    reg [WeightAddrBits-1:0] weight_addr_q;
    always @(posedge clk_i) weight_addr_q <= weight_q;
    assign weight_addr_o  = weight_addr_q;
    assign weights_last_o = issue && (tile_end || plane_end);

    assign step_o        = issue;
    assign held_o        = turn_q && hold_i;
    assign valid_o       = issue && (!padded_i || (inside_y && inside_x));
    assign row_o         = row_q;
    assign slice_o       = slice_sel_q;
    assign word_o        = word_sel_q;
    assign double_o      = issue && pixels_i && slice_first && digit_first && !tap_b_first;
    assign tile_last_o   = issue && tile_end;
    assign group_last_o  = group_end;
    assign inner_last_o  = inner_end;
    assign outer_last_o  = outer_end;
    assign pass_last_o   = pass_end;

    // Plane: the iteration of tap b, without the digits.
    reg [PlaneBits-1:0] plane_q;
    always @(posedge clk_i) begin
        if (start_i || (issue && tap_b_end))       plane_q <= {PlaneBits{1'b0}};
        else if (issue && slice_end && digit_last) plane_q <= plane_q + 1'b1;
    end
    assign plane_o = plane_q;
endmodule

`default_nettype wire
