// smx_add3: sum of three words and a constant, modulo 2**To.
//
// Six-input LUTs add three words with one LUT a bit: its five-input half gives the majority that the next bit adds. Tools
// of vendors find that by themselves, without constants; for Yosys, synthesis exchanges the module for one of such LUTs
// where a family has them. There, flipped bits are free, and so are what Extra adds to the lowest bit (0 to 2) and, of
// unsigned terms, to bit From (0 or 1).
// Example: From = 4, To = 6, Signed = 1: -8, -8 and 7 give -9. From = 4, To = 6, Flip = 1: 0, 0 and 15 give 23.
`default_nettype none

module smx_add3 #(
    parameter From   = 8,   // bits of a term
    parameter To     = 8,   // bits of the sum, From or more
    parameter Signed = 0,   // 1: terms are extended by their top bit
    parameter Flip   = 0,   // 1: the top bit of each term comes inverted
    parameter Extra  = 0
) (
    input  wire [From-1:0] a_i,
    input  wire [From-1:0] b_i,
    input  wire [From-1:0] c_i,
    output wire [To-1:0]   sum_o
);
    wire [3*From-1:0] terms = {c_i, b_i, a_i};
    wire [3*To-1:0]   extended;

    genvar j;
    generate
        for (j = 0; j < 3; j = j + 1) begin : g_term
            wire top = terms[j*From + From-1] ^ (Flip != 0);
            if (From > 1) begin : g_low
                assign extended[j*To +: From-1] = terms[j*From +: From-1];
            end
            assign extended[j*To + From-1] = top;
            if (To > From) begin : g_extend
                assign extended[j*To + From +: To-From] = {(To-From){top && Signed != 0}};
            end
        end
    endgenerate
    assign sum_o = extended[0 +: To] + extended[To +: To] + extended[2*To +: To] + Extra[To-1:0];
endmodule

`default_nettype wire
