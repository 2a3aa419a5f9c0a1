// smx_image_loader: AXI4-Stream sink for images; writes each pixel to its place in patch order.
//
// One image is Channels x Height x Width bytes, channel by channel, row by row; tlast comes with the last byte. Pixels
// right of or below the last whole patch are dropped, as a convolution of stride Patch drops them. Tap number of a
// pixel within its patch: (channel*Patch + row)*Patch + column; it lies in row tap / Inputs, bank tap % Inputs.
// An image with tlast at the wrong place is dropped whole, frame_error_o pulses, and loading starts again behind tlast.
`default_nettype none

module smx_image_loader #(
    parameter Channels  = 1,
    parameter Height    = 16,
    parameter Width     = 16,
    parameter Patch     = 2,
    parameter Inputs    = 8,    // pixels of a memory row
    parameter PatchRows = 1,    // memory rows of a patch: ceil(Channels*Patch*Patch / Inputs)
    parameter RowBits   = 6,
    parameter BankBits  = 3,
    parameter Ahead     = 0     // 1: places of the next line are computed ahead, for the clock; lines have 4 pixels or more
) (
    input  wire                clk_i,
    input  wire                rst_i,
    // AXI4-Stream sink
    input  wire                s_axis_tvalid_i,
    output wire                s_axis_tready_o,
    input  wire [7:0]          s_axis_tdata_i,
    input  wire                s_axis_tlast_i,
    input  wire                hold_i,          // take no pixel
    // pixel memory
    output wire                write_o,
    output wire [RowBits-1:0]  write_row_o,
    output wire [BankBits-1:0] write_bank_o,
    output wire [7:0]          write_data_o,
    // hand-over
    output wire                full_o,          // a whole image lies in the memory
    input  wire                release_i,       // pulse: the image has been used, the next may come
    output wire                frame_error_o    // pulse: an image was dropped
);
    localparam PatchesWide = Width / Patch;
    localparam PatchesHigh = Height / Patch;
    localparam ChannelBits = $clog2(Channels + 1);
    localparam PatchBits   = $clog2(Patch + 1);
    localparam AcrossBits  = $clog2(PatchesWide + 2);
    localparam DownBits    = $clog2(PatchesHigh + 2);

    // Row and bank of tap numbers advance by 1 along a patch row and by Patch from one patch row to the next.
    localparam RowStep  = Patch / Inputs;
    localparam BankStep = Patch % Inputs;

    reg full_q, skip_q;
    reg [ChannelBits-1:0] channel_q;
    reg [DownBits-1:0]    down_q;      // patch number, downwards
    reg [PatchBits-1:0]   sub_row_q;   // pixel row within the patch
    reg [AcrossBits-1:0]  across_q;    // patch number, across
    reg [PatchBits-1:0]   sub_col_q;   // pixel column within the patch

    wire take         = s_axis_tvalid_i && s_axis_tready_o;
    wire outside      = across_q >= PatchesWide[AcrossBits-1:0] || down_q >= PatchesHigh[DownBits-1:0];
    wire patch_end    = sub_col_q == Patch[PatchBits-1:0] - 1'b1;
    wire line_end, frame_rows_end;
    wire channel_end  = line_end && frame_rows_end;
    wire image_end    = channel_end && channel_q == Channels[ChannelBits-1:0] - 1'b1;
    wire sub_rows_end = sub_row_q == Patch[PatchBits-1:0] - 1'b1;

    // The last column is column Width % Patch - 1 of a cut patch, or the last of the last whole patch; rows likewise.
    localparam LastAcross = (Width  % Patch == 0) ? PatchesWide - 1 : PatchesWide;
    localparam LastSubCol = (Width  % Patch == 0) ? Patch - 1 : Width % Patch - 1;
    localparam LastDown   = (Height % Patch == 0) ? PatchesHigh - 1 : PatchesHigh;
    localparam LastSubRow = (Height % Patch == 0) ? Patch - 1 : Height % Patch - 1;
    assign line_end       = across_q == LastAcross[AcrossBits-1:0] && sub_col_q == LastSubCol[PatchBits-1:0];
    assign frame_rows_end = down_q == LastDown[DownBits-1:0] && sub_row_q == LastSubRow[PatchBits-1:0];

    // Place of the current pixel, and the places to return to.
    reg [RowBits-1:0]  row_q, line_row_q, tap_row_q, down_row_q;
    reg [BankBits-1:0] bank_q, line_bank_q;
    // row_q:      row of this pixel                       bank_q:      its bank
    // down_row_q: first row of the first patch of this line of patches
    // tap_row_q:  rows of the tap (channel, sub_row, 0)   line_bank_q: its bank
    // line_row_q: down_row + tap_row + patch rows across, that is, where this pixel row starts in the current patch

    wire [BankBits:0] bank_sum  = {1'b0, line_bank_q} + BankStep[BankBits:0];
    wire              bank_wrap = bank_sum >= Inputs[BankBits:0];
    wire [BankBits-1:0] line_bank_c    = bank_sum[BankBits-1:0] - (bank_wrap ? Inputs[BankBits-1:0] : {BankBits{1'b0}});
    wire [RowBits-1:0]  tap_row_c      = tap_row_q + RowStep[RowBits-1:0] + {{(RowBits-1){1'b0}}, bank_wrap};
    wire [RowBits-1:0]  next_patch_row = line_row_q + PatchRows[RowBits-1:0];
    localparam LineOfPatches = PatchesWide * PatchRows;
    wire [RowBits-1:0]  down_row_c     = down_row_q + LineOfPatches[RowBits-1:0];
    // First tap row of this channel, needed when the next line of patches starts.
    reg [RowBits-1:0]  channel_tap_row_q;
    reg [BankBits-1:0] channel_bank_q;
    wire last_bank = bank_q == Inputs[BankBits-1:0] - 1'b1;

    // Tap (channel + 1, 0, 0) lies Patch*Patch taps behind (channel, 0, 0).
    localparam ChannelRowStep  = (Patch * Patch) / Inputs;
    localparam ChannelBankStep = (Patch * Patch) % Inputs;
    wire [BankBits:0] end_sum  = {1'b0, channel_bank_q} + ChannelBankStep[BankBits:0];
    wire              end_wrap = end_sum >= Inputs[BankBits:0];
    wire [BankBits-1:0] end_bank_c  = end_sum[BankBits-1:0] - (end_wrap ? Inputs[BankBits-1:0] : {BankBits{1'b0}});
    wire [RowBits-1:0]  end_tap_c   = channel_tap_row_q + ChannelRowStep[RowBits-1:0]
                                    + {{(RowBits-1){1'b0}}, end_wrap};

    // All of these change at the end of a line only, so that they may wait in registers for the end of the next.
    wire [BankBits-1:0] next_line_bank, end_bank;
    wire [RowBits-1:0]  next_tap_row, next_down_row, end_tap_row, next_line_row, next_lines_row;
    smx_delay #(.Width(2*BankBits + 3*RowBits), .Stages(Ahead)) u_ahead (
        .clk_i(clk_i), .rst_i(1'b0), .data_i({line_bank_c, end_bank_c, tap_row_c, down_row_c, end_tap_c}),
        .data_o({next_line_bank, end_bank, next_tap_row, next_down_row, end_tap_row}));
    smx_delay #(.Width(2*RowBits), .Stages(Ahead)) u_ahead_rows (
        .clk_i(clk_i), .rst_i(1'b0), .data_i({down_row_q + next_tap_row, next_down_row + channel_tap_row_q}),
        .data_o({next_line_row, next_lines_row}));

    wire restart = rst_i || (take && (image_end || s_axis_tlast_i || skip_q));
    always @(posedge clk_i) begin
        if (restart) begin
            channel_q <= 0; down_q <= 0; sub_row_q <= 0; across_q <= 0; sub_col_q <= 0;
            row_q <= 0; bank_q <= 0; line_row_q <= 0; line_bank_q <= 0; tap_row_q <= 0; down_row_q <= 0;
            channel_tap_row_q <= 0; channel_bank_q <= 0;
        end else if (take) begin
            if (!line_end) begin
                if (!patch_end) begin
                    sub_col_q <= sub_col_q + 1'b1;
                    bank_q    <= last_bank ? {BankBits{1'b0}} : bank_q + 1'b1;
                    row_q     <= row_q + {{(RowBits-1){1'b0}}, last_bank};
                end else begin
                    sub_col_q  <= 0;
                    across_q   <= across_q + 1'b1;
                    bank_q     <= line_bank_q;
                    row_q      <= next_patch_row;
                    line_row_q <= next_patch_row;
                end
            end else begin
                sub_col_q <= 0;
                across_q  <= 0;
                if (channel_end) begin              // next channel: its taps follow those of this one
                    channel_q         <= channel_q + 1'b1;
                    down_q            <= 0;
                    sub_row_q         <= 0;
                    down_row_q        <= 0;
                    tap_row_q         <= end_tap_row;
                    channel_tap_row_q <= end_tap_row;
                    row_q             <= end_tap_row;
                    line_row_q        <= end_tap_row;
                    bank_q            <= end_bank;
                    line_bank_q       <= end_bank;
                    channel_bank_q    <= end_bank;
                end else if (!sub_rows_end) begin   // next pixel row of the same line of patches
                    sub_row_q   <= sub_row_q + 1'b1;
                    tap_row_q   <= next_tap_row;
                    row_q       <= next_line_row;
                    line_row_q  <= next_line_row;
                    bank_q      <= next_line_bank;
                    line_bank_q <= next_line_bank;
                end else begin                      // next line of patches
                    sub_row_q   <= 0;
                    down_q      <= down_q + 1'b1;
                    down_row_q  <= next_down_row;
                    tap_row_q   <= channel_tap_row_q;
                    row_q       <= next_lines_row;
                    line_row_q  <= next_lines_row;
                    bank_q      <= channel_bank_q;
                    line_bank_q <= channel_bank_q;
                end
            end
        end
    end

    always @(posedge clk_i) begin
        if (rst_i)                                              full_q <= 1'b0;
        else if (release_i)                                     full_q <= 1'b0;
        else if (take && image_end && s_axis_tlast_i && !skip_q) full_q <= 1'b1;
    end
    // An image that goes on behind its last pixel is skipped up to its tlast.
    always @(posedge clk_i) begin
        if (rst_i)                                       skip_q <= 1'b0;
        else if (take && s_axis_tlast_i)                 skip_q <= 1'b0;
        else if (take && image_end)                      skip_q <= 1'b1;
    end

    assign s_axis_tready_o = !full_q && !rst_i && !hold_i;
    // The memory may lie far away: a register of its own in front of it. It is written before full_o can be answered.
    reg                write_q;
    reg [RowBits-1:0]  write_row_q;
    reg [BankBits-1:0] write_bank_q;
    reg [7:0]          write_data_q;
    always @(posedge clk_i) begin
        write_q      <= take && !outside && !skip_q;
        write_row_q  <= row_q;
        write_bank_q <= bank_q;
        write_data_q <= s_axis_tdata_i;
    end
    assign write_o         = write_q;
    assign write_row_o     = write_row_q;
    assign write_bank_o    = write_bank_q;
    assign write_data_o    = write_data_q;
    assign full_o          = full_q;
    assign frame_error_o   = take && !skip_q && (image_end != s_axis_tlast_i);
endmodule

`default_nettype wire
