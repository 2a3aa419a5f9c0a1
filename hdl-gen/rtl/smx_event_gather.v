// smx_event_gather: walks one pass of the event-driven style and addresses its operand words, one after the other.
//
// Loops of a pass, outermost first: outer and inner position, tile of Lanes outputs, round (timestep or bit plane), digit
// of the weights, tap a, tap b, word. Everything inside the tile is repeated each round with the same weights. A round
// ends with an accumulator per lane that the neuron unit takes:
//
//   plain passes   round t is timestep t: its words lie t rows behind those of timestep 0
//   sums_i         rounds are bit planes of pixels, or (position, timestep) of the head; weights of 8 bits are split into
//                  digits of WeightBits, one round each or two beside each other. Round sums are shifted by shift (plane number and place of the
//                  digit) and added up by the neuron unit; a round without events is left out, except the first and the last.
//   final_i        one more round without operands ends a tile of sums
//
// Tag of a word, from bit 0: last outer position, last inner position, last tile of a position, last round of a tile;
// first timestep; first sum; final round; round that may be left out; digit without sign; last word of its round; shift.
`default_nettype none

module smx_event_gather #(
    parameter OuterBits = 4,
    parameter InnerBits = 4,
    parameter GroupBits = 2,
    parameter RoundBits = 3,
    parameter DigitBits = 1,
    parameter TapABits  = 4,
    parameter TapBBits  = 4,
    parameter SliceBits = 2,
    parameter RowBits   = 8,          // operand row address
    parameter EventRowBits = 10,      // weight row address
    parameter SideBits  = 5,          // signed coordinates of padded convolutions
    parameter Timesteps = 4,          // rows from one word of a map to the next
    parameter WeightBits = 4,         // of a digit
    parameter SumShiftBits = 4,
    parameter TagBits   = SumShiftBits + 10   // derived
) (
    input  wire                       clk_i,
    input  wire                       rst_i,
    input  wire                       start_i,           // pulse; everything below holds until the pass is done
    input  wire                       next_i,            // take the word, go on to the next
    // loop bounds, each the last index
    input  wire [OuterBits-1:0]       outer_last_i,
    input  wire [InnerBits-1:0]       inner_last_i,
    input  wire [GroupBits-1:0]       group_last_i,
    input  wire [RoundBits-1:0]       round_last_i,
    input  wire [DigitBits-1:0]       digit_last_i,
    input  wire [TapABits-1:0]        tap_a_last_i,
    input  wire [TapBBits-1:0]        tap_b_last_i,
    input  wire [SliceBits-1:0]       slice_last_i,
    // operand rows; steps wrap modulo 2**RowBits and are relative to the row they leave
    input  wire [RowBits-1:0]         row_base_i,
    input  wire [RowBits-1:0]         slice_step_i,
    input  wire [RowBits-1:0]         inner_step_i,
    input  wire [RowBits-1:0]         outer_step_i,
    input  wire [RowBits-1:0]         tap_a_step_i,
    input  wire [RowBits-1:0]         tap_b_step_i,
    // zero padding of convolutions
    input  wire                       padded_i,
    input  wire [SideBits-1:0]        origin_i,          // coordinate of tap 0 at position 0, signed: -padding
    input  wire [SideBits-1:0]        stride_i,
    input  wire [SideBits-1:0]        height_i,          // of the input map
    input  wire [SideBits-1:0]        width_i,
    // weight rows
    input  wire [EventRowBits-1:0]    weight_base_i,
    input  wire [EventRowBits-1:0]    weight_slice_step_i,   // from one word to the next
    input  wire [EventRowBits-1:0]    weight_tap_step_i,     // from the last word of a tap to the next tap
    input  wire                       lane_wise_i,       // words move with the tile, weights with the outer position
    input  wire                       silent_i,          // no operands at all
    input  wire                       pixels_i,          // rounds are bit planes
    input  wire                       sums_i,
    input  wire                       final_i,
    input  wire                       head_i,            // sums go on over the positions
    // the word
    output wire                       valid_o,
    output wire                       operand_o,         // it lies inside the map
    output wire [RowBits-1:0]         row_o,
    output wire [2:0]                 plane_o,           // bit of the pixels
    output wire                       slice_first_o,     // first word of a tap
    output wire                       slice_last_o,
    output wire [EventRowBits-1:0]    weight_row_o,      // of its bit 0
    output wire [TagBits-1:0]         tag_o
);
    reg  run_q, final_q;
    wire go = run_q && next_i;
    wire slice_first, slice_last, tap_b_last, tap_a_last, digit_first, digit_last, round_first, round_last;
    wire last_tile, inner_first, last_inner, last_outer;
    wire tap_b_first, tap_a_first, first_tile, outer_first;
    wire unused_first = &{1'b0, tap_b_first, tap_a_first, first_tile, outer_first};
    wire slice_end  = slice_last;
    wire tap_b_end  = slice_end  && tap_b_last;
    wire round_end  = (tap_b_end && tap_a_last) || final_q;
    wire digits_end = round_end  && (digit_last || final_q);
    wire rounds_end = digits_end && (round_last || final_q);
    wire tile_end   = rounds_end && (!final_i || final_q);
    wire group_end  = tile_end   && last_tile;
    wire inner_end  = group_end  && last_inner;
    wire outer_end  = inner_end  && last_outer;

    // The final round is beside the loops of a tile: they stand at their first iterations meanwhile.
    wire looping = go && !final_q;
    smx_loop #(.Bits(SliceBits)) u_slice (
        .clk_i(clk_i), .load_i(start_i), .last_i(slice_last_i), .step_i(looping),
        .first_o(slice_first), .last_o(slice_last));
    smx_loop #(.Bits(TapBBits)) u_tap_b (
        .clk_i(clk_i), .load_i(start_i), .last_i(tap_b_last_i), .step_i(looping && slice_end),
        .first_o(tap_b_first), .last_o(tap_b_last));
    smx_loop #(.Bits(TapABits)) u_tap_a (
        .clk_i(clk_i), .load_i(start_i), .last_i(tap_a_last_i), .step_i(looping && tap_b_end),
        .first_o(tap_a_first), .last_o(tap_a_last));
    smx_loop #(.Bits(DigitBits)) u_digit (
        .clk_i(clk_i), .load_i(start_i), .last_i(digit_last_i), .step_i(looping && round_end),
        .first_o(digit_first), .last_o(digit_last));
    smx_loop #(.Bits(RoundBits)) u_round (
        .clk_i(clk_i), .load_i(start_i), .last_i(round_last_i), .step_i(looping && digits_end),
        .first_o(round_first), .last_o(round_last));
    smx_loop #(.Bits(GroupBits)) u_tile (
        .clk_i(clk_i), .load_i(start_i), .last_i(group_last_i), .step_i(go && tile_end),
        .first_o(first_tile), .last_o(last_tile));
    smx_loop #(.Bits(InnerBits)) u_inner (
        .clk_i(clk_i), .load_i(start_i), .last_i(inner_last_i), .step_i(go && group_end),
        .first_o(inner_first), .last_o(last_inner));
    smx_loop #(.Bits(OuterBits)) u_outer (
        .clk_i(clk_i), .load_i(start_i), .last_i(outer_last_i), .step_i(go && inner_end),
        .first_o(outer_first), .last_o(last_outer));

    always @(posedge clk_i) begin
        if (rst_i)                run_q <= 1'b0;
        else if (start_i)         run_q <= 1'b1;
        else if (go && outer_end) run_q <= 1'b0;
    end
    always @(posedge clk_i) begin
        if (start_i) final_q <= 1'b0;
        else if (go) final_q <= rounds_end && !tile_end;
    end

    // Operand row. tile_row_q: first row of the tile; round_row_q: of the round. What chooses a step is a register: whether
    // the step is taken is known later in the cycle.
    reg [RowBits-1:0] position_q, tile_row_q, round_row_q, row_q;
    wire [RowBits-1:0] group_step    = lane_wise_i ? Timesteps[RowBits-1:0] : {RowBits{1'b0}};
    wire [RowBits-1:0] next_position = position_q + (last_inner ? outer_step_i : inner_step_i);
    wire [RowBits-1:0] next_tile_row = last_tile ? next_position : tile_row_q + group_step;
    wire [RowBits-1:0] next_round    = round_row_q + {{(RowBits-1){1'b0}}, digit_last && !pixels_i};
    wire [RowBits-1:0] row_step      = tap_b_end ? tap_a_step_i : slice_end ? tap_b_step_i : slice_step_i;
    always @(posedge clk_i) begin
        if (start_i) begin
            position_q  <= row_base_i;
            tile_row_q  <= row_base_i;
            round_row_q <= row_base_i;
            row_q       <= row_base_i;
        end else if (go) begin
            if (group_end) position_q <= next_position;
            if (tile_end)  tile_row_q <= next_tile_row;
            if (round_end) round_row_q <= tile_end ? next_tile_row : next_round;
            row_q <= tile_end ? next_tile_row : round_end ? next_round : row_q + row_step;
        end
    end

    // Coordinates of the current tap, for the padding.
    reg signed [SideBits-1:0] y_q, x_q, tap_y_q, tap_x_q;
    always @(posedge clk_i) begin
        if (start_i) begin
            y_q <= origin_i; x_q <= origin_i; tap_y_q <= origin_i; tap_x_q <= origin_i;
        end else if (go && slice_end) begin
            if (inner_end)      begin y_q <= y_q + stride_i; x_q <= origin_i; end
            else if (group_end) x_q <= x_q + stride_i;
            tap_y_q <= inner_end ? y_q + stride_i : round_end ? y_q : tap_b_end ? tap_y_q + 1'b1 : tap_y_q;
            tap_x_q <= inner_end ? origin_i : group_end ? x_q + stride_i : tap_b_end ? x_q : tap_x_q + 1'b1;
        end
    end
    wire inside_y = !tap_y_q[SideBits-1] && tap_y_q < $signed(height_i);
    wire inside_x = !tap_x_q[SideBits-1] && tap_x_q < $signed(width_i);

    // Weight row. The digits of a round follow each other, and so do the tiles.
    reg [EventRowBits-1:0] tile_weight_q, weight_q;
    wire [EventRowBits-1:0] weight_next = final_q ? weight_q
                                        : weight_q + (slice_end ? weight_tap_step_i : weight_slice_step_i);
    wire [EventRowBits-1:0] next_tile_weight = lane_wise_i ? (last_tile && last_inner ? weight_next : tile_weight_q)
                                             : (last_tile ? weight_base_i : weight_next);
    wire again = digits_end && !rounds_end;   // the same weights, for the next round
    always @(posedge clk_i) begin
        if (start_i) begin
            tile_weight_q <= weight_base_i;
            weight_q      <= weight_base_i;
        end else if (go) begin
            if (tile_end) tile_weight_q <= next_tile_weight;
            weight_q <= tile_end ? next_tile_weight : again ? tile_weight_q : weight_next;
        end
    end

    // Number of the bit plane, and shift of a sum: that number and the place of the digit.
    reg [2:0]              plane_q;
    reg [SumShiftBits-1:0] shift_q;
    wire [2:0]              next_plane = plane_q + {2'd0, pixels_i};
    wire [SumShiftBits-1:0] plane_wide = {{(SumShiftBits-3){1'b0}}, next_plane};
    always @(posedge clk_i) begin
        if (start_i || (go && rounds_end)) begin
            plane_q <= 3'd0;
            shift_q <= {SumShiftBits{1'b0}};
        end else if (go && digits_end) begin
            plane_q <= next_plane;
            shift_q <= plane_wide;
        end else if (go && round_end) begin
            shift_q <= shift_q + WeightBits[SumShiftBits-1:0];
        end
    end

    wire first_round = round_first && digit_first && !final_q;
    wire first_sum   = first_round && !(head_i && !inner_first);

    assign valid_o       = run_q;
    assign operand_o     = !silent_i && !final_q && (!padded_i || (inside_y && inside_x));
    assign row_o         = row_q;
    assign plane_o       = plane_q;
    assign slice_first_o = slice_first;
    assign slice_last_o  = slice_end;
    assign weight_row_o  = weight_q;
    assign tag_o         = {shift_q, round_end, !digit_last, sums_i && !first_sum && !final_q && !outer_end, final_q,
                            first_sum, first_round, tile_end, last_tile, last_inner, last_outer};
endmodule

`default_nettype wire
