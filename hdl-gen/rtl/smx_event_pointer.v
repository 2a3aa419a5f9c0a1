// smx_event_pointer: address of a neuron operand in the event-driven style, where the rounds of a tile go over the same
// groups of neurons again and again.
//
// Within a round it steps by 1. The next round starts time_step_i behind the start of this one (0: the same words again),
// the next tile behind the last word of this tile's first round, the next position position_step_i behind this one. Where
// the next round and the next position start is worked out ahead: positions end at least three cycles after each other.
`default_nettype none

module smx_event_pointer #(
    parameter AddrBits = 8
) (
    input  wire                clk_i,
    input  wire                load_i,            // take base_i
    input  wire [AddrBits-1:0] base_i,
    input  wire [AddrBits-1:0] time_step_i,
    input  wire [AddrBits-1:0] position_step_i,   // of this position; valid a cycle before the end of the position
    input  wire                step_i,
    input  wire                round_end_i,       // with step_i: of the last group of a round
    input  wire                first_round_i,     // with round_end_i
    input  wire                tile_end_i,        // with round_end_i: of the last round
    input  wire                position_end_i,    // with tile_end_i: of the last tile
    output wire [AddrBits-1:0] addr_o
);
    reg [AddrBits-1:0] addr_q, round_q, position_q;
    reg [AddrBits-1:0] tile_q;                         // start of the next tile
    reg [AddrBits-1:0] next_round_q, next_position_q;  // of this tile
    wire [AddrBits-1:0] next = addr_q + 1'b1;
    // The next tile begins behind a first round: at once if that is the only one.
    wire                on   = !round_end_i || (tile_end_i && first_round_i && !position_end_i);
    wire [AddrBits-1:0] jump = position_end_i ? next_position_q : tile_end_i ? tile_q : next_round_q;
    wire [AddrBits-1:0] then = on ? next : jump;
    wire [AddrBits-1:0] round = load_i ? base_i : (step_i && round_end_i) ? then : round_q;
    always @(posedge clk_i) begin
        if (load_i) begin
            addr_q     <= base_i;
            position_q <= base_i;
        end else if (step_i) begin
            addr_q <= then;
            if (position_end_i) position_q <= next_position_q;
        end
        if (step_i && round_end_i && first_round_i) tile_q <= next;
        round_q         <= round;
        next_round_q    <= round + time_step_i;             // a round of one group may end at once
        next_position_q <= position_q + position_step_i;
    end
    assign addr_o = addr_q;
endmodule

`default_nettype wire
