// smx_board_reset: holds a design in reset after power-on and as long as a button is pressed.
//
// Relies on registers that wake up as zero when the device is configured, as those of FPGAs do.
`default_nettype none

module smx_board_reset #(
    parameter ActiveLow = 0    // the button reads 0 while it is pressed
) (
    input  wire clk_i,
    input  wire button_i,      // asynchronous
    output wire rst_o          // synchronous, active high; for at least 255 clocks
);
    localparam Pressed = ActiveLow == 0;

    reg [1:0] button_q = 2'd0;
    reg [7:0] count_q = 8'd0;
    reg       released_q = 1'b0;
    wire pressed = button_q[1] == Pressed;
    always @(posedge clk_i) begin
        button_q   <= {button_q[0], button_i};
        count_q    <= pressed ? 8'd0 : count_q + {7'd0, !(&count_q)};
        released_q <= &count_q && !pressed;
    end
    assign rst_o = !released_q;
endmodule

`default_nettype wire
