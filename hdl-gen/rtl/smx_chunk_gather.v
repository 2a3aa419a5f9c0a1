// smx_chunk_gather: walks a pass whose weights stay: all tokens of a block pass by one chunk of weights, then the next.
//
// Loops, outermost first: group of Lanes outputs, block of Block positions, tap a, tap b, slice of Inputs channels; these
// choose a chunk, Inputs weights of every lane. Within it the positions of the block follow each other, one a cycle. The
// sums of a block are complete with its last chunk; then they are drained, one position every Steps cycles, while the
// next block is under way. Positions come out in group order (see smx_gather).
//
// Two stages: while the positions pass by one chunk, the tables of the next are filled from the word at weight_addr_o,
// 16 cycles. A chunk is taken when its tables are full and the positions of the chunk before have passed, and a last
// chunk when the block before is drained. So chunks are max(positions, 16) cycles apart, and last ones at least
// positions * Steps + 1. The first is taken 18 cycles behind start_i.
//
// Row of an operand: that of the position plus that of the tap; both move by the increments that smx_gather has.
`default_nettype none

module smx_chunk_gather #(
    parameter OuterBits = 4,
    parameter InnerBits = 4,
    parameter GroupBits = 2,
    parameter TapABits  = 4,
    parameter TapBBits  = 4,
    parameter SliceBits = 2,
    parameter BlockBits = 2,          // of a block's number
    parameter PlaceBits = 5,          // of a position within its block; 2**PlaceBits positions, at least 16, are a block
    parameter Steps     = 4,          // cycles that the neuron unit takes for a position
    parameter RowBits   = 8,
    parameter WeightAddrBits = 8,
    parameter SideBits  = 5,
    parameter RowSlices = 1,
    parameter SliceSelectBits = 1,
    parameter StepBits  = $clog2(Steps + 1)   // derived
) (
    input  wire                       clk_i,
    input  wire                       rst_i,
    input  wire                       start_i,           // pulse; everything below holds until the pass is done
    // loop bounds, each the last index
    input  wire [OuterBits-1:0]       outer_last_i,
    input  wire [InnerBits-1:0]       inner_last_i,
    input  wire [GroupBits-1:0]       group_last_i,
    input  wire [BlockBits-1:0]       block_last_i,
    input  wire [PlaceBits-1:0]       rest_last_i,       // of the positions of the last block
    input  wire [TapABits-1:0]        tap_a_last_i,
    input  wire [TapBBits-1:0]        tap_b_last_i,
    input  wire [SliceBits-1:0]       slice_last_i,
    // operand rows and padding, as in smx_gather
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
    // filling; the word is there from the cycle of fill_o on
    output wire [WeightAddrBits-1:0]  weight_addr_o,
    output wire                       fill_o,            // pulse: the walk begins in the next cycle
    output wire                       fill_bank_o,
    output wire                       fill_valid_o,      // a subset
    output wire [3:0]                 fill_subset_o,
    output wire [1:0]                 fill_flip_o,
    output wire                       fill_remove_o,
    // an operand, in the cycle of its address
    output wire                       work_o,
    output wire                       valid_o,           // a tap inside the map
    output wire [RowBits-1:0]         row_o,
    output wire [SliceSelectBits-1:0] slice_o,
    output wire                       bank_o,
    output wire [PlaceBits-1:0]       token_o,
    output wire                       first_o,           // of the chunks of the block
    output wire                       last_o,
    // draining
    output wire                       drain_o,           // a position
    output wire [PlaceBits-1:0]       drain_token_o,
    output wire                       drain_inner_last_o,  // with drain_o: the last inner position
    output wire                       drain_outer_last_o,  // with it: all positions have been visited
    output wire                       drain_pass_last_o    // with it: by all groups
);
    localparam LastSlice = RowSlices - 1;
    localparam LastStep  = Steps - 1;
    localparam [PlaceBits-1:0] LastToken = {PlaceBits{1'b1}};

    // ---- filling: which chunk
    reg [SliceBits-1:0]       slice_q;
    reg [TapBBits-1:0]        tap_b_q;
    reg [TapABits-1:0]        tap_a_q;
    reg [BlockBits-1:0]       block_q;
    reg [GroupBits-1:0]       group_q;
    reg                       open_q;      // there is such a chunk
    reg                       read_q, begin_q, filled_q, fill_bank_q;
    wire slice_end  = slice_q == slice_last_i;
    wire tap_b_end  = slice_end && tap_b_q == tap_b_last_i;
    wire fan_end    = tap_b_end && tap_a_q == tap_a_last_i;
    wire rest       = block_q == block_last_i;
    wire block_end  = fan_end && rest;
    wire group_last = group_q == group_last_i;
    wire all_end    = block_end && group_last;
    wire first      = slice_q == {SliceBits{1'b0}} && tap_b_q == {TapBBits{1'b0}} && tap_a_q == {TapABits{1'b0}};

    wire walk_last, work_end, drain_wait;
    reg  work_q;
    wire take = open_q && (filled_q || walk_last) && (!work_q || work_end) && !(fan_end && drain_wait);
    assign fill_o      = begin_q || (take && !all_end);
    assign fill_bank_o = fill_bank_q;
    smx_gray_walk u_walk (
        .clk_i(clk_i), .rst_i(rst_i), .start_i(fill_o), .valid_o(fill_valid_o), .last_o(walk_last),
        .subset_o(fill_subset_o), .flip_o(fill_flip_o), .remove_o(fill_remove_o));

    always @(posedge clk_i) begin
        read_q  <= start_i && !rst_i;
        begin_q <= read_q && !rst_i;
        if (rst_i)        open_q <= 1'b0;
        else if (start_i) open_q <= 1'b1;
        else if (take)    open_q <= !all_end;
        if (rst_i || start_i || fill_o) filled_q <= 1'b0;
        else if (walk_last)             filled_q <= 1'b1;
        if (rst_i || start_i)           fill_bank_q <= 1'b0;
        else if (take)                  fill_bank_q <= !fill_bank_q;
    end
    always @(posedge clk_i) begin
        if (start_i) begin
            slice_q <= 0; tap_b_q <= 0; tap_a_q <= 0; block_q <= 0; group_q <= 0;
        end else if (take) begin
            slice_q <= slice_end ? {SliceBits{1'b0}} : slice_q + 1'b1;
            if (slice_end) tap_b_q <= tap_b_end ? {TapBBits{1'b0}}  : tap_b_q + 1'b1;
            if (tap_b_end) tap_a_q <= fan_end   ? {TapABits{1'b0}}  : tap_a_q + 1'b1;
            if (fan_end)   block_q <= rest      ? {BlockBits{1'b0}} : block_q + 1'b1;
            if (block_end) group_q <= group_q + 1'b1;
        end
    end

    // row and coordinates of its tap
    reg [RowBits-1:0]         offset_q;
    reg [SliceSelectBits-1:0] select_q;
    reg [SideBits-1:0]        tap_y_q, tap_x_q;
    wire row_full = select_q == LastSlice[SliceSelectBits-1:0];
    wire [RowBits-1:0] row_step = tap_b_end ? tap_a_step_i
                                : slice_end ? tap_b_step_i : {{(RowBits-1){1'b0}}, row_full};
    always @(posedge clk_i) begin
        if (start_i || (take && fan_end)) begin
            offset_q <= {RowBits{1'b0}};
            select_q <= slice_base_i;
            tap_y_q  <= {SideBits{1'b0}};
            tap_x_q  <= {SideBits{1'b0}};
        end else if (take) begin
            offset_q <= offset_q + row_step;
            select_q <= slice_end ? slice_base_i : row_full ? {SliceSelectBits{1'b0}} : select_q + 1'b1;
            if (slice_end) tap_x_q <= tap_b_end ? {SideBits{1'b0}} : tap_x_q + 1'b1;
            if (tap_b_end) tap_y_q <= tap_y_q + 1'b1;
        end
    end

    // Its weights: the word behind, or those of the group again. The address moves on behind the third subset from last,
    // 1011: the next word is there when the walk ends, and no step needs the old one any more.
    reg [WeightAddrBits-1:0] weight_q, group_weight_q;
    wire [WeightAddrBits-1:0] weight_next = weight_q + 1'b1;
    always @(posedge clk_i) begin
        if (start_i) begin
            weight_q       <= weight_base_i;
            group_weight_q <= weight_base_i;
        end else if (fill_valid_o && fill_subset_o == 4'b1011) begin
            weight_q <= (fan_end && !rest) ? group_weight_q : weight_next;
            if (block_end) group_weight_q <= weight_next;
        end
    end
    assign weight_addr_o = weight_q;

    // ---- working: the chunk that was taken
    reg                       bank_q, first_q, last_q, rest_q, group_last_q;
    reg [RowBits-1:0]         work_offset_q;
    reg [SliceSelectBits-1:0] work_select_q;
    reg [SideBits-1:0]        work_tap_y_q, work_tap_x_q;
    reg [PlaceBits-1:0]       token_q;
    assign work_end = work_q && token_q == (rest_q ? rest_last_i : LastToken);
    always @(posedge clk_i) begin
        if (rst_i || start_i) work_q <= 1'b0;
        else if (take)        work_q <= 1'b1;
        else if (work_end)    work_q <= 1'b0;
        token_q <= take ? {PlaceBits{1'b0}} : token_q + 1'b1;
        if (take) begin
            bank_q        <= fill_bank_q;
            first_q       <= first;
            last_q        <= fan_end;
            rest_q        <= rest;
            group_last_q  <= group_last;
            work_offset_q <= offset_q;
            work_select_q <= select_q;
            work_tap_y_q  <= tap_y_q;
            work_tap_x_q  <= tap_x_q;
        end
    end

    // Positions: a block's are walked once for every chunk.
    reg [RowBits-1:0]   position_q, block_position_q;
    reg [SideBits-1:0]  y_q, x_q, block_y_q, block_x_q;
    reg [InnerBits-1:0] inner_q, block_inner_q;
    reg [OuterBits-1:0] outer_q, block_outer_q;
    wire inner_end = inner_q == inner_last_i;
    wire outer_end = inner_end && outer_q == outer_last_i;
    wire from_base = start_i || (work_end && last_q && rest_q);
    wire [RowBits-1:0]   next_position = position_q + (inner_end ? outer_step_i : inner_step_i);
    wire [SideBits-1:0]  next_y        = inner_end ? y_q + stride_i : y_q;
    wire [SideBits-1:0]  next_x        = inner_end ? origin_i : x_q + stride_i;
    wire [InnerBits-1:0] next_inner    = inner_end ? {InnerBits{1'b0}} : inner_q + 1'b1;
    wire [OuterBits-1:0] next_outer    = inner_end ? outer_q + 1'b1 : outer_q;
    always @(posedge clk_i) begin
        if (from_base) begin
            position_q <= row_base_i; y_q <= origin_i; x_q <= origin_i; inner_q <= 0; outer_q <= 0;
        end else if (work_end && !last_q) begin
            position_q <= block_position_q; y_q <= block_y_q; x_q <= block_x_q;
            inner_q <= block_inner_q; outer_q <= block_outer_q;
        end else if (work_q) begin
            position_q <= next_position; y_q <= next_y; x_q <= next_x; inner_q <= next_inner; outer_q <= next_outer;
        end
        if (from_base) begin
            block_position_q <= row_base_i; block_y_q <= origin_i; block_x_q <= origin_i;
            block_inner_q <= 0; block_outer_q <= 0;
        end else if (work_end && last_q) begin
            block_position_q <= next_position; block_y_q <= next_y; block_x_q <= next_x;
            block_inner_q <= next_inner; block_outer_q <= next_outer;
        end
    end

    wire signed [SideBits-1:0] tap_y = y_q + work_tap_y_q;
    wire signed [SideBits-1:0] tap_x = x_q + work_tap_x_q;
    wire inside_y = !tap_y[SideBits-1] && tap_y < $signed(height_i);
    wire inside_x = !tap_x[SideBits-1] && tap_x < $signed(width_i);
    assign work_o  = work_q;
    assign valid_o = work_q && (!padded_i || (inside_y && inside_x));
    assign row_o   = position_q + work_offset_q;
    assign slice_o = work_select_q;
    assign bank_o  = bank_q;
    assign token_o = token_q;
    assign first_o = first_q;
    assign last_o  = last_q;

    // ---- draining, from the second cycle behind the taking of a last chunk on
    reg                 lead_q, drain_q;
    reg [PlaceBits-1:0] drain_token_q, drain_last_q;
    reg [StepBits-1:0]  step_q;
    wire step_end  = step_q == LastStep[StepBits-1:0];
    wire drain_end = drain_q && step_end && drain_token_q == drain_last_q;
    assign drain_wait = lead_q || (drain_q && !drain_end);
    always @(posedge clk_i) begin
        lead_q <= take && fan_end && !rst_i;
        if (rst_i || start_i) drain_q <= 1'b0;
        else if (lead_q)      drain_q <= 1'b1;
        else if (drain_end)   drain_q <= 1'b0;
        if (take && fan_end) drain_last_q <= rest ? rest_last_i : LastToken;
        if (lead_q) begin
            drain_token_q <= {PlaceBits{1'b0}};
            step_q        <= {StepBits{1'b0}};
        end else if (drain_q) begin
            step_q <= step_end ? {StepBits{1'b0}} : step_q + 1'b1;
            if (step_end) drain_token_q <= drain_token_q + 1'b1;
        end
    end
    wire inner_last, outer_last, pass_last;
    smx_state_memory #(.Width(3), .Depth(1 << PlaceBits), .AddrBits(PlaceBits)) u_flags (
        .clk_i(clk_i), .write_i(work_q && last_q), .write_addr_i(token_q),
        .write_data_i({inner_end, outer_end, outer_end && group_last_q}),
        .read_addr_i(drain_token_q), .read_data_o({inner_last, outer_last, pass_last}));
    assign drain_o            = drain_q && step_q == {StepBits{1'b0}};
    assign drain_token_o      = drain_token_q;
    assign drain_inner_last_o = inner_last;
    assign drain_outer_last_o = outer_last;
    assign drain_pass_last_o  = pass_last;
endmodule

`default_nettype wire
