// smx_weight_unpack: beats of the external memory into words of weights.
//
// A word wider than the bus takes BeatsPerWord whole beats, the lowest bits first. Words that are narrower lie
// WordsPerBeat in a beat, the first in the lowest bits, and come out one a cycle. One of the two is 1. The last beat of
// an image, told by the Bursts-th m_axi_rlast_i, holds LastWords words.
//
// Timeline: the word is there one cycle behind the beat that completes it. Examples: BusBits = 64, WordBits = 150,
// BeatsPerWord = 3: a word every third beat. BusBits = 64, WordBits = 20, WordsPerBeat = 3: a beat every third cycle.
`default_nettype none

module smx_weight_unpack #(
    parameter BusBits      = 64,
    parameter WordBits     = 150,
    parameter BeatsPerWord = 3,
    parameter WordsPerBeat = 1,
    parameter Bursts       = 3,    // of an image
    parameter LastWords    = 1     // words of its last beat
) (
    input  wire                clk_i,
    input  wire                rst_i,
    // AXI4, read data channel
    input  wire                m_axi_rvalid_i,
    output wire                m_axi_rready_o,
    input  wire [BusBits-1:0]  m_axi_rdata_i,
    input  wire                m_axi_rlast_i,
    output wire                write_o,      // a word
    output wire [WordBits-1:0] data_o
);
    generate
        if (WordsPerBeat > 1) begin : g_split
            localparam LeftBits = $clog2(WordsPerBeat + 1), CountBits = $clog2(Bursts + 1), LastBurst = Bursts - 1;
            reg [BusBits-1:0]   beat_q;
            reg [LeftBits-1:0]  left_q;    // words in beat_q
            reg [CountBits-1:0] burst_q;
            wire ready    = left_q <= {{(LeftBits-1){1'b0}}, 1'b1};
            wire take     = ready && m_axi_rvalid_i;
            wire last     = burst_q == LastBurst[CountBits-1:0];
            wire is_short = last && m_axi_rlast_i;
            always @(posedge clk_i) begin
                if (rst_i)                       left_q <= {LeftBits{1'b0}};
                else if (take)                   left_q <= is_short ? LastWords[LeftBits-1:0] : WordsPerBeat[LeftBits-1:0];
                else if (left_q != {LeftBits{1'b0}}) left_q <= left_q - 1'b1;
                if (rst_i)                       burst_q <= {CountBits{1'b0}};
                else if (take && m_axi_rlast_i)  burst_q <= last ? {CountBits{1'b0}} : burst_q + 1'b1;
            end
            always @(posedge clk_i) begin
                if (take) beat_q <= m_axi_rdata_i;
                else      beat_q <= {{WordBits{1'b0}}, beat_q[BusBits-1:WordBits]};
            end
            assign m_axi_rready_o = ready;
            assign write_o        = left_q != {LeftBits{1'b0}};
            assign data_o         = beat_q[WordBits-1:0];
        end else begin : g_join
            localparam HeldBits = BeatsPerWord * BusBits, CountBits = $clog2(BeatsPerWord + 1);
            localparam LastBeat = BeatsPerWord - 1;
            reg  [HeldBits-1:0]         beats_q;
            reg  [CountBits-1:0]        beat_q;
            reg                         write_q;
            wire [HeldBits+BusBits-1:0] shifted = {m_axi_rdata_i, beats_q};
            wire                        last    = beat_q == LastBeat[CountBits-1:0];
            always @(posedge clk_i) begin
                if (rst_i)               beat_q <= {CountBits{1'b0}};
                else if (m_axi_rvalid_i) beat_q <= last ? {CountBits{1'b0}} : beat_q + 1'b1;
                write_q <= m_axi_rvalid_i && last && !rst_i;
                if (m_axi_rvalid_i) beats_q <= shifted[HeldBits+BusBits-1:BusBits];
            end
            assign m_axi_rready_o = 1'b1;
            assign write_o        = write_q;
            assign data_o         = beats_q[WordBits-1:0];
            wire unused = &{1'b0, beats_q, shifted, m_axi_rlast_i};
        end
    endgenerate
endmodule

`default_nettype wire
