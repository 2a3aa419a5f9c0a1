// smx_any: whether one of Count conditions holds.
`default_nettype none

module smx_any #(
    parameter Count = 2
) (
    input  wire [Count-1:0] data_i,
    output wire             any_o
);
    assign any_o = |data_i;
endmodule

`default_nettype wire
