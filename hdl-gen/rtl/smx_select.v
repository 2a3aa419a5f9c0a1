// smx_select: choice number select_i out of Count choices of Width bits; 0 beyond the last (the only one, if there is one).
//
// An indexed part-select `choices[select*Width +: Width]` would put a constant multiplier into the netlist; selecting
// each bit out of a vector of its own does not.
`default_nettype none

module smx_select #(
    parameter Count      = 4,
    parameter Width      = 8,
    parameter SelectBits = 2
) (
    input  wire [SelectBits-1:0]  select_i,
    input  wire [Count*Width-1:0] choices_i,
    output wire [Width-1:0]       data_o
);
    localparam Slots = 1 << SelectBits;   // every value of select_i finds a bit
    genvar w, c;
    generate
        if (Count == 1) begin : g_only
            assign data_o = choices_i;
            wire unused = &{1'b0, select_i};
        end else for (w = 0; w < Width; w = w + 1) begin : g_bit
            wire [Slots-1:0] choices;
            for (c = 0; c < Slots; c = c + 1) begin : g_choice
                if (c < Count) begin : g_used
                    assign choices[c] = choices_i[c*Width + w];
                end else begin : g_beyond
                    assign choices[c] = 1'b0;
                end
            end
            assign data_o[w] = choices[select_i];
        end
    endgenerate
endmodule

`default_nettype wire
