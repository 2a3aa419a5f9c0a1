// smx_resize: a signed value in another width; cutting is safe where the static bound says that the value fits.
`default_nettype none

module smx_resize #(
    parameter From = 8,
    parameter To   = 12
) (
    input  wire [From-1:0] data_i,
    output wire [To-1:0]   data_o
);
    generate
        if (To > From) begin : g_extend
            assign data_o = {{(To - From){data_i[From-1]}}, data_i};
        end else if (To == From) begin : g_same
            assign data_o = data_i;
        end else begin : g_cut
            assign data_o = data_i[To-1:0];
            wire unused = &{1'b0, data_i[From-1:To]};
        end
    endgenerate
endmodule

`default_nettype wire
