// smx_weight_section: fills one memory from the beats of a weight frame (smx_weight_stream), word after word.
//
// Sections form a chain: each takes the beats behind the section before it. Example: Width = 40, Words = 3: six beats, the
// second of each pair completes a word and brings its bits 32 to 39.
`default_nettype none

module smx_weight_section #(
    parameter Width    = 8,    // bits of a word of the memory
    parameter Words    = 16,   // words of the memory
    parameter AddrBits = 4,
    parameter WordBits = 32,   // of word_i, at least Width
    parameter Beats    = (Width + 31) / 32   // derived: beats of a word
) (
    input  wire                clk_i,
    input  wire                start_i,    // pulse: a frame starts
    input  wire                active_i,   // the sections before this one are full
    input  wire                beat_i,     // a beat for the first section that is not full
    input  wire [WordBits-1:0] word_i,     // the last beats, this one in the highest bits
    output wire                full_o,
    // memory
    output wire                write_o,
    output wire [AddrBits-1:0] addr_o,
    output wire [Width-1:0]    data_o
);
    localparam BeatBits = $clog2(Beats + 1), LastBeat = Beats - 1, LastWord = Words - 1;

    reg [BeatBits-1:0] beat_q;
    reg [AddrBits-1:0] addr_q;
    reg                full_q;
    wire take     = beat_i && active_i && !full_q;
    wire word_end = beat_q == LastBeat[BeatBits-1:0];
    always @(posedge clk_i) begin
        if (start_i) begin
            beat_q <= {BeatBits{1'b0}};
            addr_q <= {AddrBits{1'b0}};
            full_q <= 1'b0;
        end else if (take) begin
            beat_q <= word_end ? {BeatBits{1'b0}} : beat_q + 1'b1;
            if (word_end) begin
                addr_q <= addr_q + 1'b1;
                full_q <= addr_q == LastWord[AddrBits-1:0];
            end
        end
    end

    assign full_o  = full_q;
    assign write_o = take && word_end;
    assign addr_o  = addr_q;
    assign data_o  = word_i[WordBits - 32*Beats +: Width];
    wire unused = &{1'b0, word_i};   // where other sections have longer words
endmodule

`default_nettype wire
