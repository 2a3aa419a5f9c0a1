// smx_result_stream: AXI4-Stream source of results: class, then the logits in order of their class, tlast on the last.
//
// Every beat is 32 bits: the class as unsigned number, the logits sign-extended. The logits may be written again as
// soon as ready_o is high.
`default_nettype none

module smx_result_stream #(
    parameter Classes   = 10,
    parameter ClassBits = 4,
    parameter LogitBits = 20   // at most 32
) (
    input  wire                 clk_i,
    input  wire                 rst_i,
    input  wire                 logit_valid_i,
    input  wire [ClassBits-1:0] logit_class_i,
    input  wire [LogitBits-1:0] logit_i,
    input  wire                 done_i,            // pulse: all logits are written, class_i is valid
    input  wire [ClassBits-1:0] class_i,
    output wire                 ready_o,           // no result is waiting to be sent
    // AXI4-Stream source
    output wire                 m_axis_tvalid_o,
    input  wire                 m_axis_tready_i,
    output wire [31:0]          m_axis_tdata_o,
    output wire                 m_axis_tlast_o
);
    localparam LastClass = Classes - 1;

    reg                 sending_q;
    reg                 valid_q;     // the beat on the bus is valid; its successor is being read
    reg                 first_q;     // the beat is the class
    reg [ClassBits-1:0] class_q;
    reg [ClassBits-1:0] index_q;     // logit of the beat
    wire last = !first_q && index_q == LastClass[ClassBits-1:0];
    wire take = valid_q && m_axis_tready_i;

    always @(posedge clk_i) begin
        if (rst_i) begin
            sending_q <= 1'b0;
            valid_q   <= 1'b0;
        end else if (!sending_q) begin
            sending_q <= done_i;
            valid_q   <= done_i;
        end else begin
            if (take) begin
                valid_q   <= 1'b0;
                sending_q <= !last;
            end else begin
                valid_q   <= 1'b1;
            end
        end
    end
    always @(posedge clk_i) begin
        if (!sending_q) begin
            first_q <= 1'b1;
            class_q <= class_i;
            index_q <= {ClassBits{1'b0}};
        end else if (take) begin
            first_q <= 1'b0;
            index_q <= first_q ? index_q : index_q + 1'b1;
        end
    end

    wire [LogitBits-1:0] logit;
    smx_ram #(.Width(LogitBits), .Depth(Classes), .AddrBits(ClassBits)) u_logits (
        .clk_i(clk_i), .write_i(logit_valid_i), .write_addr_i(logit_class_i), .write_data_i(logit_i),
        .read_i(1'b1), .read_addr_i(index_q), .read_data_o(logit));
    wire [31:0] logit_ext;
    smx_resize #(.From(LogitBits), .To(32)) u_extend (.data_i(logit), .data_o(logit_ext));

    assign ready_o         = !sending_q;
    assign m_axis_tvalid_o = valid_q;
    assign m_axis_tdata_o  = first_q ? {{(32 - ClassBits){1'b0}}, class_q} : logit_ext;
    assign m_axis_tlast_o  = last;
endmodule

`default_nettype wire
