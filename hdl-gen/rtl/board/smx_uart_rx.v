// smx_uart_rx: receiver of a serial line, 8N1: a start bit (low), eight data bits from the lowest on, a stop bit (high).
//
// A falling edge starts a byte; every bit is sampled in its middle. A start bit that is high in its middle was a glitch
// and is dropped. A stop bit that is low is an error: noise, another baud rate or a break; the next byte needs a new
// falling edge.
//
//   ClocksPerBit = 4, byte 8'h05, samples at ^ (the line passes two registers first):
//   line    ---\___/---\___/---\_______________________/----
//   bit        start 0   1   2   3   4   5   6   7   stop
//                ^   ^   ^   ^   ^   ^   ^   ^   ^   ^
//   valid_o ______________________________________________/\_
`default_nettype none

module smx_uart_rx #(
    parameter ClocksPerBit = 104   // clock / baud rate, at least 4
) (
    input  wire       clk_i,
    input  wire       rst_i,
    input  wire       rx_i,      // the line, asynchronous
    output wire       valid_o,   // pulse: data_o is a byte
    output wire [7:0] data_o,
    output wire       error_o    // pulse: a byte without its stop bit
);
    localparam CountBits = $clog2(ClocksPerBit);
    localparam Full = ClocksPerBit - 1, Half = ClocksPerBit / 2 - 1;
    localparam Start = 4'd0, Stop = 4'd9;

    reg [2:0] line_q;   // two stages against metastability, and the sample before
    always @(posedge clk_i) begin
        if (rst_i) line_q <= 3'b111;
        else       line_q <= {line_q[1:0], rx_i};
    end
    wire line    = line_q[1];
    wire falling = line_q[2] && !line;

    reg                 busy_q;
    reg [CountBits-1:0] count_q;   // clocks to the next sample
    reg [3:0]           bit_q;     // which bit it is
    reg [7:0]           shift_q;
    wire sample = busy_q && count_q == {CountBits{1'b0}};
    wire glitch = bit_q == Start && line;

    always @(posedge clk_i) begin
        if (rst_i)       busy_q <= 1'b0;
        else if (!busy_q) busy_q <= falling;
        else if (sample) busy_q <= bit_q != Stop && !glitch;
    end
    always @(posedge clk_i) begin
        if (!busy_q) begin
            count_q <= Half[CountBits-1:0];
            bit_q   <= Start;
        end else if (sample) begin
            count_q <= Full[CountBits-1:0];
            bit_q   <= bit_q + 1'b1;
        end else begin
            count_q <= count_q - 1'b1;
        end
        if (sample && bit_q != Stop) shift_q <= {line, shift_q[7:1]};   // the start bit falls out at the end
    end

    reg valid_q, error_q;
    always @(posedge clk_i) begin
        valid_q <= sample && bit_q == Stop && line && !rst_i;
        error_q <= sample && bit_q == Stop && !line && !rst_i;
    end
    assign valid_o = valid_q;
    assign error_o = error_q;
    assign data_o  = shift_q;
endmodule

`default_nettype wire
