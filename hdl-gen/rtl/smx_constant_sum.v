// smx_constant_sum: sum of constant weights whose inputs fired, in tables of six and five weights.
//
// For matrices that never change, on parts with LUT6. A leaf sums 11 inputs: a table of six weights is one LUT a bit
// behind a register, and the table of five more hides in the LUTs of the adder that adds them. A tree of such leaves
// has no bit that its weights cannot reach. Module of modules: a tree is an adder between two smaller trees.
// Latency Levels + 2 cycles, the same for all inputs. Example: weights 3, -2, 5 with spikes_i = 3'b101: the sum is 8.
`default_nettype none

module smx_constant_sum #(
    parameter Inputs     = 11,
    parameter WeightBits = 4,                              // signed
    parameter Weights    = {Inputs*WeightBits{1'b0}},      // weight i in bits i*WeightBits and up
    // of adders above the leaves; more, so that two trees take the same time
    parameter Levels     = $clog2((Inputs + 10 - (Inputs + 10) % 11) / 11),
    parameter SumBits    = WeightBits + $clog2(Inputs)     // derived
) (
    input  wire               clk_i,
    input  wire [Inputs-1:0]  spikes_i,
    output wire [SumBits-1:0] sum_o       // signed
);
    function integer weight_of(input integer i);
        weight_of = {{(32 - WeightBits){Weights[i*WeightBits + WeightBits - 1]}}, Weights[i*WeightBits +: WeightBits]};
    endfunction

    // sum of the weights in a subset of the inputs First to First + 5; inputs that are not there weigh nothing
    function integer subset_sum(input integer first, input integer subset);
        integer j;
        begin
            subset_sum = 0;
            for (j = 0; j < 6; j = j + 1) begin
                if (first + j < Inputs && ((subset >> j) & 1) == 1) subset_sum = subset_sum + weight_of(first + j);
            end
        end
    endfunction

    // bits that hold every sum of some of the first Count weights
    function integer sum_bits(input integer count);
        integer j, least, most;
        begin
            least = 0;
            most  = 0;
            for (j = 0; j < count && j < Inputs; j = j + 1) begin
                if (weight_of(j) < 0) least = least + weight_of(j);
                else                  most  = most + weight_of(j);
            end
            sum_bits = 1;
            while (least < -(1 << (sum_bits - 1)) || most >= (1 << (sum_bits - 1))) sum_bits = sum_bits + 1;
        end
    endfunction

    localparam Bits = sum_bits(Inputs);
    reg signed [Bits-1:0] sum_q;
    generate
        if (Levels == 0) begin : g_leaf
            localparam TableBits = sum_bits(6);
            wire [10:0]                spikes;
            if (Inputs < 11) begin : g_pad
                assign spikes = {{(11 - Inputs){1'b0}}, spikes_i};
            end else begin : g_full
                assign spikes = spikes_i;
            end
            reg  [TableBits-1:0]       table_q;
            wire signed [Bits-1:0]     table_sum;
            reg  [4:0]                 rest_q;
            wire [TableBits-1:0]       first;
            wire signed [Bits-1:0]     rest;
            wire [64*TableBits-1:0]    first_sums;
            wire [32*Bits-1:0]         rest_sums;
            genvar b, s;
            for (s = 0; s < 64; s = s + 1) begin : g_first_sum
                localparam integer Sum = subset_sum(0, s);
                assign first_sums[s*TableBits +: TableBits] = Sum[TableBits-1:0];
            end
            for (s = 0; s < 32; s = s + 1) begin : g_rest_sum
                localparam integer Sum = subset_sum(6, s);
                assign rest_sums[s*Bits +: Bits] = Sum[Bits-1:0];
            end
            for (b = 0; b < TableBits; b = b + 1) begin : g_first
                wire [63:0] column;   // bit b of all sums: one LUT
                for (s = 0; s < 64; s = s + 1) begin : g_row
                    assign column[s] = first_sums[s*TableBits + b];
                end
                assign first[b] = column[spikes[5:0]];
            end
            for (b = 0; b < Bits; b = b + 1) begin : g_rest
                wire [31:0] column;
                for (s = 0; s < 32; s = s + 1) begin : g_row
                    assign column[s] = rest_sums[s*Bits + b];
                end
                assign rest[b] = column[rest_q];
            end
            smx_resize #(.From(TableBits), .To(Bits)) u_table (.data_i(table_q), .data_o(table_sum));
            always @(posedge clk_i) begin
                table_q <= first;
                rest_q  <= spikes[10:6];
                sum_q   <= table_sum + rest;
            end
        end else begin : g_tree
            localparam Full = 11 << (Levels - 1);            // inputs of a full subtree
            localparam Left = (Inputs < Full) ? Inputs : Full;
            localparam LeftBits = WeightBits + $clog2(Left);
            wire [LeftBits-1:0]    left_sum;
            wire signed [Bits-1:0] left;
            smx_constant_sum #(.Inputs(Left), .WeightBits(WeightBits), .Weights(Weights[Left*WeightBits-1:0]),
                               .Levels(Levels - 1)) u_left (
                .clk_i(clk_i), .spikes_i(spikes_i[Left-1:0]), .sum_o(left_sum));
            smx_resize #(.From(LeftBits), .To(Bits)) u_left_exact (.data_i(left_sum), .data_o(left));
            if (Inputs > Left) begin : g_add
                localparam Right = Inputs - Left;
                localparam RightBits = WeightBits + $clog2(Right);
                wire [RightBits-1:0]   right_sum;
                wire signed [Bits-1:0] right;
                smx_constant_sum #(.Inputs(Right), .WeightBits(WeightBits),
                                   .Weights(Weights[Inputs*WeightBits-1:Left*WeightBits]), .Levels(Levels - 1)) u_right (
                    .clk_i(clk_i), .spikes_i(spikes_i[Inputs-1:Left]), .sum_o(right_sum));
                smx_resize #(.From(RightBits), .To(Bits)) u_right_exact (.data_i(right_sum), .data_o(right));
                always @(posedge clk_i) sum_q <= left + right;
            end else begin : g_pass
                always @(posedge clk_i) sum_q <= left;
            end
        end
    endgenerate
    smx_resize #(.From(Bits), .To(SumBits)) u_extend (.data_i(sum_q), .data_o(sum_o));
endmodule

`default_nettype wire
