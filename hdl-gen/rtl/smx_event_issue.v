// smx_event_issue: turns events into addresses of weight rows and tells the array where rounds end.
//
// Row 0 of both weight memories holds zeros: an address of 0 adds nothing. The end of a round waits until the neuron unit
// has gone through the results of the round before: pace counts the cycles that it needs. A round of sums that had no
// event is left out.
//
// Stage 0 takes an event, stage 2 addresses the memories, whose data reach the array in stage 3; end_o and load_o come
// in stage 5, with the sum that contains the event (smx_event_array registers its inputs).
`default_nettype none

module smx_event_issue #(
    parameter Lanes        = 24,
    parameter IndexBits    = 4,
    parameter EventRowBits = 10,
    parameter AxialRowBits = 8,    // at most EventRowBits
    parameter PaceBits     = 6,
    parameter TagBits      = 14
) (
    input  wire                    clk_i,
    input  wire                    rst_i,
    input  wire                    lane_wise_i,
    input  wire [PaceBits-1:0]     pace_i,         // cycles - 1 of the neuron unit for a round of a tile
    input  wire [PaceBits-1:0]     pace_last_i,    // likewise for the last tile of a position
    // events
    input  wire                    valid_i,
    output wire                    ready_o,
    input  wire                    hit_i,
    input  wire [IndexBits-1:0]    index_i,
    input  wire [EventRowBits-1:0] base_i,
    input  wire [Lanes-1:0]        lanes_i,
    input  wire                    last_i,
    input  wire [TagBits-1:0]      tag_i,
    // stage 2
    output wire [EventRowBits-1:0] weight_row_o,
    output wire [AxialRowBits-1:0] axial_row_o,
    // stage 3
    output wire [Lanes-1:0]        lanes_o,
    output wire                    unsigned_o,     // stage 4
    // stage 5
    output wire                    end_o,
    output wire                    load_o,
    output wire [TagBits-1:0]      tag_o           // of the round that ends
);
    localparam GroupLast = 2, Optional = 7, Unsigned = 8, RoundLast = 9;

    reg                any_q;     // the round has had an event
    reg [PaceBits-1:0] pace_q;
    wire round_end = last_i && tag_i[RoundLast];
    wire load      = round_end && (!tag_i[Optional] || any_q || hit_i);
    wire fire      = valid_i && ready_o;
    assign ready_o = !(load && pace_q != {PaceBits{1'b0}});
    always @(posedge clk_i) begin
        if (rst_i)     any_q <= 1'b0;
        else if (fire) any_q <= !round_end && (any_q || hit_i);
    end
    always @(posedge clk_i) begin
        if (rst_i)                           pace_q <= {PaceBits{1'b0}};
        else if (fire && load)               pace_q <= tag_i[GroupLast] ? pace_last_i : pace_i;
        else if (pace_q != {PaceBits{1'b0}}) pace_q <= pace_q - 1'b1;
    end

    // stage 1
    reg                    hit1_q, whole1_q;
    reg [IndexBits-1:0]    index1_q;
    reg [EventRowBits-1:0] base1_q;
    always @(posedge clk_i) begin
        hit1_q   <= fire && hit_i;
        whole1_q <= fire && lane_wise_i;
        index1_q <= index_i;
        base1_q  <= base_i;
    end

    // stage 2: zero by synchronous reset
    reg [EventRowBits-1:0] weight_row2_q;
    reg [AxialRowBits-1:0] axial_row2_q;
    always @(posedge clk_i) begin
        if (!hit1_q) weight_row2_q <= {EventRowBits{1'b0}};
        else         weight_row2_q <= base1_q + {{(EventRowBits - IndexBits){1'b0}}, index1_q};
    end
    always @(posedge clk_i) begin
        if (!whole1_q) axial_row2_q <= {AxialRowBits{1'b0}};
        else           axial_row2_q <= base1_q[AxialRowBits-1:0];
    end
    assign weight_row_o = weight_row2_q;
    assign axial_row_o  = axial_row2_q;

    smx_delay #(.Width(Lanes), .Stages(3)) u_lanes (
        .clk_i(clk_i), .rst_i(1'b0), .data_i(lanes_i), .data_o(lanes_o));
    smx_delay #(.Width(1), .Stages(4)) u_unsigned (
        .clk_i(clk_i), .rst_i(1'b0), .data_i(tag_i[Unsigned]), .data_o(unsigned_o));
    smx_delay #(.Width(2), .Stages(5)) u_end (
        .clk_i(clk_i), .rst_i(rst_i), .data_i({fire && round_end, fire && load}), .data_o({end_o, load_o}));
    smx_delay #(.Width(TagBits), .Stages(5)) u_tag (
        .clk_i(clk_i), .rst_i(1'b0), .data_i(tag_i), .data_o(tag_o));
endmodule

`default_nettype wire
