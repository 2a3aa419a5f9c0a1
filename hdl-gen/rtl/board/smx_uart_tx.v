// smx_uart_tx: transmitter of a serial line, 8N1: a start bit (low), eight data bits from the lowest on, a stop bit (high).
//
//   ClocksPerBit = 4, byte 8'h05:
//   valid_i _/-\______________________________________________
//   ready_o ---\_______________________________________/-------
//   tx_o    ----\___/---\___/---\___________________/----------
//   bit         start 0   1   2   3   4   5   6   7   stop
`default_nettype none

module smx_uart_tx #(
    parameter ClocksPerBit = 104   // clock / baud rate, at least 4
) (
    input  wire       clk_i,
    input  wire       rst_i,
    input  wire       valid_i,   // data_i is a byte to send
    output wire       ready_o,   // it is taken
    input  wire [7:0] data_i,
    output wire       tx_o       // the line, straight from a register
);
    localparam CountBits = $clog2(ClocksPerBit);
    localparam Full = ClocksPerBit - 1;
    localparam LastBit = 4'd9;

    reg                 busy_q;
    reg [CountBits-1:0] count_q;   // clocks left of this bit
    reg [3:0]           bit_q;
    reg [8:0]           shift_q;   // the bit on the line and those that follow, but the stop bit
    wire take = valid_i && !busy_q;
    wire next = busy_q && count_q == {CountBits{1'b0}};

    always @(posedge clk_i) begin
        if (rst_i)     busy_q <= 1'b0;
        else if (take) busy_q <= 1'b1;
        else if (next) busy_q <= bit_q != LastBit;
    end
    always @(posedge clk_i) begin
        if (take)        bit_q <= 4'd0;
        else if (next)   bit_q <= bit_q + 1'b1;
        if (take || next) count_q <= Full[CountBits-1:0];
        else             count_q <= count_q - 1'b1;
    end
    always @(posedge clk_i) begin
        if (rst_i)     shift_q <= 9'h1ff;
        else if (take) shift_q <= {data_i, 1'b0};
        else if (next) shift_q <= {1'b1, shift_q[8:1]};
    end
    assign ready_o = !busy_q;
    assign tx_o    = shift_q[0];
endmodule

`default_nettype wire
