// smx_event_writer: where a group of Neurons spikes goes: word and bank of the spike memory.
//
// Groups follow each other through the banks of a word and on into the next word of the same timestep, which lies
// Timesteps rows behind. The addresses follow the positions of the pass as smx_event_gather walks them.
`default_nettype none

module smx_event_writer #(
    parameter Banks     = 3,   // Lanes / Neurons
    parameter BankBits  = 2,
    parameter Timesteps = 4,
    parameter RowBits   = 6
) (
    input  wire                clk_i,
    input  wire                load_i,
    input  wire [RowBits-1:0]  row_base_i,
    input  wire [BankBits-1:0] bank_base_i,
    input  wire [RowBits-1:0]  inner_step_i,
    input  wire [RowBits-1:0]  outer_step_i,
    input  wire                step_i,
    input  wire                round_end_i,       // as in smx_event_pointer
    input  wire                first_round_i,
    input  wire                tile_end_i,
    input  wire                position_end_i,
    input  wire                inner_end_i,       // with position_end_i: of the last inner position
    output wire [RowBits-1:0]  row_o,
    output wire [BankBits-1:0] bank_o
);
    localparam LastBank = Banks - 1;
    reg [RowBits-1:0]  row_q, round_row_q, position_q, tile_row_q;
    reg [BankBits-1:0] bank_q, round_bank_q, tile_bank_q;
    wire wrap = bank_q == LastBank[BankBits-1:0];
    wire [RowBits-1:0]  next_row  = row_q + (wrap ? Timesteps[RowBits-1:0] : {RowBits{1'b0}});
    wire [BankBits-1:0] next_bank = wrap ? {BankBits{1'b0}} : bank_q + 1'b1;
    wire [RowBits-1:0]  position  = position_q + (inner_end_i ? outer_step_i : inner_step_i);
    wire [RowBits-1:0]  start_row = position_end_i ? position
                                  : !tile_end_i    ? round_row_q + 1'b1
                                  : first_round_i  ? next_row : tile_row_q;
    wire [BankBits-1:0] start_bank = position_end_i ? bank_base_i
                                   : !tile_end_i    ? round_bank_q
                                   : first_round_i  ? next_bank : tile_bank_q;
    always @(posedge clk_i) begin
        if (load_i) begin
            row_q      <= row_base_i;  round_row_q  <= row_base_i;  position_q <= row_base_i;
            bank_q     <= bank_base_i; round_bank_q <= bank_base_i;
        end else if (step_i) begin
            row_q  <= round_end_i ? start_row  : next_row;
            bank_q <= round_end_i ? start_bank : next_bank;
            if (round_end_i) begin
                round_row_q  <= start_row;
                round_bank_q <= start_bank;
            end
            if (position_end_i) position_q <= position;
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
