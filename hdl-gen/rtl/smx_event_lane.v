// smx_event_lane: one accumulate lane of the event-driven style: adds the weight of one event a cycle.
//
// The weight of an event comes out of its row of the weight memory, which is a row of zeros where there is no event, so
// that nothing gates the adder; an axial weight is the same for all lanes and gated by the lane's own spike. At the end
// of a round the sum moves to the result, which stands there while the lane already adds the next round.
`default_nettype none

module smx_event_lane #(
    parameter WeightBits = 4,
    parameter AccBits    = 10   // signed; holds every partial sum (static bound of the weights)
) (
    input  wire                  clk_i,
    input  wire                  rst_i,
    // cycle 0
    input  wire [WeightBits-1:0] weight_i,         // of the event, or zero
    input  wire                  unsigned_i,       // the weight is a lower digit of a wider weight
    input  wire                  spike_i,          // of this lane, for the axial weight
    input  wire [WeightBits-1:0] axial_weight_i,   // signed
    // cycle 1, with the sum that contains it
    input  wire                  end_i,            // end of a round: the next one starts from zero
    input  wire                  load_i,           // with end_i: hand over the result
    output wire [AccBits-1:0]    result_o
);
    reg  [WeightBits:0] operand_q;
    wire [WeightBits-1:0] axial = axial_weight_i & {WeightBits{spike_i}};
    always @(posedge clk_i) begin
        operand_q <= {(weight_i[WeightBits-1] && !unsigned_i) || axial[WeightBits-1], weight_i | axial};
    end

    // Sums wrap modulo 2**AccBits: partial sums stay in range by the static bound, so no bit is lost.
    wire [AccBits-1:0] operand;
    smx_resize #(.From(WeightBits + 1), .To(AccBits)) u_operand (.data_i(operand_q), .data_o(operand));
    reg  [AccBits-1:0] acc_q, result_q;
    wire [AccBits-1:0] sum = acc_q + operand;
    always @(posedge clk_i) begin
        if (rst_i || end_i) acc_q <= {AccBits{1'b0}};
        else                acc_q <= sum;
    end
    always @(posedge clk_i) if (load_i) result_q <= sum;
    assign result_o = result_q;
endmodule

`default_nettype wire
