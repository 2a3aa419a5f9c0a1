// smx_gate_shim: a netlist with the probes of the accelerator that it was made from, for the testbench of the Verilog.
//
// The wires of the top keep their names in the netlist, because its modules keep their boundaries. The LIF inputs lie
// deeper: here they are never valid, so the testbench must not compare currents.
`default_nettype none

module smx_gate_shim (
    input  wire        aclk,
    input  wire        aresetn,
    input  wire        s_axis_image_tvalid,
    output wire        s_axis_image_tready,
    input  wire [7:0]  s_axis_image_tdata,
    input  wire        s_axis_image_tlast,
    output wire        m_axis_result_tvalid,
    input  wire        m_axis_result_tready,
    output wire [31:0] m_axis_result_tdata,
    output wire        m_axis_result_tlast,
    output wire        busy,
    output wire        image_done,
    output wire [31:0] cycles,
    output wire [31:0] stalls,
    output wire        frame_error
);
    `include "smx_gate_params.vh"

    smx_gate_netlist u_netlist (
        .aclk(aclk), .aresetn(aresetn),
        .s_axis_image_tvalid(s_axis_image_tvalid), .s_axis_image_tready(s_axis_image_tready),
        .s_axis_image_tdata(s_axis_image_tdata), .s_axis_image_tlast(s_axis_image_tlast),
        .m_axis_result_tvalid(m_axis_result_tvalid), .m_axis_result_tready(m_axis_result_tready),
        .m_axis_result_tdata(m_axis_result_tdata), .m_axis_result_tlast(m_axis_result_tlast),
        .busy(busy), .image_done(image_done), .cycles(cycles), .stalls(stalls), .frame_error(frame_error));

    wire                       spike_write      = u_netlist.spike_write;
    wire [PassBits-1:0]        pass             = u_netlist.pass;
    wire [RowBits-1:0]         spike_write_row  = u_netlist.spike_write_row;
    wire [WordSelectBits-1:0]  spike_write_word = u_netlist.spike_write_word;
    wire [Lanes*Timesteps-1:0] spike_write_data = u_netlist.spike_write_data;

    smx_gate_currents #(.Neurons(Neurons), .CurrentBits(CurrentBits)) u_neuron_unit ();
endmodule

`default_nettype wire
