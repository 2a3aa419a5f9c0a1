// smx_spike_writer: collects the spikes of a tile into a word and writes it to the spike memory.
//
// Neuron u delivers its spikes in the order of the steps (lane group, timestep); after the last step the word is
// complete and is written in the next cycle. The address follows the positions of the pass as smx_gather walks them.
`default_nettype none

module smx_spike_writer #(
    parameter Lanes     = 8,
    parameter Neurons   = 8,
    parameter Timesteps = 4,
    parameter RowBits   = 6,
    parameter RowWords  = 1,
    parameter WordSelectBits = 1,
    parameter GroupOrder = 0,
    parameter Steps     = (Lanes / Neurons) * Timesteps   // derived
) (
    input  wire                       clk_i,
    input  wire                       rst_i,
    input  wire                       start_i,        // pass start: take the base
    input  wire                       fire_i,         // the pass writes spikes
    input  wire [RowBits-1:0]         row_base_i,
    input  wire [WordSelectBits-1:0]  word_base_i,
    input  wire [RowBits-1:0]         inner_step_i,
    input  wire [RowBits-1:0]         outer_step_i,
    input  wire                       group_order_i,  // all positions, then the next word of each
    input  wire [Neurons-1:0]         spikes_i,
    input  wire                       valid_i,        // spikes_i belong to a step
    input  wire                       last_i,         // with valid_i: last step of the tile
    input  wire                       group_last_i,
    input  wire                       inner_last_i,
    input  wire                       outer_last_i,
    output wire                       write_o,
    output wire [RowBits-1:0]         write_row_o,
    output wire [WordSelectBits-1:0]  write_word_o,
    output wire [Lanes*Timesteps-1:0] write_data_o
);
    localparam LastWord = RowWords - 1;

    genvar u, s;
    generate
        for (u = 0; u < Neurons; u = u + 1) begin : g_neuron
            reg  [Steps-1:0] spikes_q;   // step s in bit s once the tile is complete
            wire [Steps:0]   shifted = {spikes_i[u], spikes_q};
            always @(posedge clk_i) if (valid_i) spikes_q <= shifted[Steps:1];
            wire unused = shifted[0];
            for (s = 0; s < Steps; s = s + 1) begin : g_step
                assign write_data_o[((s / Timesteps) * Neurons + u) * Timesteps + s % Timesteps] = spikes_q[s];
            end
        end
    endgenerate

    reg complete_q, group_last_q, inner_last_q;
    always @(posedge clk_i) begin
        complete_q   <= valid_i && last_i && !rst_i;
        group_last_q <= group_last_i;
        inner_last_q <= inner_last_i;
    end

    // Where a position's first word goes: that of the first group, or in group order that of the group under way.
    reg  [RowBits-1:0]        position_q, row_q;
    reg  [WordSelectBits-1:0] word_q;
    wire                      word_full = word_q == LastWord[WordSelectBits-1:0];
    wire [WordSelectBits-1:0] word_next = word_full ? {WordSelectBits{1'b0}} : word_q + 1'b1;
    wire                      again;        // the next group starts with the first position again
    wire [RowBits-1:0]        again_row;    // its word there
    wire [WordSelectBits-1:0] first_word;   // of a position
    generate
        if (GroupOrder != 0) begin : g_group_order
            reg                      outer_last_q;
            reg [RowBits-1:0]        first_row_q;
            reg [WordSelectBits-1:0] first_word_q;
            always @(posedge clk_i) begin
                outer_last_q <= outer_last_i;
                if (start_i) begin
                    first_row_q  <= row_base_i;
                    first_word_q <= word_base_i;
                end else if (complete_q && again) begin
                    first_row_q  <= again_row;
                    first_word_q <= word_next;
                end
            end
            assign again      = group_order_i && outer_last_q;
            assign again_row  = first_row_q + {{(RowBits-1){1'b0}}, word_full};
            assign first_word = again ? word_next : group_order_i ? first_word_q : word_base_i;
        end else begin : g_token_order
            assign again      = 1'b0;
            assign again_row  = row_base_i;
            assign first_word = word_base_i;
            wire unused = &{1'b0, group_order_i, outer_last_i};
        end
    endgenerate
    wire [RowBits-1:0] next_position = again ? again_row : position_q + (inner_last_q ? outer_step_i : inner_step_i);
    always @(posedge clk_i) begin
        if (start_i) begin
            position_q <= row_base_i;
            row_q      <= row_base_i;
            word_q     <= word_base_i;
        end else if (complete_q) begin
            if (group_last_q) position_q <= next_position;
            row_q  <= group_last_q ? next_position : row_q + {{(RowBits-1){1'b0}}, word_full};
            word_q <= group_last_q ? first_word : word_next;
        end
    end

    assign write_o      = complete_q && fire_i;
    assign write_row_o  = row_q;
    assign write_word_o = word_q;
endmodule

`default_nettype wire
