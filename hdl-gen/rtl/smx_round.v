// smx_round: arithmetic right shift by a constant with rounding to nearest, ties up: floor(x / 2**Drop + 1/2).
`default_nettype none

module smx_round #(
    parameter Width = 16,   // signed; the sum with one half must fit modulo 2**Width
    parameter Drop  = 4,    // fractional bits dropped; 0 is a wire
    parameter To    = 12
) (
    input  wire [Width-1:0] data_i,
    output wire [To-1:0]    data_o
);
    generate
        if (Drop == 0) begin : g_wire
            smx_resize #(.From(Width), .To(To)) u_resize (.data_i(data_i), .data_o(data_o));
        end else begin : g_round
            wire [Width-1:0] sum = data_i + {{(Width - Drop){1'b0}}, 1'b1, {(Drop - 1){1'b0}}};
            smx_resize #(.From(Width - Drop), .To(To)) u_resize (.data_i(sum[Width-1:Drop]), .data_o(data_o));
            wire unused = &{1'b0, sum[Drop-1:0]};
        end
    endgenerate
endmodule

`default_nettype wire
