// smx_event_writer: where a group of Neurons spikes goes: word and bank of the spike memory.
//
// Groups follow each other through the banks of a word and on into the next word of the same timestep; or, where a pass
// computes two tokens side by side, into the word of the other token. A round does so once at most. The addresses follow
// the positions of the pass as smx_event_gather walks them. Where the next round and position start is worked out ahead,
// as in smx_event_pointer.
`default_nettype none

module smx_event_writer #(
    parameter BankBits  = 2,
    parameter RowBits   = 6
) (
    input  wire                clk_i,
    input  wire                load_i,
    input  wire [RowBits-1:0]  row_base_i,
    input  wire [BankBits-1:0] bank_base_i,
    input  wire [RowBits-1:0]  position_step_i,   // of this position; valid a cycle before the end of the position
    input  wire [BankBits-1:0] bank_last_i,       // behind it follows bank 0, of another row
    input  wire [RowBits-1:0]  wrap_step_i,       // from row to row then
    input  wire                step_i,
    input  wire                round_end_i,       // as in smx_event_pointer
    input  wire                first_round_i,
    input  wire                tile_end_i,
    input  wire                position_end_i,
    output wire [RowBits-1:0]  row_o,
    output wire [BankBits-1:0] bank_o
);
    reg [RowBits-1:0]  row_q, round_row_q, position_q, tile_row_q;
    reg [RowBits-1:0]  next_round_q, next_position_q, wrapped_q;   // wrapped_q: the row of this round behind bank_last_i
    reg [BankBits-1:0] bank_q, round_bank_q, tile_bank_q;
    wire wrap = bank_q == bank_last_i;
    wire [BankBits-1:0] next_bank = wrap ? {BankBits{1'b0}} : bank_q + 1'b1;
    wire [RowBits-1:0]  next_row  = wrap ? wrapped_q : row_q;

    wire on = tile_end_i && first_round_i;   // the next tile goes on where the only round of this one ended
    wire [RowBits-1:0]  start_row  = position_end_i ? next_position_q
                                   : !tile_end_i    ? next_round_q
                                   : on             ? next_row : tile_row_q;
    wire [BankBits-1:0] start_bank = position_end_i ? bank_base_i
                                   : !tile_end_i    ? round_bank_q
                                   : on             ? next_bank : tile_bank_q;
    wire [RowBits-1:0]  round_row  = load_i ? row_base_i : (step_i && round_end_i) ? start_row : round_row_q;
    always @(posedge clk_i) begin
        round_row_q     <= round_row;
        wrapped_q       <= round_row + wrap_step_i;
        next_round_q    <= round_row + 1'b1;
        next_position_q <= position_q + position_step_i;
        if (load_i) begin
            row_q      <= row_base_i;
            position_q <= row_base_i;
            bank_q     <= bank_base_i; round_bank_q <= bank_base_i;
        end else if (step_i) begin
            row_q  <= round_end_i ? start_row  : next_row;
            bank_q <= round_end_i ? start_bank : next_bank;
            if (round_end_i)    round_bank_q <= start_bank;
            if (position_end_i) position_q   <= next_position_q;
        end
        if (step_i && round_end_i && first_round_i) begin
            tile_row_q  <= next_row;
            tile_bank_q <= next_bank;
        end
    end
    assign row_o  = row_q;
    assign bank_o = bank_q;
endmodule

`default_nettype wire
