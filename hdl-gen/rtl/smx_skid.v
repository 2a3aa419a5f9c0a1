// smx_skid: a place for one word, so that "ready" comes out of a register: what stops a pipeline then stops it a cycle
// later, and the word that came meanwhile waits here. It adds no cycle where nothing stops.
//
//   cycle     0   1   2   3
//   data_i    A   B   C   C
//   ready_o   1   1   0   1     B waits
//   data_o    A   B   B   C
//   ready_i   1   0   1   1
`default_nettype none

module smx_skid #(
    parameter Width = 8
) (
    input  wire             clk_i,
    input  wire             rst_i,
    input  wire             valid_i,
    output wire             ready_o,
    input  wire [Width-1:0] data_i,
    output wire             valid_o,
    input  wire             ready_i,
    output wire [Width-1:0] data_o
);
    reg             full_q;
    reg [Width-1:0] data_q;
    always @(posedge clk_i) begin
        if (rst_i) full_q <= 1'b0;
        else       full_q <= valid_o && !ready_i;
    end
    always @(posedge clk_i) if (!full_q) data_q <= data_i;
    assign ready_o = !full_q;
    assign valid_o = valid_i || full_q;
    assign data_o  = full_q ? data_q : data_i;
endmodule

`default_nettype wire
