// smx_harness: the accelerator with its inside brought out for a testbench. Simulation only.
//
// The macro SMX_TOP names the design under test; the parameters are constants of its plan. Both are set on the command
// line, so that one text serves all designs. The probes are hierarchical references: they cost the synthesized design
// nothing, and the design does not know that it is watched.
//
// With the macro SMX_SPIKE_MAPS the spike memory starts with what mem/spike-maps-BANK.mem says: a program that begins
// in the middle of the network finds the maps that the passes before it would have written.
//
// With the macro SMX_TOGGLES the registers come out whose changes an energy model counts, with SMX_UTILISATION what works
// in a cycle: the array takes operands or, with SMX_EVENT, adds a weight row; the neuron unit takes a step.
`default_nettype none

module smx_harness #(
    parameter Lanes          = 1,
    parameter Neurons        = 1,
    parameter Timesteps      = 1,
    parameter PassBits       = 1,   // bits of a pass number
    parameter RowBits        = 1,   // bits of a row of the spike memory
    parameter WordSelectBits = 1,   // bits of a word number within a row
    parameter RowWords       = 1,   // words of a row: banks of the spike memory; for SMX_SPIKE_MAPS
    parameter CurrentBits    = 1,   // bits of a LIF input
    // for SMX_TOGGLES
    parameter Inputs         = 1,
    parameter WeightBits     = 1,
    parameter PlaneWeightBits = 1,
    parameter AccBits        = 1,
    parameter PlaneAccBits   = 1,
    parameter WeightBusBits  = 64,  // with SMX_EXTERNAL
    parameter Segments       = 1,   // engines; more than one with SMX_SEGMENTS
    parameter SpikeBits      = Lanes * Timesteps   // bits of spike_data for a segment: whole bytes if there are several
) (
    input  wire        aclk,
    input  wire        aresetn,
    input  wire        image_tvalid,
    output wire        image_tready,
    input  wire [7:0]  image_tdata,
    input  wire        image_tlast,
    output wire        result_tvalid,
    input  wire        result_tready,
    output wire [31:0] result_tdata,
    output wire        result_tlast,
    // of each segment, the first in the lowest bits
    output wire [Segments-1:0]    image_done,
    output wire [Segments*32-1:0] cycles,
    output wire [Segments*32-1:0] stalls,
    output wire        frame_error,
    // weight frames, if SMX_WEIGHTS is defined: the design takes its weights from a stream
    input  wire        weights_tvalid,
    output wire        weights_tready,
    input  wire [31:0] weights_tdata,
    input  wire        weights_tlast,
    output wire        weights_loaded,
    output wire        weights_error,
`ifdef SMX_EXTERNAL
    // external memory, if weights are read from there
    input  wire        weights_valid,
    input  wire [39:0] weights_base,
    output wire        memory_arvalid,
    input  wire        memory_arready,
    output wire [39:0] memory_araddr,
    output wire [7:0]  memory_arlen,
    output wire [2:0]  memory_arsize,
    output wire [1:0]  memory_arburst,
    input  wire        memory_rvalid,
    output wire        memory_rready,
    input  wire [WeightBusBits-1:0] memory_rdata,
    input  wire [1:0]  memory_rresp,
    input  wire        memory_rlast,
    output wire [31:0] weight_stalls,
`endif
    // a word that goes to the spike memory
    output wire [Segments-1:0]    spike_write,
    output wire [Segments*32-1:0] spike_pass,
    output wire [Segments*32-1:0] spike_row,
    output wire [Segments*32-1:0] spike_word,
    output wire [Segments*SpikeBits-1:0] spike_data,
    // LIF inputs of Neurons neurons, 32 bits each, sign-extended
    output wire [Segments-1:0]            current_valid,
`ifdef SMX_TOGGLES
    output wire [Lanes*Timesteps*AccBits-1:0]      toggle_accumulators,
    output wire [Lanes*PlaneAccBits-1:0]           toggle_plane_accumulators,
    output wire [Lanes*Inputs*WeightBits-1:0]      toggle_weights,
    output wire [Lanes*Inputs*PlaneWeightBits-1:0] toggle_plane_weights,
    output wire [Inputs*Timesteps-1:0]             toggle_spikes,
`endif
`ifdef SMX_UTILISATION
    output wire                           use_working,   // an image is under way, and the result stream does not hold it up
    output wire                           use_array,
    output wire                           use_neurons,
