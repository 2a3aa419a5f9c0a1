// smx_table_gather: addresses of an engine whose dense passes run on tables: those by smx_chunk_gather, others by smx_gather.
//
// group_order_i says which: passes whose weights differ from lane to lane are the dense ones.
`default_nettype none

module smx_table_gather #(
    parameter OuterBits = 4,
    parameter InnerBits = 4,
    parameter GroupBits = 2,
    parameter TapABits  = 4,
    parameter TapBBits  = 4,
    parameter SliceBits = 2,
    parameter IdleBits  = 4,
    parameter BlockBits = 2,
    parameter PlaceBits = 5,
    parameter Steps     = 4,
    parameter RowBits   = 8,
    parameter WeightAddrBits = 8,
    parameter SideBits  = 5,
    parameter RowSlices = 1,
    parameter SliceSelectBits = 1,
    parameter RowWords  = 1,
    parameter WordSelectBits = 1,
    parameter PlaneBits = 3
) (
    input  wire                       clk_i,
    input  wire                       rst_i,
    input  wire                       start_i,
    input  wire [OuterBits-1:0]       outer_last_i,
    input  wire [InnerBits-1:0]       inner_last_i,
    input  wire [GroupBits-1:0]       group_last_i,
    input  wire [BlockBits-1:0]       block_last_i,
    input  wire [PlaceBits-1:0]       rest_last_i,
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
    input  wire                       planes_i,
    input  wire                       pixels_i,
    // operands, valid_o in the cycle of the address
    output wire                       valid_o,
    output wire [RowBits-1:0]         row_o,
    output wire [SliceSelectBits-1:0] slice_o,
    output wire [WordSelectBits-1:0]  word_o,
    output wire [PlaneBits-1:0]       plane_o,
    output wire [WeightAddrBits-1:0]  weight_addr_o,
    output wire                       double_o,
    // flags of a tile: its last operands, or a position that is drained; its results follow TileLatency cycles later
    output wire                       tile_last_o,
    output wire                       group_last_o,
    output wire                       inner_last_o,
    output wire                       outer_last_o,
    output wire                       pass_last_o,
    // tables, see smx_chunk_gather
    output wire                       fill_o,
    output wire                       fill_bank_o,
    output wire                       fill_valid_o,
    output wire [3:0]                 fill_subset_o,
    output wire [1:0]                 fill_flip_o,
    output wire                       fill_remove_o,
    output wire                       work_o,
    output wire                       bank_o,
    output wire [PlaceBits-1:0]       token_o,
    output wire                       first_o,
    output wire                       last_o,
    output wire                       drain_o,
    output wire [PlaceBits-1:0]       drain_token_o
);
    wire                       chunk_valid, chunk_inner_last, chunk_outer_last, chunk_pass_last;
    wire [RowBits-1:0]         chunk_row;
    wire [WeightAddrBits-1:0]  chunk_weight_addr, weight_addr;
    wire [SliceSelectBits-1:0] chunk_slice;
    smx_chunk_gather #(
        .OuterBits(OuterBits), .InnerBits(InnerBits), .GroupBits(GroupBits), .TapABits(TapABits), .TapBBits(TapBBits),
        .SliceBits(SliceBits), .BlockBits(BlockBits), .PlaceBits(PlaceBits), .Steps(Steps), .RowBits(RowBits),
        .WeightAddrBits(WeightAddrBits), .SideBits(SideBits), .RowSlices(RowSlices), .SliceSelectBits(SliceSelectBits)
    ) u_chunks (
        .clk_i(clk_i), .rst_i(rst_i), .start_i(start_i && group_order_i),
        .outer_last_i(outer_last_i), .inner_last_i(inner_last_i), .group_last_i(group_last_i),
        .block_last_i(block_last_i), .rest_last_i(rest_last_i), .tap_a_last_i(tap_a_last_i),
        .tap_b_last_i(tap_b_last_i), .slice_last_i(slice_last_i), .row_base_i(row_base_i), .slice_base_i(slice_base_i),
        .inner_step_i(inner_step_i), .outer_step_i(outer_step_i), .tap_a_step_i(tap_a_step_i),
        .tap_b_step_i(tap_b_step_i), .padded_i(padded_i), .origin_i(origin_i), .stride_i(stride_i),
        .height_i(height_i), .width_i(width_i), .weight_base_i(weight_base_i),
        .weight_addr_o(chunk_weight_addr), .fill_o(fill_o), .fill_bank_o(fill_bank_o), .fill_valid_o(fill_valid_o),
        .fill_subset_o(fill_subset_o), .fill_flip_o(fill_flip_o), .fill_remove_o(fill_remove_o),
        .work_o(work_o), .valid_o(chunk_valid), .row_o(chunk_row), .slice_o(chunk_slice), .bank_o(bank_o),
        .token_o(token_o), .first_o(first_o), .last_o(last_o), .drain_o(drain_o), .drain_token_o(drain_token_o),
        .drain_inner_last_o(chunk_inner_last), .drain_outer_last_o(chunk_outer_last),
        .drain_pass_last_o(chunk_pass_last));

    wire                       step, held, valid, tile_last, group_last, inner_last, outer_last, pass_last;
    wire [RowBits-1:0]         row;
    wire [SliceSelectBits-1:0] slice;
    wire                       digit, weights_last;   // planes have an array of their own
    smx_gather #(
        .OuterBits(OuterBits), .InnerBits(InnerBits), .GroupBits(GroupBits), .TapABits(TapABits), .TapBBits(TapBBits),
        .SliceBits(SliceBits), .IdleBits(IdleBits), .RowBits(RowBits), .WeightAddrBits(WeightAddrBits),
        .SideBits(SideBits), .RowSlices(RowSlices), .SliceSelectBits(SliceSelectBits), .RowWords(RowWords),
        .WordSelectBits(WordSelectBits), .PlaneBits(PlaneBits)
    ) u_tiles (
        .clk_i(clk_i), .rst_i(rst_i), .start_i(start_i && !group_order_i), .hold_i(1'b0),
        .outer_last_i(outer_last_i), .inner_last_i(inner_last_i), .group_last_i(group_last_i),
        .tap_a_last_i(tap_a_last_i), .tap_b_last_i(tap_b_last_i), .slice_last_i(slice_last_i), .idle_i(idle_i),
        .group_order_i(1'b0), .row_base_i(row_base_i), .slice_base_i(slice_base_i), .inner_step_i(inner_step_i),
        .outer_step_i(outer_step_i), .tap_a_step_i(tap_a_step_i), .tap_b_step_i(tap_b_step_i),
        .padded_i(padded_i), .origin_i(origin_i), .stride_i(stride_i), .height_i(height_i), .width_i(width_i),
        .weight_base_i(weight_base_i), .lane_wise_i(lane_wise_i), .planes_i(planes_i), .pixels_i(pixels_i),
        .digit_last_i(1'b0), .step_o(step), .held_o(held), .valid_o(valid), .row_o(row), .slice_o(slice), .word_o(word_o),
        .plane_o(plane_o), .digit_o(digit), .weight_addr_o(weight_addr), .weights_last_o(weights_last),
        .double_o(double_o), .tile_last_o(tile_last), .group_last_o(group_last), .inner_last_o(inner_last), .outer_last_o(outer_last), .pass_last_o(pass_last));

    wire issue  = step || work_o;   // operands in this cycle; watched by testbenches
    wire unused = &{1'b0, issue, held, digit, weights_last};
    assign valid_o       = valid || chunk_valid;
    assign row_o         = group_order_i ? chunk_row        : row;
    assign slice_o       = group_order_i ? chunk_slice      : slice;
    assign weight_addr_o = group_order_i ? chunk_weight_addr : weight_addr;
    assign tile_last_o   = tile_last || drain_o;
    assign group_last_o  = group_order_i ? drain_o          : group_last;
    assign inner_last_o  = group_order_i ? chunk_inner_last : inner_last;
    assign outer_last_o  = group_order_i ? chunk_outer_last : outer_last;
    assign pass_last_o   = group_order_i ? chunk_pass_last  : pass_last;
endmodule

`default_nettype wire
