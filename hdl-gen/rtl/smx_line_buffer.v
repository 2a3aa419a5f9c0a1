// smx_line_buffer: words of spikes on their way to the lanes: AxialInputs positions of a line a cycle.
//
// A line is what an axial branch sums over: one group of lanes at all positions of a row or column. Its words come from
// the spike memory one a cycle and are kept in AxialInputs banks, position i in bank i mod AxialInputs, so that a read
// gives positions c * AxialInputs .. (c + 1) * AxialInputs - 1 of chunk c. Two lines have a half of the banks each: one
// is read while the other is written. A place is {half, chunk}. Behind the end of a line a bank says what it said of
// another line, and in passes that do not work on lines all but the first say so: the weights there are zero.
//
// Timeline: load_i with the address of a word, which arrives as word_i two cycles later; from then on it may be read_i.
// lane_spikes_o follow read_i by two cycles, as word_i its address: they are what a pass over lines takes, and word_i
// what other passes take, as their only input. lane_wise_o says when the lanes take them; in other cycles they take dense
// operands, which are silent in these passes.
//
// Example, AxialInputs = 4, lines of 6 positions: positions 0 to 3 are chunk 0, positions 4 and 5 the first half of
// chunk 1; a tile reads both chunks, one after the other.
`default_nettype none

module smx_line_buffer #(
    parameter Lanes         = 8,
    parameter Timesteps     = 4,
    parameter AxialInputs   = 2,
    parameter LineBankBits  = 1,   // bits of a bank number
    parameter LinePlaceBits = 3    // bits of a place
) (
    input  wire                                   clk_i,
    input  wire                                   rst_i,
    input  wire                                   lane_wise_i,    // lanes take words; holds from start to done
    input  wire                                   line_i,         // of lines; likewise
    // with the address of a word
    input  wire                                   load_i,         // it belongs to a line
    input  wire [LineBankBits-1:0]                load_bank_i,
    input  wire [LinePlaceBits-1:0]               load_place_i,
    // with the address of an operand
    input  wire                                   valid_i,        // of a pass that takes words as they are
    input  wire                                   read_i,         // of a pass over lines
    input  wire [LinePlaceBits-1:0]               read_place_i,
    // two cycles behind the address
    input  wire [Lanes*Timesteps-1:0]             word_i,         // bit p*Timesteps + t
    output wire                                   lane_wise_o,
    output wire [Lanes*AxialInputs*Timesteps-1:0] lane_spikes_o   // bit (p*AxialInputs + j)*Timesteps + t
);
    wire                     load;
    wire [LineBankBits-1:0]  load_bank;
    wire [LinePlaceBits-1:0] load_place, read_place;
    smx_delay #(.Width(1 + LineBankBits + LinePlaceBits), .Stages(2)) u_load (
        .clk_i(clk_i), .rst_i(rst_i), .data_i({load_i, load_bank_i, load_place_i}),
        .data_o({load, load_bank, load_place}));
    // The banks answer in the cycle in which the operand leaves smx_operands: they are asked a cycle later.
    smx_delay #(.Width(LinePlaceBits), .Stages(1)) u_read (
        .clk_i(clk_i), .rst_i(rst_i), .data_i(read_place_i), .data_o(read_place));
    smx_delay #(.Width(1), .Stages(2)) u_lane_wise (
        .clk_i(clk_i), .rst_i(rst_i), .data_i(line_i ? read_i : valid_i && lane_wise_i), .data_o(lane_wise_o));

    genvar j, b;
    generate
        for (j = 0; j < AxialInputs; j = j + 1) begin : g_bank
            localparam [LineBankBits-1:0] Bank = j[LineBankBits-1:0];
            wire [Lanes*Timesteps-1:0] kept;
            smx_ram #(.Width(Lanes*Timesteps), .Depth(1 << LinePlaceBits), .AddrBits(LinePlaceBits)) u_ram (
                .clk_i(clk_i), .write_i(load && load_bank == Bank), .write_addr_i(load_place), .write_data_i(word_i),
                .read_i(1'b1), .read_addr_i(read_place), .read_data_o(kept));
            for (b = 0; b < Lanes*Timesteps; b = b + 1) begin : g_bit
                localparam Place = ((b / Timesteps) * AxialInputs + j) * Timesteps + b % Timesteps;
                if (j == 0) begin : g_first
                    assign lane_spikes_o[Place] = line_i ? kept[b] : word_i[b];
                end else begin : g_other
                    assign lane_spikes_o[Place] = kept[b];
                end
            end
        end
    endgenerate
endmodule

`default_nettype wire
