// smx_partial_sums: sums of all lanes at one timestep for a block of positions, which pass by again and again.
//
// Timeline: in cycle n the sum of the position token_i is one cycle away; in cycle n+1 it is added to what the
// position had before, or to zero with first_i, and kept. With last_i it is a result. Results lie in a second memory:
// those of one block are drained while the sums of the next grow.
//
// The words of all lanes lie side by side, so that no bit of the LUT RAM is wasted.
//
// Example: one lane, token 3 with first_i and a sum of 5, sixteen or more cycles later with last_i and -2: its result is 3.
`default_nettype none

module smx_partial_sums #(
    parameter Lanes     = 8,
    parameter SumBits   = 8,    // signed
    parameter AccBits   = 12,   // signed; holds every partial sum (static bound of the weights)
    parameter PlaceBits = 5
) (
    input  wire                     clk_i,
    input  wire                     work_i,
    input  wire [PlaceBits-1:0]     token_i,
    input  wire                     first_i,
    input  wire                     last_i,
    input  wire [Lanes*SumBits-1:0] sums_i,          // of the last cycle's token
    input  wire                     drain_i,         // else results_o holds
    input  wire [PlaceBits-1:0]     drain_token_i,
    output wire [Lanes*AccBits-1:0] results_o        // signed, from the next cycle on
);
    reg                      work_q, last_q;
    reg  [PlaceBits-1:0]     token_q;
    reg  [Lanes*AccBits-1:0] partials_q, results_q;
    wire [Lanes*AccBits-1:0] partials, results, next;
    genvar p;
    generate
        for (p = 0; p < Lanes; p = p + 1) begin : g_lane
            wire [AccBits-1:0] sum;
            smx_resize #(.From(SumBits), .To(AccBits)) u_sum (.data_i(sums_i[p*SumBits +: SumBits]), .data_o(sum));
            assign next[p*AccBits +: AccBits] = partials_q[p*AccBits +: AccBits] + sum;
        end
    endgenerate

    smx_state_memory #(.Width(Lanes*AccBits), .Depth(1 << PlaceBits), .AddrBits(PlaceBits)) u_partials (
        .clk_i(clk_i), .write_i(work_q), .write_addr_i(token_q), .write_data_i(next),
        .read_addr_i(token_i), .read_data_o(partials));
    smx_state_memory #(.Width(Lanes*AccBits), .Depth(1 << PlaceBits), .AddrBits(PlaceBits)) u_results (
        .clk_i(clk_i), .write_i(work_q && last_q), .write_addr_i(token_q), .write_data_i(next),
        .read_addr_i(drain_token_i), .read_data_o(results));

    always @(posedge clk_i) begin
        work_q  <= work_i;
        last_q  <= last_i;
        token_q <= token_i;
        if (first_i) partials_q <= {Lanes*AccBits{1'b0}};
        else         partials_q <= partials;
        if (drain_i) results_q <= results;
    end
    assign results_o = results_q;
endmodule

`default_nettype wire
