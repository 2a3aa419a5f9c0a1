// smx_weight_ring: weights on their way from external memory to the spike array: a ring of words that hands out tiles.
//
// Words are written in the order in which tiles use them. A tile is as many words as the pass says (tile_units_i). It
// is ready as soon as all of them are there; then it is read from its first word to its last as often as the pass has
// positions, while words behind it come in. Behind the last position the ring moves on and its words are free again.
// Units are beats of the memory (UnitsPerWord of a word) or, where a beat has several words, words: so that the same
// number counts what is there, what a tile needs and what is free.
//
// Timeline: step_i with the address of an operand; data_o two cycles later, when the operand has left smx_operands.
// hold_o answers in the first cycle of a pass, and in the cycle behind the last step of a tile for the next one. A word
// that is written counts two cycles later.
`default_nettype none

module smx_weight_ring #(
    parameter Width        = 64,   // bits of a word
    parameter Depth        = 40,   // words: two of the largest tile and a burst, so that prefetch never waits for it
    parameter AddrBits     = 6,
    parameter UnitBits     = 8,    // 2**UnitBits > Depth * UnitsPerWord
    parameter UnitsPerWord = 1
) (
    input  wire                clk_i,
    input  wire                rst_i,
    // words that come in; there is always room, by the credits of smx_weight_fetch
    input  wire                write_i,
    input  wire [Width-1:0]    data_i,
    // the pass
    input  wire                external_i,     // it reads its weights here
    input  wire [UnitBits-1:0] tile_units_i,   // units of a tile
    output wire                hold_o,         // the next tile is not there yet
    // operands
    input  wire                step_i,         // an operand is read
    input  wire                tile_last_i,    // with step_i: the last of its tile
    input  wire                next_i,         // with tile_last_i: for the last position
    output wire                release_o,      // pulse: tile_units_i units are free again
    output wire [Width-1:0]    data_o
);
    localparam LastWord = Depth - 1;

    reg  [AddrBits-1:0] write_q, read_q, first_q;
    wire [AddrBits-1:0] write_next = write_q == LastWord[AddrBits-1:0] ? {AddrBits{1'b0}} : write_q + 1'b1;
    wire [AddrBits-1:0] read_next  = read_q == LastWord[AddrBits-1:0] ? {AddrBits{1'b0}} : read_q + 1'b1;
    wire                step       = step_i && external_i;
    wire                move       = step && tile_last_i && next_i;
    always @(posedge clk_i) begin
        if (rst_i)        write_q <= {AddrBits{1'b0}};
        else if (write_i) write_q <= write_next;
        if (rst_i)        first_q <= {AddrBits{1'b0}};
        else if (move)    first_q <= read_next;
        if (rst_i)        read_q <= {AddrBits{1'b0}};
        else if (step)    read_q <= (tile_last_i && !next_i) ? first_q : read_next;
    end

    // What is there from first_q on. Whether the tile behind the one that is left is there as well, is known from twice
    // its size: the comparisons end in a register, and not in the address of an operand.
    reg  [UnitBits-1:0] level_q;
    reg                 ready_q;
    wire [UnitBits-1:0] come = UnitsPerWord[UnitBits-1:0] & {UnitBits{write_i}};
    wire [UnitBits-1:0] gone = tile_units_i & {UnitBits{move}};
    always @(posedge clk_i) begin
        level_q <= rst_i ? {UnitBits{1'b0}} : level_q + come - gone;
        ready_q <= {1'b0, level_q} >= (move ? {tile_units_i, 1'b0} : {1'b0, tile_units_i});
    end
    assign hold_o    = external_i && !ready_q;
    assign release_o = move;

    reg [AddrBits-1:0] read_addr_q;
    always @(posedge clk_i) read_addr_q <= read_q;
    smx_ram #(.Width(Width), .Depth(Depth), .AddrBits(AddrBits)) u_ram (
        .clk_i(clk_i), .write_i(write_i), .write_addr_i(write_q), .write_data_i(data_i),
        .read_i(1'b1), .read_addr_i(read_addr_q), .read_data_o(data_o));
endmodule

`default_nettype wire
