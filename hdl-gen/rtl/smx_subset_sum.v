// smx_subset_sum: the words of one table of smx_table_sum, one a cycle, by one adder; smx_gray_walk leads it.
//
// clear_i in the cycle of the walk's start_i; then sum_o belongs to the walk's subset_o of the same cycle.
// Example: weights 3, -2, 5, 1: sums 0, 3, 1, -2, 3 .. for subsets 0000, 0001, 0011, 0010, 0110 ..
`default_nettype none

module smx_subset_sum #(
    parameter WeightBits = 4,               // signed
    parameter TableBits  = WeightBits + 2   // derived
) (
    input  wire                    clk_i,
    input  wire                    clear_i,
    input  wire [1:0]              flip_i,      // the weight that joins or leaves the subset
    input  wire                    remove_i,    // it leaves
    input  wire [4*WeightBits-1:0] weights_i,   // hold from the cycle behind clear_i on, for 15 cycles
    output wire [TableBits-1:0]    sum_o        // signed
);
    reg  [TableBits-1:0]  sum_q;
    wire [WeightBits-1:0] weight = weights_i[flip_i*WeightBits +: WeightBits] ^ {WeightBits{remove_i}};
    // one adder: a - b = a + ~b + 1, and the 1 comes as the carry out of an additional lowest bit
    wire [TableBits:0]    next = {sum_q, remove_i} + {{2{weight[WeightBits-1]}}, weight, remove_i};
    wire                  unused = &{1'b0, next[0]};
    always @(posedge clk_i) begin
        if (clear_i) sum_q <= {TableBits{1'b0}};
        else         sum_q <= next[TableBits:1];
    end
    assign sum_o = sum_q;
endmodule

`default_nettype wire
