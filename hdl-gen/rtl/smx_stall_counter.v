// smx_stall_counter: cycles of an image in which something waits.
//
// Starts with 0 in the first cycle of busy_i and holds behind the last, like the counters of smx_sequencer.
`default_nettype none

module smx_stall_counter (
    input  wire        clk_i,
    input  wire        rst_i,
    input  wire        busy_i,    // an image is being worked on; low for a cycle between two images
    input  wire        stall_i,   // not in the first cycle of busy_i
    output wire [31:0] count_o
);
    reg        busy_q;
    reg [31:0] count_q;
    always @(posedge clk_i) begin
        busy_q <= busy_i && !rst_i;
        if (rst_i || (busy_i && !busy_q)) count_q <= 32'd0;
        else if (stall_i)                 count_q <= count_q + 32'd1;
    end
    assign count_o = count_q;
endmodule

`default_nettype wire
