// smx_weight_fetch: reads the region of external memory that holds the weights, from its start to its end and again.
//
// The read address channel of an AXI4 master. The order in which an image consumes weights is static, so the region is
// read in a straight line: Bursts bursts of BurstBytes, the last of LastBeats beats, then the first one again for the
// next image. A burst starts at a multiple of its size, which divides 4 KiB, so none crosses a 4 KiB boundary. A burst
// is asked for as soon as what it brings has a place (credits, in units of smx_weight_ring); there may be any number
// of bursts under way, and the data channel never has to wait for the weights to be used.
//
// Example: BusBits = 128, BurstBytes = 1024: bursts of 64 beats. With Bursts = 3 and LastBeats = 5 the addresses behind
// the base are 0, 1024, 2048, 0, ... and the lengths 64, 64, 5, 64, ... beats. A new burst follows the acceptance of the
// one before by two cycles.
`default_nettype none

module smx_weight_fetch #(
    parameter BusBits    = 128,
    parameter AddrBits   = 40,
    parameter BurstBytes = 1024,  // a power of two, at most 4096 and 256 beats
    parameter Bursts     = 3,     // of an image
    parameter LastBeats  = 5,     // of the last burst
    parameter UnitBits   = 10,
    parameter Capacity   = 200,   // units that the ring holds
    parameter BurstUnits = 64,    // units that a burst brings
    parameter LastUnits  = 5      // units of the last burst
) (
    input  wire                clk_i,
    input  wire                rst_i,
    input  wire                valid_i,            // the region is filled: reading may start; stays high
    input  wire [AddrBits-1:0] base_i,             // of the region, a multiple of 4096; stays the same while valid_i
    input  wire                release_i,          // pulse: units have been used
    input  wire [UnitBits-1:0] release_units_i,
    // AXI4, read address channel
    output wire                m_axi_arvalid_o,
    input  wire                m_axi_arready_i,
    output wire [AddrBits-1:0] m_axi_araddr_o,
    output wire [7:0]          m_axi_arlen_o,
    output wire [2:0]          m_axi_arsize_o,
    output wire [1:0]          m_axi_arburst_o,
    output wire [3:0]          m_axi_arcache_o,
    output wire [2:0]          m_axi_arprot_o,
    // AXI4, responses
    input  wire                m_axi_rvalid_i,
    input  wire [1:0]          m_axi_rresp_i,
    output wire                error_o             // a response was no OKAY; until reset
);
    localparam OffsetBits = $clog2(BurstBytes), BeatBytes = BusBits / 8, Beats = BurstBytes / BeatBytes;
    localparam CountBits = $clog2(Bursts + 1), LastBurst = Bursts - 1;
    localparam Length = Beats - 1, LastLength = LastBeats - 1, Size = $clog2(BeatBytes);

    reg                           valid_q, error_q;
    reg [AddrBits-1:OffsetBits]   addr_q;
    reg [CountBits-1:0]           burst_q;
    reg [UnitBits-1:0]            free_q;
    wire last  = burst_q == LastBurst[CountBits-1:0];
    wire [UnitBits-1:0] units  = last ? LastUnits[UnitBits-1:0] : BurstUnits[UnitBits-1:0];
    wire [UnitBits-1:0] taken  = units & {UnitBits{!valid_q && free_q >= units && valid_i}};
    wire [UnitBits-1:0] given  = release_units_i & {UnitBits{release_i}};
    wire                accept = valid_q && m_axi_arready_i;
    always @(posedge clk_i) begin
        if (rst_i) begin
            valid_q <= 1'b0;
            burst_q <= {CountBits{1'b0}};
            free_q  <= Capacity[UnitBits-1:0];
        end else begin
            if (accept)                                         valid_q <= 1'b0;
            else if (!valid_q && free_q >= units && valid_i)    valid_q <= 1'b1;
            if (accept) burst_q <= last ? {CountBits{1'b0}} : burst_q + 1'b1;
            free_q <= free_q - taken + given;
        end
    end
    always @(posedge clk_i) begin
        if (rst_i || !valid_i || (accept && last)) addr_q <= base_i[AddrBits-1:OffsetBits];
        else if (accept)                           addr_q <= addr_q + 1'b1;
    end
    always @(posedge clk_i) begin
        if (rst_i)                                        error_q <= 1'b0;
        else if (m_axi_rvalid_i && m_axi_rresp_i != 2'd0) error_q <= 1'b1;
    end

    assign m_axi_arvalid_o = valid_q;
    assign m_axi_araddr_o  = {addr_q, {OffsetBits{1'b0}}};
    assign m_axi_arlen_o   = last ? LastLength[7:0] : Length[7:0];
    assign m_axi_arsize_o  = Size[2:0];
    assign m_axi_arburst_o = 2'd1;      // incrementing
    assign m_axi_arcache_o = 4'b0011;   // normal memory, bufferable, not cached
    assign m_axi_arprot_o  = 3'd0;
    assign error_o         = error_q;
    wire unused = &{1'b0, base_i[OffsetBits-1:0]};
endmodule

`default_nettype wire
