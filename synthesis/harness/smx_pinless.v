// smx_pinless: an accelerator on three pins, to place it on a device whose package has fewer pins than it has ports.
//
// Inputs come out of a shift register, outputs are folded into one parity bit: every port hangs on a register, so the
// paths inside are those of the accelerator alone, and nothing is optimized away. Not meant to be used as hardware.
// The accelerator is named by the macro SMX_TOP; SMX_WEIGHTS says that it takes weights from a stream, SMX_EXTERNAL that
// it reads them from a memory with beats of so many bits.
`default_nettype none

module smx_pinless (
    input  wire clk_i,
    input  wire serial_i,
    output wire parity_o
);
`ifdef SMX_WEIGHTS
    localparam InputBits = 46, OutputBits = 105, Folded = 27;
`elsif SMX_EXTERNAL
    localparam InputBits = 58 + `SMX_EXTERNAL, OutputBits = 197, Folded = 50;
`else
    localparam InputBits = 12, OutputBits = 102, Folded = 26;
`endif

    reg  [InputBits-1:0]  inputs_q;
    wire [OutputBits-1:0] outputs;
    always @(posedge clk_i) inputs_q <= {inputs_q[InputBits-2:0], serial_i};

    `SMX_TOP u_accelerator (
        .aclk                 (clk_i),
        .aresetn              (inputs_q[0]),
        .s_axis_image_tvalid  (inputs_q[1]),
        .s_axis_image_tready  (outputs[0]),
        .s_axis_image_tdata   (inputs_q[9:2]),
        .s_axis_image_tlast   (inputs_q[10]),
        .m_axis_result_tvalid (outputs[1]),
        .m_axis_result_tready (inputs_q[11]),
        .m_axis_result_tdata  (outputs[33:2]),
        .m_axis_result_tlast  (outputs[34]),
`ifdef SMX_WEIGHTS
        .s_axis_weights_tvalid (inputs_q[12]),
        .s_axis_weights_tready (outputs[102]),
        .s_axis_weights_tdata  (inputs_q[44:13]),
        .s_axis_weights_tlast  (inputs_q[45]),
        .weights_loaded        (outputs[103]),
        .weights_error         (outputs[104]),
`endif
`ifdef SMX_EXTERNAL
        .weights_valid          (inputs_q[12]),
        .weights_base           (inputs_q[52:13]),
        .m_axi_weights_arready  (inputs_q[53]),
        .m_axi_weights_rvalid   (inputs_q[54]),
        .m_axi_weights_rresp    (inputs_q[56:55]),
        .m_axi_weights_rlast    (inputs_q[57]),
        .m_axi_weights_rdata    (inputs_q[58 +: `SMX_EXTERNAL]),
        .m_axi_weights_arvalid  (outputs[102]),
        .m_axi_weights_araddr   (outputs[142:103]),
        .m_axi_weights_arlen    (outputs[150:143]),
        .m_axi_weights_arsize   (outputs[153:151]),
        .m_axi_weights_arburst  (outputs[155:154]),
        .m_axi_weights_arcache  (outputs[159:156]),
        .m_axi_weights_arprot   (outputs[162:160]),
        .m_axi_weights_rready   (outputs[163]),
        .weights_error          (outputs[164]),
        .weight_stalls          (outputs[196:165]),
`endif
        .busy                 (outputs[35]),
        .image_done           (outputs[36]),
        .cycles               (outputs[68:37]),
        .stalls               (outputs[100:69]),
        .frame_error          (outputs[101]));

    // two levels: four bits a register, then all of them
    reg [Folded-1:0] folded_q;
    reg              parity_q;
    wire [4*Folded-1:0] padded = {{(4*Folded - OutputBits){1'b0}}, outputs};
    genvar i;
    generate
        for (i = 0; i < Folded; i = i + 1) begin : g_fold
            always @(posedge clk_i) folded_q[i] <= ^padded[4*i +: 4];
        end
    endgenerate
    always @(posedge clk_i) parity_q <= ^folded_q;
    assign parity_o = parity_q;
endmodule

`default_nettype wire
