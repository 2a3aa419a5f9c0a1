// smx_operands: picks the operands of one cycle out of the memory rows that smx_gather addressed a cycle before.
//
// Registers the gather's selections by one cycle, so that they meet the memories' data, and gates everything with
// `valid`: a padding tap and an idle cycle read as silent spikes. What was picked leaves through a register, because it
// comes late out of a memory and every lane waits for it.
//
// With planes on the spike array (PlaneLanes), a plane takes the place of the spikes of one timestep: that of the digit
// of the weights, the last one if there are more digits. All other timesteps are silent then.
`default_nettype none

module smx_operands #(
    parameter Lanes     = 8,
    parameter Inputs    = 8,
    parameter Timesteps = 4,
    parameter RowSlots  = 8,        // channels of a spike memory row: lcm(Lanes, Inputs)
    parameter SliceSelectBits = 1,  // bits of a slice number within a row
    parameter WordSelectBits  = 1,  // bits of a word number within a row
    parameter PlaneBits = 3,        // bits of a plane number: clog2(max(8, Timesteps))
    parameter PlaneLanes = 0,       // of smx_spike_array; 0: planes have an array of their own
    parameter DigitBits  = 1
) (
    input  wire                            clk_i,
    input  wire                            rst_i,
    // with the address
    input  wire                            valid_i,
    input  wire [SliceSelectBits-1:0]      slice_i,    // slice of Inputs channels within the row
    input  wire [WordSelectBits-1:0]       word_i,     // word of Lanes channels within the row (lane-wise)
    input  wire [PlaneBits-1:0]            plane_i,    // bit plane, 0 first: pixel bit 7 - plane or timestep
    input  wire [DigitBits-1:0]            digit_i,    // of the weights of a plane
    input  wire                            double_i,   // double the accumulators before this sum
    input  wire                            last_i,     // last operands of a tile
    input  wire                            lane_wise_i,
    input  wire                            planes_i,   // the operands are planes
    input  wire                            pixels_i,   // the planes are those of pixels
    // a cycle later, from the memories
    input  wire [RowSlots*Timesteps-1:0]   row_i,
    input  wire [Inputs*8-1:0]             pixels_row_i,
    // operands, a cycle behind the data
    output wire                            lane_wise_o,
    output wire                            double_o,
    output wire                            last_o,
    output wire [Inputs*Timesteps-1:0]     spikes_o,        // dense slice
    output wire [Lanes*Timesteps-1:0]      lane_spikes_o,   // lane-wise word
    output wire [Inputs-1:0]               plane_silent_o   // bits of the plane that are zero
);
    localparam Slices  = RowSlots / Inputs;
    localparam Words   = RowSlots / Lanes;
    localparam CtlBits = SliceSelectBits + WordSelectBits + PlaneBits + DigitBits + 6;

    wire [SliceSelectBits-1:0] slice_sel;
    wire [WordSelectBits-1:0]  word_sel;
    wire [PlaneBits-1:0]       plane;
    wire [DigitBits-1:0]       digit;
    wire valid, doubling, last, lane_wise, planes, pixels;
    smx_delay #(.Width(CtlBits), .Stages(1)) u_select (
        .clk_i(clk_i), .rst_i(rst_i),
        .data_i({slice_i, word_i, plane_i, digit_i, valid_i, double_i, last_i, lane_wise_i, planes_i, pixels_i}),
        .data_o({slice_sel, word_sel, plane, digit, valid, doubling, last, lane_wise, planes, pixels}));

    wire [Inputs*Timesteps-1:0] slice;
    wire [Lanes*Timesteps-1:0]  word;
    smx_select #(.Count(Slices), .Width(Inputs*Timesteps), .SelectBits(SliceSelectBits)) u_slice (
        .select_i(slice_sel), .choices_i(row_i), .data_o(slice));
    smx_select #(.Count(Words), .Width(Lanes*Timesteps), .SelectBits(WordSelectBits)) u_word (
        .select_i(word_sel), .choices_i(row_i), .data_o(word));

    wire [Inputs-1:0]          plane_bits;
    reg [Lanes*Timesteps-1:0]  lane_spikes_q;
    reg [Inputs-1:0]           plane_silent_q;
    always @(posedge clk_i) begin
        lane_spikes_q  <= word  & {(Lanes*Timesteps){valid && lane_wise}};
        plane_silent_q <= ~plane_bits | {Inputs{!valid || !planes}};
    end
    smx_delay #(.Width(3), .Stages(1)) u_flags (
        .clk_i(clk_i), .rst_i(rst_i), .data_i({doubling, last, lane_wise}), .data_o({double_o, last_o, lane_wise_o}));
    assign lane_spikes_o  = lane_spikes_q;
    assign plane_silent_o = plane_silent_q;

    genvar i, b, t;
    generate
        if (PlaneLanes == 0) begin : g_spikes
            reg [Inputs*Timesteps-1:0] spikes_q;
            always @(posedge clk_i) spikes_q <= slice & {(Inputs*Timesteps){valid && !planes && !lane_wise}};
            assign spikes_o = spikes_q;
            wire unused_digit = &{1'b0, digit};
        end else begin : g_shared
            for (t = 0; t < Timesteps; t = t + 1) begin : g_timestep
                wire plane_here;   // the plane takes this timestep
                if (t + 1 == PlaneLanes) begin : g_last
                    assign plane_here = digit >= t[DigitBits-1:0];
                end else begin : g_one
                    assign plane_here = t < PlaneLanes && digit == t[DigitBits-1:0];
                end
                for (i = 0; i < Inputs; i = i + 1) begin : g_input
                    reg spike_q;
                    always @(posedge clk_i) begin
                        spike_q <= valid && (planes ? plane_here && plane_bits[i]
                                                    : !lane_wise && slice[i*Timesteps + t]);
                    end
                    assign spikes_o[i*Timesteps + t] = spike_q;
                end
            end
        end
        for (i = 0; i < Inputs; i = i + 1) begin : g_plane
            wire [7:0] pixel_planes;   // most significant bit first
            wire pixel_bit, spike_bit;
            for (b = 0; b < 8; b = b + 1) begin : g_bit
                assign pixel_planes[b] = pixels_row_i[i*8 + 7 - b];
            end
            smx_select #(.Count(8), .Width(1), .SelectBits(PlaneBits)) u_pixel (
                .select_i(plane), .choices_i(pixel_planes), .data_o(pixel_bit));
            smx_select #(.Count(Timesteps), .Width(1), .SelectBits(PlaneBits)) u_spike (
                .select_i(plane), .choices_i(slice[i*Timesteps +: Timesteps]), .data_o(spike_bit));
            assign plane_bits[i] = pixels ? pixel_bit : spike_bit;
        end
    endgenerate
endmodule

`default_nettype wire
