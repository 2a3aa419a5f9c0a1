// smx_gray_walk: the 16 subsets of 4 weights in Gray order, one a cycle: each next one differs by one weight.
//
// Timeline: start_i in cycle n; valid_o with subset_o = 0000, 0001, 0011, 0010, 0110 .. 1000 in cycles n+1 to n+16.
// Beside a subset, remove_o says how the next one comes about: a weight leaves it, else one joins it. Which one flip_o says
// a cycle earlier, from cycle n on, so that the weight can be fetched into a register. The step behind the last subset
// removes weight 3: the sum is zero again. start_i may come in cycle n+16, not before.
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
    reg        busy_q;
    reg  [3:0] count_q;
    reg  [1:0] flip_q;
    wire [3:0] count_d = start_i ? 4'd0 : count_q + 1'b1;
    always @(posedge clk_i) begin
        if (rst_i)       busy_q <= 1'b0;
        else if (start_i) busy_q <= 1'b1;
        else if (last_o) busy_q <= 1'b0;
    end
    always @(posedge clk_i) begin
        count_q <= count_d;
        flip_q  <= flip_o;
    end
    assign valid_o  = busy_q;
    assign last_o   = busy_q && count_q == 4'd15;
    assign subset_o = count_q ^ {1'b0, count_q[3:1]};
    // the bit that flips is the lowest zero of the count; the last step flips bit 3 back
    assign flip_o   = !count_d[0] ? 2'd0 : !count_d[1] ? 2'd1 : !count_d[2] ? 2'd2 : 2'd3;
    assign remove_o = subset_o[flip_q];
endmodule

`default_nettype wire
