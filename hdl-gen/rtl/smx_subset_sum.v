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
    input  wire [1:0]              flip_i,      // the weight that joins or leaves the subset in the next cycle
    input  wire                    remove_i,    // the last cycle's weight leaves
    input  wire [4*WeightBits-1:0] weights_i,   // hold from the cycle of clear_i on, for 15 cycles
    output wire [TableBits-1:0]    sum_o        // signed
);
    reg  [TableBits-1:0]  sum_q;
    reg  [WeightBits-1:0] weight_q;
    wire [WeightBits-1:0] weight;
    smx_select #(.Count(4), .Width(WeightBits), .SelectBits(2)) u_weight (
        .select_i(flip_i), .choices_i(weights_i), .data_o(weight));
    // One adder, as a subtractor, whose carry chain takes the sum as it is: a + b = a - ~b - 1. The 1 comes as the borrow
    // of an additional lowest bit.
    wire                  joins = !remove_i;
    wire [TableBits:0]    subtrahend = {{{2{weight_q[WeightBits-1]}}, weight_q} ^ {TableBits{joins}}, joins};
    wire [TableBits:0]    next = {sum_q, 1'b0} - subtrahend;
    wire                  unused = &{1'b0, next[0]};
    always @(posedge clk_i) begin
        weight_q <= weight;
        if (clear_i) sum_q <= {TableBits{1'b0}};
        else         sum_q <= next[TableBits:1];
    end
    assign sum_o = sum_q;
endmodule

`default_nettype wire
