// smx_walker: walks the ones of spike words, one event a cycle; a word without spikes takes one cycle too.
//
// Two stages. The first cuts a word into blocks of Block bits and hands on those with spikes, one after the other; the
// second walks a block: with n = w & (w - 1), the word without its lowest one, the event is the bit w & ~n, and n == 0
// says, out of a register, that it is the block's last. An empty word passes as one event without a hit. Nothing is
// lost between words: as the last event of a word leaves, the first of the next is there.
//
// Example: words 0100, 0000, 1001 give hit 2 (last), no hit (last), hit 0, hit 3 (last), in four cycles.
`default_nettype none

module smx_walker #(
    parameter Width     = 24,   // bits of a word
    parameter Block     = 12,   // bits of a block
    parameter BaseBits  = 10,   // bits of the number that the event's bit is added to
    parameter TagBits   = 4,    // what travels with a word
    parameter IndexBits = $clog2(Block)   // derived
) (
    input  wire                 clk_i,
    input  wire                 rst_i,
    // words; one is taken in a cycle of ready_o
    input  wire                 valid_i,
    output wire                 ready_o,
    input  wire                 walk_i,     // 0: the word passes whole, in one cycle, on lanes_o
    input  wire [Width-1:0]     word_i,
    input  wire [BaseBits-1:0]  base_i,
    input  wire [TagBits-1:0]   tag_i,
    // events; one is taken in a cycle of ready_i
    output wire                 valid_o,
    input  wire                 ready_i,
    output wire                 hit_o,      // the event is a spike: bit index_o, counted from base_o
    output wire [IndexBits-1:0] index_o,
    output wire [BaseBits-1:0]  base_o,     // base of the word and the bits of the blocks before this one
    output wire [Width-1:0]     lanes_o,    // the word if it passes whole, else zero
    output wire                 last_o,     // last event of its word
    output wire [TagBits-1:0]   tag_o
);
    localparam Blocks = (Width + Block - 1) / Block;
    localparam Padded = Blocks * Block;

    // ---- stage 1: the word, and which of its blocks are still to be walked
    reg                valid_q, walk_q;
    reg [Width-1:0]    word_q;
    reg [Blocks-1:0]   flags_q;
    reg [BaseBits-1:0] base_q;
    reg [TagBits-1:0]  tag_q;

    wire [Padded-1:0] word_in, word;
    generate
        if (Padded > Width) begin : g_pad
            assign word_in = {{(Padded - Width){1'b0}}, word_i};
            assign word    = {{(Padded - Width){1'b0}}, word_q};
        end else begin : g_whole
            assign word_in = word_i;
            assign word    = word_q;
        end
    endgenerate
    wire [Blocks-1:0] flags_in, first;
    wire              rest;          // blocks behind the first one
    wire              next_block;    // stage 2 takes the first block
    genvar b, i;
    generate
        for (b = 0; b < Blocks; b = b + 1) begin : g_flag
            assign flags_in[b] = walk_i && |word_in[b*Block +: Block];
            if (b == 0) begin : g_lowest
                assign first[b] = flags_q[b];
            end else begin : g_higher
                assign first[b] = flags_q[b] && !(|flags_q[b-1:0]);
            end
        end
    endgenerate
    assign rest    = |(flags_q & ~first);
    assign ready_o = !valid_q || (next_block && !rest);

    always @(posedge clk_i) begin
        if (rst_i)        valid_q <= 1'b0;
        else if (ready_o) valid_q <= valid_i;
    end
    always @(posedge clk_i) begin
        if (ready_o) begin
            word_q  <= word_i;
            walk_q  <= walk_i;
            base_q  <= base_i;
            tag_q   <= tag_i;
            flags_q <= flags_in;
        end else if (next_block) begin
            flags_q <= flags_q & ~first;
        end
    end

    // the chosen block, and what it adds to the base
    wire [Block-1:0]    block;
    wire [BaseBits-1:0] offset;
    generate
        for (i = 0; i < Block; i = i + 1) begin : g_block
            wire [Blocks-1:0] bits;
            for (b = 0; b < Blocks; b = b + 1) begin : g_bit
                assign bits[b] = word[b*Block + i] && first[b];
            end
            assign block[i] = |bits;
        end
        for (i = 0; i < BaseBits; i = i + 1) begin : g_offset
            wire [Blocks-1:0] bits;
            for (b = 0; b < Blocks; b = b + 1) begin : g_bit
                localparam [31:0] Offset = b * Block;
                assign bits[b] = (i < 32 && Offset[i % 32]) && first[b];
            end
            assign offset[i] = |bits;
        end
    endgenerate

    // ---- stage 2: the block
    reg                valid2_q, hit_q, end_q;
    reg [Block-1:0]    w_q, n_q;
    reg [BaseBits-1:0] base2_q;
    reg [Width-1:0]    lanes_q;
    reg [TagBits-1:0]  tag2_q;
    wire             block_end = n_q == {Block{1'b0}};
    wire [Block-1:0] source    = next_block ? block : n_q;
    assign next_block = !valid2_q || (ready_i && block_end);

    always @(posedge clk_i) begin
        if (rst_i)           valid2_q <= 1'b0;
        else if (next_block) valid2_q <= valid_q;
    end
    always @(posedge clk_i) begin
        if (next_block || ready_i) begin
            w_q <= source;
            n_q <= source & (source - 1'b1);
        end
        if (next_block) begin
            hit_q   <= |flags_q;
            end_q   <= !rest;
            base2_q <= base_q + offset;
            tag2_q  <= tag_q;
        end
    end
    always @(posedge clk_i) begin
        if (next_block && walk_q) lanes_q <= {Width{1'b0}};
        else if (next_block)      lanes_q <= word_q;
    end

    wire [Block-1:0] hot = w_q & ~n_q;   // the lowest one
    generate
        for (i = 0; i < IndexBits; i = i + 1) begin : g_index
            wire [Block-1:0] bits;
            for (b = 0; b < Block; b = b + 1) begin : g_bit
                localparam [31:0] Position = b;
                assign bits[b] = Position[i] && hot[b];
            end
            assign index_o[i] = |bits;
        end
    endgenerate

    assign valid_o = valid2_q;
    assign hit_o   = hit_q;
    assign base_o  = base2_q;
    assign lanes_o = lanes_q;
    assign last_o  = end_q && block_end;
    assign tag_o   = tag2_q;
endmodule

`default_nettype wire
