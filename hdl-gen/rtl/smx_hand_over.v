// smx_hand_over: who owns which bank of a double buffer between two segments that work on different images.
//
// The segment in front fills bank fill_bank_o if free_o; with fill_done_i it is full. The segment behind takes bank
// take_bank_o if ready_o; with take_done_i it is free again. A full bank belongs to the segment behind, a free one to the
// segment in front. Both take turns, so images stay in order.
`default_nettype none

module smx_hand_over (
    input  wire       clk_i,
    input  wire       rst_i,
    input  wire       fill_done_i,   // pulse: the bank is filled
    input  wire       take_done_i,   // pulse: the bank has been used
    output wire       free_o,        // a bank may be filled
    output wire       ready_o,       // a bank is full
    output wire [1:0] full_o,        // of each bank
    output wire       fill_bank_o,
    output wire       take_bank_o
);
    // bit by bit: an index into full_q would be built as an adder and a shifter
    reg [1:0] full_q;
    reg       fill_q, take_q;
    wire [1:0] filled = {fill_done_i && fill_q, fill_done_i && !fill_q};
    wire [1:0] taken  = {take_done_i && take_q, take_done_i && !take_q};
    always @(posedge clk_i) begin
        if (rst_i) begin
            full_q <= 2'b00;
            fill_q <= 1'b0;
            take_q <= 1'b0;
        end else begin
            full_q <= (full_q | filled) & ~taken;
            fill_q <= fill_q ^ fill_done_i;
            take_q <= take_q ^ take_done_i;
        end
    end
    assign free_o      = fill_q ? !full_q[1] : !full_q[0];
    assign ready_o     = take_q ? full_q[1] : full_q[0];
    assign full_o      = full_q;
    assign fill_bank_o = fill_q;
    assign take_bank_o = take_q;
endmodule

`default_nettype wire
