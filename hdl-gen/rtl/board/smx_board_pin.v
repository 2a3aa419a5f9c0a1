// smx_board_pin: a level that a board wants inverted, such as an LED that is lit at 0.
`default_nettype none

module smx_board_pin #(
    parameter Invert = 0
) (
    input  wire data_i,
    output wire data_o
);
    assign data_o = Invert != 0 ? !data_i : data_i;
endmodule

`default_nettype wire
