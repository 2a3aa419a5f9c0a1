// smx_gray_walk: the 16 subsets of 4 weights in Gray order, one a cycle: each next one differs by one weight.
//
// Timeline: start_i in cycle n; valid_o with subset_o = 0000, 0001, 0011, 0010, 0110 .. 1000 in cycles n+1 to n+16.
// flip_o and remove_o say how the next subset comes about: weight flip_o joins it, or leaves it. The step behind the
// last subset removes weight 3: the sum is zero again. start_i may come in cycle n+16, not before.
`default_nettype none

module smx_gray_walk (
    input  wire       clk_i,
    input  wire       rst_i,
    input  wire       start_i,    // pulse
    output wire       valid_o,
    output wire       last_o,     // with valid_o: the last subset
    output wire [3:0] subset_o,
    output wire [1:0] flip_o,
    output wire       remove_o
);
    reg       busy_q;
    reg [3:0] count_q;
    always @(posedge clk_i) begin
        if (rst_i)       busy_q <= 1'b0;
        else if (start_i) busy_q <= 1'b1;
        else if (last_o) busy_q <= 1'b0;
    end
    always @(posedge clk_i) begin
        if (start_i) count_q <= 4'd0;
        else         count_q <= count_q + 1'b1;
    end
    assign valid_o  = busy_q;
    assign last_o   = busy_q && count_q == 4'd15;
    assign subset_o = count_q ^ {1'b0, count_q[3:1]};
    // the bit that flips is the lowest zero of the count; the last step flips bit 3 back
    assign flip_o   = !count_q[0] ? 2'd0 : !count_q[1] ? 2'd1 : !count_q[2] ? 2'd2 : 2'd3;
    assign remove_o = subset_o[flip_o];
endmodule

`default_nettype wire
