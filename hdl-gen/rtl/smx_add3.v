// smx_add3: sum of three words, modulo 2**Width.
//
// Six-input LUTs add three words with one LUT a bit: its five-input half gives the majority that the next bit adds. Tools
// of vendors find that by themselves; for Yosys, the module is exchanged for one of such LUTs where a family has them.
// Example: Width = 4: 7 + 7 + 7 gives 5.
`default_nettype none

module smx_add3 #(
    parameter Width = 8
) (
    input  wire [Width-1:0] a_i,
    input  wire [Width-1:0] b_i,
    input  wire [Width-1:0] c_i,
    output wire [Width-1:0] sum_o
);
    assign sum_o = a_i + b_i + c_i;
endmodule

`default_nettype wire