`endif
    output wire [Segments*Neurons*32-1:0] current_data
);
    wire busy, last_done;
    wire [31:0] last_cycles, last_stalls;   // of the last segment
`ifdef SMX_EXTERNAL
    wire [3:0] memory_arcache;
    wire [2:0] memory_arprot;
    wire unused_memory = &{1'b0, memory_arcache, memory_arprot};
`endif
    `SMX_TOP u_dut (
        .aclk(aclk), .aresetn(aresetn),
        .s_axis_image_tvalid(image_tvalid), .s_axis_image_tready(image_tready),
        .s_axis_image_tdata(image_tdata), .s_axis_image_tlast(image_tlast),
        .m_axis_result_tvalid(result_tvalid), .m_axis_result_tready(result_tready),
        .m_axis_result_tdata(result_tdata), .m_axis_result_tlast(result_tlast),
`ifdef SMX_WEIGHTS
        .s_axis_weights_tvalid(weights_tvalid), .s_axis_weights_tready(weights_tready),
        .s_axis_weights_tdata(weights_tdata), .s_axis_weights_tlast(weights_tlast),
        .weights_loaded(weights_loaded), .weights_error(weights_error),
`endif
`ifdef SMX_EXTERNAL
        .weights_valid(weights_valid), .weights_base(weights_base),
        .m_axi_weights_arvalid(memory_arvalid), .m_axi_weights_arready(memory_arready),
        .m_axi_weights_araddr(memory_araddr), .m_axi_weights_arlen(memory_arlen),
        .m_axi_weights_arsize(memory_arsize), .m_axi_weights_arburst(memory_arburst),
        .m_axi_weights_arcache(memory_arcache), .m_axi_weights_arprot(memory_arprot),
        .m_axi_weights_rvalid(memory_rvalid), .m_axi_weights_rready(memory_rready),
        .m_axi_weights_rdata(memory_rdata), .m_axi_weights_rresp(memory_rresp), .m_axi_weights_rlast(memory_rlast),
        .weights_error(weights_error), .weight_stalls(weight_stalls),
`endif
        .busy(busy), .image_done(last_done), .cycles(last_cycles), .stalls(last_stalls), .frame_error(frame_error));
    wire unused_parameters = Inputs + WeightBits + PlaneWeightBits + AccBits + PlaneAccBits + WeightBusBits != 0;
    wire unused = &{1'b0, unused_parameters, busy, weights_tvalid, weights_tdata, weights_tlast, RowWords != 0};
`ifndef SMX_WEIGHTS
    assign weights_tready = 1'b0;
    assign weights_loaded = 1'b1;
`ifndef SMX_EXTERNAL
    assign weights_error  = 1'b0;
`endif
`endif

`ifdef SMX_SPIKE_MAPS
    genvar b;
    generate
        for (b = 0; b < RowWords; b = b + 1) begin : g_spike_map
            reg [8*32-1:0] path;
            initial $sformat(path, "mem/spike-maps-%0d.mem", b);
            // Within the reset: what registers hold at power-up may write once in front of it.
            always @(posedge aclk) if (u_dut.rst) $readmemh(path, u_dut.u_spikes.g_bank[b].u_ram.mem);
        end
    endgenerate
`endif

`ifdef SMX_TOGGLES
    genvar p, t;
    generate
        for (p = 0; p < Lanes; p = p + 1) begin : g_toggle_lane
            for (t = 0; t < Timesteps; t = t + 1) begin : g_toggle_step
                assign toggle_accumulators[(p*Timesteps + t)*AccBits +: AccBits] =
                    u_dut.u_spike_array.g_lane[p].g_timestep[t].u_lane.acc_q;
            end
            assign toggle_plane_accumulators[p*PlaneAccBits +: PlaneAccBits] =
                u_dut.u_plane_array.g_lane[p].u_lane.acc_q;
        end
    endgenerate
    assign toggle_weights       = u_dut.spike_weights;
    assign toggle_plane_weights = u_dut.plane_weights;
    assign toggle_spikes        = u_dut.dense_spikes;
`endif

`ifdef SMX_UTILISATION
    assign use_working = u_dut.u_sequencer.busy_o && !u_dut.u_sequencer.stall;
    assign use_neurons = u_dut.u_neuron_unit.valid;
`ifdef SMX_EVENT
    assign use_array   = u_dut.u_issue.fire && (u_dut.u_issue.hit_i || u_dut.u_issue.lane_wise_i);
`else
    assign use_array   = u_dut.u_gather.issue;
`endif
`endif

`ifdef SMX_SEGMENTS
    // written for the build: the same for each u_dut.u_segment_N
    `include "smx_probes.vh"
    wire unused_last = &{1'b0, last_done, last_cycles, last_stalls,
                         Lanes + Timesteps + PassBits + RowBits + WordSelectBits + CurrentBits != 0};
`else
    assign image_done = last_done;
    assign cycles     = last_cycles;
    assign stalls     = last_stalls;

    assign spike_write = u_dut.spike_write;
    assign spike_pass  = {{(32 - PassBits){1'b0}}, u_dut.pass};
    assign spike_row   = {{(32 - RowBits){1'b0}}, u_dut.spike_write_row};
    assign spike_word  = {{(32 - WordSelectBits){1'b0}}, u_dut.spike_write_word};
    assign spike_data  = u_dut.spike_write_data;

    assign current_valid = u_dut.u_neuron_unit.current_valid;
    genvar u;
    generate
        for (u = 0; u < Neurons; u = u + 1) begin : g_current
            wire [CurrentBits-1:0] current = u_dut.u_neuron_unit.g_neuron[u].current;
            assign current_data[u*32 +: 32] = {{(32 - CurrentBits){current[CurrentBits-1]}}, current};
        end
    endgenerate
`endif
endmodule

`default_nettype wire
