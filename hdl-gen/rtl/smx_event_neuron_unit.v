// smx_event_neuron_unit: Neurons pipelined neurons that go through the lanes of a round, one group of Neurons a cycle.
//
// round_valid_i says that the array hands over the results of a round; from the next cycle on they pass by, Neurons lanes
// with every shift_o. Step s handles group s; a second Linear goes through its groups ScaleTrips times (smx_event_neuron
// says why). A trip takes at least MinSteps cycles, so that the state of a group is back before its next trip. The groups of
// all tiles of a position are numbered through: residual_from_i and fire_limit_i count in them.
//
// Stages count from the cycle behind the step: 0 addresses of parameters and token word; 2..8 smx_event_neuron; 3 address
// of the residual; 6 store; 8 spikes. Every address has a pointer that moves in the stage in which it is used.
`default_nettype none

module smx_event_neuron_unit #(
    parameter Lanes         = 24,
    parameter Neurons       = 8,
    parameter AccBits       = 10,
    parameter Identity      = 0,
    parameter Negative      = 1,    // 1: some token scales are negative
    parameter Padding       = 0,    // 1: some groups have lanes that are no output
    parameter ShiftBits     = 4,
    parameter ShiftDrop     = 3,
    parameter SumShiftBits  = 4,
    parameter WeightBits    = 4,    // of a digit
    parameter SumBits       = 19,
    parameter FractionBits  = 4,    // of sums, beyond those of currents
    parameter ScaleTrips    = 3,    // 2: all token scales are powers of two
    parameter BiasBits      = 10,
    parameter TokenBiasBits = 10,
    parameter CurrentBits   = 16,
    parameter StoreBits     = 16,
    parameter ThetaBits     = 10,
    parameter ClampBits     = 10,
    parameter MembraneBits  = 10,
    parameter ParamAddrBits = 6,
    parameter TokenAddrBits = 6,
    parameter StoreAddrBits = 8,
    parameter RowBits       = 8,
    parameter BankBits      = 2,
    parameter StepBits      = 2,    // bits of the number of a group within a tile
    parameter UnitBits      = 3,    // bits of the number of a neuron
    parameter GroupNumberBits = 4,  // bits of the number of a group within a position
    // derived
    parameter TagBits       = SumShiftBits + 10,
    parameter ParamBits     = BiasBits + ShiftBits + 8 * Identity,
    parameter TokenBits     = 2 * ShiftBits + 4 + TokenBiasBits + ThetaBits
) (
    input  wire                         clk_i,
    input  wire                         rst_i,
    // the pass: holds from start_i to done_o
    input  wire                         start_i,             // pulse
    input  wire                         sums_i,              // rounds are added up
    input  wire                         drain_i,             // with sums_i: the sums go to the head
    input  wire                         head_first_i,        // with drain_i: the first classes
    input  wire                         head_last_i,         // with drain_i: the last classes
    input  wire                         scale_i,             // token scale: ScaleTrips trips
    input  wire                         identity_i,
    input  wire [StepBits-1:0]          steps_last_i,        // last group of the last tile of a position
    input  wire [StepBits-1:0]          final_last_i,        // likewise of a final round
    input  wire [StepBits-1:0]          beside_i,            // sums: groups from here on are higher digits; 0: none
    input  wire [ParamAddrBits-1:0]     param_base_i,
    input  wire [ParamAddrBits-1:0]     param_outer_step_i,  // to the parameters of the next outer position (axial)
    input  wire [TokenAddrBits-1:0]     token_base_i,
    input  wire                         token_step_i,        // one token word per position, else the base always
    input  wire                         residual_i,          // add a stored current
    input  wire [GroupNumberBits-1:0]   residual_from_i,     // from this group on
    input  wire [StoreAddrBits-1:0]     residual_base_i,
    input  wire [StoreAddrBits-1:0]     residual_time_step_i,
    input  wire [StoreAddrBits-1:0]     residual_position_step_i,
    input  wire                         store_i,             // store the current
    input  wire [StoreAddrBits-1:0]     store_base_i,
    input  wire [StoreAddrBits-1:0]     store_time_step_i,
    input  wire [StoreAddrBits-1:0]     store_position_step_i,
    input  wire                         fire_i,              // write the spikes
    input  wire [GroupNumberBits-1:0]   fire_limit_i,        // of the groups up to this one
    input  wire [GroupNumberBits-1:0]   segment_last_i,      // the last group of every segment may be padded:
    input  wire [UnitBits-1:0]          segment_lane_i,      // its last lane that is an output
    input  wire [RowBits-1:0]           write_base_i,
    input  wire [BankBits-1:0]          write_bank_i,
    input  wire [RowBits-1:0]           write_inner_step_i,
    input  wire [RowBits-1:0]           write_outer_step_i,
    input  wire [BankBits-1:0]          write_bank_last_i,   // behind this bank the groups go on in bank 0
    input  wire [RowBits-1:0]           write_wrap_step_i,   // of the row this much further
    // results of a round
    input  wire                         round_valid_i,       // pulse
    input  wire [TagBits-1:0]           tag_i,               // with it
    output wire                         shift_o,
    input  wire [Neurons*AccBits-1:0]   results_i,
    // parameter memory, read latency 1: Neurons words {identity weight, shift, bias}
    output wire [ParamAddrBits-1:0]     param_addr_o,
    input  wire [Neurons*ParamBits-1:0] param_i,
    // token memory, read latency 1: {e, d, m is not 0, m has two digits, d's digit is subtracted, negative, token bias, theta2}
    output wire [TokenAddrBits-1:0]     token_addr_o,
    input  wire [TokenBits-1:0]         token_i,
    // current memory
    output wire [StoreAddrBits-1:0]     residual_addr_o,
    input  wire [Neurons*StoreBits-1:0] residual_data_i,
    output wire                         store_o,
    output wire [StoreAddrBits-1:0]     store_addr_o,
    output wire [Neurons*StoreBits-1:0] store_data_o,
    // spike memory
    output wire                         write_o,
    output wire [RowBits-1:0]           write_row_o,
    output wire [BankBits-1:0]          write_bank_o,
    output wire [Neurons-1:0]           write_data_o,
    // head: sums of Neurons classes, held until the next
    output wire                         head_start_o,        // pulse
    output wire                         sums_valid_o,        // pulse
    output wire                         sums_last_o,
    output wire [Neurons*SumBits-1:0]   sums_o,
    output wire                         done_o               // pulse: the pass has written everything
);
    localparam MinSteps = 3, HeadWait = Neurons + 4;
    localparam FullLast = Lanes / Neurons - 1, MinLast = MinSteps - 1;
    localparam WaitBits = $clog2(HeadWait + 1);
    localparam OuterLast = 0, InnerLast = 1, GroupLast = 2, TileLast = 3, TimeFirst = 4, First = 5, Final = 6, Shift = 10;

    // ---- stage 0: steps
    localparam CountBits = (StepBits > 2) ? StepBits : 2;
    reg                       run_q;
    reg [1:0]                 trip_q;
    reg [CountBits-1:0]       step_q;
    reg [TagBits-1:0]         tag_q;
    reg [GroupNumberBits-1:0] tile_q;       // number of the tile's first group
    reg [WaitBits-1:0]        wait_q;       // until the head has taken a step's sums
    wire [CountBits-1:0] full_last = FullLast[CountBits-1:0];
    wire [CountBits-1:0] part_last = {{(CountBits - StepBits){1'b0}}, steps_last_i};
    wire [CountBits-1:0] final_last = {{(CountBits - StepBits){1'b0}}, final_last_i};
    wire [CountBits-1:0] last_step = !tag_q[GroupLast] ? full_last : tag_q[Final] ? final_last : part_last;
    wire [CountBits-1:0] end_step  = (last_step < MinLast[CountBits-1:0] && !drain_i) ? MinLast[CountBits-1:0] : last_step;
    wire move     = run_q && wait_q == {WaitBits{1'b0}};
    wire valid    = move && step_q <= last_step;
    wire last     = valid && step_q == last_step;
    wire trip_end = move && step_q == end_step;
    localparam LastTrip = ScaleTrips - 1;
    wire last_trip = trip_q == LastTrip[1:0];
    wire out_trip  = !scale_i || last_trip;
    always @(posedge clk_i) begin
        if (rst_i || start_i) begin
            run_q <= 1'b0;
            tile_q <= {GroupNumberBits{1'b0}};
        end else begin
            if (round_valid_i)             run_q <= 1'b1;
            else if (trip_end && out_trip) run_q <= 1'b0;
            if (trip_end && out_trip && tag_q[TileLast]) begin
                tile_q <= tag_q[GroupLast] ? {GroupNumberBits{1'b0}}
                                           : tile_q + FullLast[GroupNumberBits-1:0] + 1'b1;
            end
        end
        if (round_valid_i) begin
            tag_q  <= tag_i;
            step_q <= {CountBits{1'b0}};
            trip_q <= 2'd0;
        end else if (move) begin
            step_q <= trip_end ? {CountBits{1'b0}} : step_q + 1'b1;
            trip_q <= trip_q + {1'b0, trip_end};
        end
        if (rst_i || start_i)                wait_q <= {WaitBits{1'b0}};
        else if (valid && drain_i)           wait_q <= HeadWait[WaitBits-1:0];
        else if (wait_q != {WaitBits{1'b0}}) wait_q <= wait_q - 1'b1;
    end
    assign shift_o = move && trip_q == 2'd0;

    wire is_final = tag_q[Final];
    wire is_sum   = sums_i && !is_final;
    wire trip0    = trip_q == 2'd0;
    wire sum_trip = scale_i && !trip0 && !last_trip;   // state = (state << d) +- state
    wire out      = valid && (sums_i ? is_final : out_trip);
    wire [GroupNumberBits-1:0] number;      // of the group
    localparam NumberPad = (GroupNumberBits > CountBits) ? GroupNumberBits : CountBits;
    wire [NumberPad-1:0] step_wide = {{(NumberPad - CountBits){1'b0}}, step_q};
    assign number = tile_q + step_wide[GroupNumberBits-1:0];
    generate
        if (NumberPad > GroupNumberBits) begin : g_unused_step
            wire unused_bits = &{1'b0, step_wide[NumberPad-1:GroupNumberBits]};
        end
    endgenerate

    // Place of the group within its segment, for the padding.
    wire padded;
    generate
        if (Padding != 0) begin : g_padding
            reg [GroupNumberBits-1:0] place_q, tile_place_q;
            wire [GroupNumberBits-1:0] next_place = padded ? {GroupNumberBits{1'b0}} : place_q + 1'b1;
            wire next_tile = last && out_trip && tag_q[TileLast];
            assign padded = place_q == segment_last_i;
            always @(posedge clk_i) begin
                if (rst_i || start_i) begin
                    place_q      <= {GroupNumberBits{1'b0}};
                    tile_place_q <= {GroupNumberBits{1'b0}};
                end else if (valid) begin
                    if (next_tile) begin
                        place_q      <= tag_q[GroupLast] ? {GroupNumberBits{1'b0}} : next_place;
                        tile_place_q <= tag_q[GroupLast] ? {GroupNumberBits{1'b0}} : next_place;
                    end else begin
                        place_q      <= last ? tile_place_q : next_place;
                    end
                end
            end
        end else begin : g_whole
            assign padded = 1'b0;
            wire unused_segment = &{1'b0, segment_last_i};
        end
    endgenerate

    // ---- control, one bundle per stage; the first one is behind a register
    localparam CtlBits = StepBits + 25, Stages = 9;
    localparam Valid = 0, Out = 1, RoundEnd = 2, TileEnd = 3, PositionEnd = 4, InnerEnd = 5, OuterEnd = 6, TimeOne = 7,
               Residual = 8, Fires = 9, State = 10, Write = 11, Keep = 12, AddBias = 13, AddState = 14, AddToken = 15,
               SumTrip = 16, LastScale = 17, Drain = 18, DrainLast = 19, Padded = 20,
               ParamStep = 21, ParamLast = 22, LastTile = 23, LastGroup = 24, Step = 25;
    wire [CtlBits-1:0]            step;
    wire [(Stages+1)*CtlBits-1:0] ctl;
    assign step[Valid]       = valid;
    assign step[Out]         = out;
    assign step[RoundEnd]    = last && out;
    assign step[TileEnd]     = last && out && tag_q[TileLast];
    assign step[PositionEnd] = last && out && tag_q[TileLast] && tag_q[GroupLast];
    assign step[InnerEnd]    = tag_q[InnerLast];
    assign step[OuterEnd]    = tag_q[OuterLast];
    assign step[TimeOne]     = tag_q[TimeFirst] || is_final;
    assign step[Residual]    = residual_i && number >= residual_from_i;
    assign step[Fires]       = fire_i && number <= fire_limit_i;
    assign step[State]       = is_final || (scale_i && !trip0);
    assign step[Write]       = valid && (sums_i || (scale_i && !out_trip));
    assign step[Keep]        = scale_i && trip0;
    assign step[AddBias]     = !is_sum && trip0;
    assign step[AddState]    = (is_sum && !(tag_q[First] && !drain_i && !is_higher)) || sum_trip;
    assign step[AddToken]    = scale_i && last_trip;
    assign step[SumTrip]     = sum_trip;
    assign step[LastScale]   = scale_i && last_trip;
    assign step[Padded]      = padded;
    assign step[Drain]       = valid && drain_i;
    assign step[DrainLast]   = last;
    wire is_higher = is_sum && beside_i != {StepBits{1'b0}} && step_q[StepBits-1:0] >= beside_i;
    wire [SumShiftBits-1:0] digit_shift = is_higher ? WeightBits[SumShiftBits-1:0] : {SumShiftBits{1'b0}};
    assign step[Step +: StepBits] = step_q[StepBits-1:0] - (is_higher ? beside_i : {StepBits{1'b0}});
    assign step[ParamStep]   = valid && !is_sum && trip0;
    assign step[ParamLast]   = last && trip0;   // last group of the round
    assign step[LastTile]    = tag_q[TileLast];
    assign step[LastGroup]   = tag_q[GroupLast];
    smx_delay #(.Width(CtlBits), .Stages(1)) u_step (
        .clk_i(clk_i), .rst_i(rst_i || start_i), .data_i(step), .data_o(ctl[CtlBits-1:0]));
    genvar k;
    generate
        for (k = 0; k < Stages; k = k + 1) begin : g_stage
            smx_delay #(.Width(CtlBits), .Stages(1)) u_ctl (
                .clk_i(clk_i), .rst_i(rst_i || start_i),
                .data_i(ctl[k*CtlBits +: CtlBits]), .data_o(ctl[(k+1)*CtlBits +: CtlBits]));
        end
    endgenerate
    wire [CtlBits-1:0] ctl2 = ctl[2*CtlBits +: CtlBits], ctl3 = ctl[3*CtlBits +: CtlBits];
    wire [CtlBits-1:0] ctl4 = ctl[4*CtlBits +: CtlBits], ctl5 = ctl[5*CtlBits +: CtlBits];
    wire [CtlBits-1:0] ctl6 = ctl[6*CtlBits +: CtlBits], ctl7 = ctl[7*CtlBits +: CtlBits];
    wire [CtlBits-1:0] ctl8 = ctl[8*CtlBits +: CtlBits], ctl9 = ctl[9*CtlBits +: CtlBits];
    wire unused = &{1'b0, ctl, ctl2, ctl3, ctl4, ctl5, ctl6, ctl7, ctl8, ctl9};

    // ---- stage 0: parameters (of the first trip), token word
    wire round_last = ctl[ParamLast], tile_last = round_last && ctl[LastTile];
    smx_event_pointer #(.AddrBits(ParamAddrBits)) u_param (
        .clk_i(clk_i), .load_i(start_i), .base_i(param_base_i),
        .time_step_i({ParamAddrBits{1'b0}}),
        .position_step_i(step[InnerEnd] ? param_outer_step_i : {ParamAddrBits{1'b0}}),
        .step_i(ctl[ParamStep]), .round_end_i(round_last), .first_round_i(ctl[TimeOne]),
        .tile_end_i(tile_last), .position_end_i(tile_last && ctl[LastGroup]), .addr_o(param_addr_o));
    reg [TokenAddrBits-1:0] token_q;
    always @(posedge clk_i) begin
        if (start_i) token_q <= token_base_i;
        else         token_q <= token_q + {{(TokenAddrBits-1){1'b0}}, ctl[PositionEnd] && token_step_i};
    end
    assign token_addr_o = token_q;

    reg [Neurons*ParamBits-1:0] param_q;      // stage 2
    reg [TokenBits-1:0]         token2_q;     // stage 2
    always @(posedge clk_i) begin
        param_q  <= param_i;
        token2_q <= token_i;
    end
    wire [ShiftBits-1:0] exponent_e, exponent_d;
    wire nonzero, two_digits;
    wire [TokenBiasBits+1:0] token2;           // {subtract, negative, token bias}
    wire [ThetaBits-1:0]     theta2_2;
    assign {exponent_e, exponent_d, nonzero, two_digits, token2, theta2_2} = token2_q;
    wire [TokenBiasBits+1:0] token3, token5;
    wire [ThetaBits-1:0]     theta2;
    smx_delay #(.Width(TokenBiasBits + 2), .Stages(1)) u_token3 (
        .clk_i(clk_i), .rst_i(1'b0), .data_i(token2), .data_o(token3));
    smx_delay #(.Width(TokenBiasBits + 2), .Stages(2)) u_token5 (
        .clk_i(clk_i), .rst_i(1'b0), .data_i(token3), .data_o(token5));
    smx_delay #(.Width(ThetaBits), .Stages(5)) u_theta (
        .clk_i(clk_i), .rst_i(1'b0), .data_i(theta2_2), .data_o(theta2));
    wire negative3 = (Negative != 0) && token3[TokenBiasBits];
    wire negative5 = (Negative != 0) && token5[TokenBiasBits];
    wire unused_token = &{1'b0, token5[TokenBiasBits+1:TokenBiasBits], token3[TokenBiasBits]};

    // ---- stage 2: accumulators, shifts, states
    wire [Neurons*AccBits-1:0] acc;
    smx_delay #(.Width(Neurons*AccBits), .Stages(1)) u_acc (
        .clk_i(clk_i), .rst_i(1'b0), .data_i(results_i), .data_o(acc));
    wire [SumShiftBits-1:0] sum_shift;
    wire                    sum_round;
    smx_delay #(.Width(SumShiftBits + 1), .Stages(3)) u_sum_shift (
        .clk_i(clk_i), .rst_i(1'b0), .data_i({tag_q[Shift +: SumShiftBits] + digit_shift, is_sum}), .data_o({sum_shift, sum_round}));
    localparam ShiftPad = (ShiftBits > SumShiftBits) ? ShiftBits : SumShiftBits;
    wire [ShiftPad-1:0] sum_wide  = {{(ShiftPad - SumShiftBits){1'b0}}, sum_shift} + ShiftDrop[ShiftPad-1:0];
    wire [ShiftBits-1:0] common_shift = ctl2[SumTrip] ? exponent_d : ctl2[LastScale] ? exponent_e : sum_wide[ShiftBits-1:0];
    wire use_common = sum_round || ctl2[SumTrip] || ctl2[LastScale];
    wire enable     = !(ctl2[SumTrip] && !two_digits) && !(ctl2[LastScale] && !nonzero);
    generate
        if (ShiftPad > ShiftBits) begin : g_unused_shift
            wire unused_bits = &{1'b0, sum_wide[ShiftPad-1:ShiftBits]};
        end
    endgenerate

    wire [Neurons*SumBits-1:0] states, next_states;
    smx_state_memory #(.Width(Neurons*SumBits), .Depth(FullLast + 1), .AddrBits(StepBits)) u_states (
        .clk_i(clk_i), .write_i(ctl4[Write]), .write_addr_i(ctl4[Step +: StepBits]), .write_data_i(next_states),
        .read_addr_i(ctl2[Step +: StepBits]), .read_data_o(states));
    wire [Neurons*MembraneBits-1:0] membranes, next_membranes;
    smx_state_memory #(.Width(Neurons*MembraneBits), .Depth(FullLast + 1), .AddrBits(StepBits)) u_membranes (
        .clk_i(clk_i), .write_i(ctl7[Out]), .write_addr_i(ctl7[Step +: StepBits]), .write_data_i(next_membranes),
        .read_addr_i(ctl5[Step +: StepBits]), .read_data_o(membranes));
    reg [Neurons*MembraneBits-1:0] membrane_q;   // stage 6; zero in the first timestep
    always @(posedge clk_i) begin
        if (ctl5[TimeOne]) membrane_q <= {(Neurons*MembraneBits){1'b0}};
        else               membrane_q <= membranes;
    end

    // ---- stage 3: residual, read for stage 5
    smx_event_pointer #(.AddrBits(StoreAddrBits)) u_residual (
        .clk_i(clk_i), .load_i(start_i), .base_i(residual_base_i),
        .time_step_i(residual_time_step_i), .position_step_i(residual_position_step_i),
        .step_i(ctl3[Out]), .round_end_i(ctl3[RoundEnd]), .first_round_i(ctl3[TimeOne]),
        .tile_end_i(ctl3[TileEnd]), .position_end_i(ctl3[PositionEnd]), .addr_o(residual_addr_o));
    reg [Neurons*StoreBits-1:0] residual_q;   // stage 5
    always @(posedge clk_i) residual_q <= residual_data_i;

    // ---- stage 6: store
    smx_event_pointer #(.AddrBits(StoreAddrBits)) u_store (
        .clk_i(clk_i), .load_i(start_i), .base_i(store_base_i),
        .time_step_i(store_time_step_i), .position_step_i(store_position_step_i),
        .step_i(ctl6[Out]), .round_end_i(ctl6[RoundEnd]), .first_round_i(ctl6[TimeOne]),
        .tile_end_i(ctl6[TileEnd]), .position_end_i(ctl6[PositionEnd]), .addr_o(store_addr_o));
    wire current_valid = ctl6[Out];   // the neurons' currents are those of a step; also watched by testbenches
    assign store_o = store_i && current_valid;

    // ---- the neurons
    wire [Neurons-1:0] spikes;
    wire [Neurons*SumBits-1:0] sums;
    genvar u;
    generate
        for (u = 0; u < Neurons; u = u + 1) begin : g_neuron
            wire [ParamBits-1:0]     param = param_q[u*ParamBits +: ParamBits];
            wire [BiasBits-1:0]      bias;
            wire [7:0]               identity_weight;
            wire [ShiftBits-1:0]     own_shift = param[BiasBits +: ShiftBits];
            wire [CurrentBits-1:0]   residual, token_bias, current;
            smx_delay #(.Width(BiasBits), .Stages(1)) u_bias (
                .clk_i(clk_i), .rst_i(1'b0), .data_i(param[BiasBits-1:0]), .data_o(bias));
            if (Identity != 0) begin : g_weight
                assign identity_weight = param[BiasBits+ShiftBits +: 8];
            end else begin : g_no_weight
                assign identity_weight = 8'd0;
            end
            smx_resize #(.From(StoreBits), .To(CurrentBits)) u_residual (
                .data_i(residual_q[u*StoreBits +: StoreBits]), .data_o(residual));
            smx_resize #(.From(TokenBiasBits), .To(CurrentBits)) u_token_bias (
                .data_i(token5[TokenBiasBits-1:0]), .data_o(token_bias));
            smx_event_neuron #(
                .AccBits(AccBits), .Identity(Identity), .ShiftBits(ShiftBits), .ShiftDrop(ShiftDrop), .SumBits(SumBits),
                .Fraction(FractionBits), .KeepFraction((ScaleTrips == 2) ? 1 : 0), .BiasBits(BiasBits),
                .TokenBiasBits(TokenBiasBits),
                .CurrentBits(CurrentBits), .ThetaBits(ThetaBits), .ClampBits(ClampBits), .MembraneBits(MembraneBits)
            ) u_neuron (
                .clk_i(clk_i),
                .enable_i(enable), .state_i(ctl2[State]), .acc_i(acc[u*AccBits +: AccBits]),
                .identity_i(identity_i), .identity_weight_i(identity_weight),
                .state_data_i(states[u*SumBits +: SumBits]), .shift_i(use_common ? common_shift : own_shift),
                .add_bias_i(ctl3[AddBias]), .add_state_i(ctl3[AddState]), .add_token_i(ctl3[AddToken]),
                .subtract_i(ctl3[SumTrip] && token3[TokenBiasBits+1]), .bias_i(bias),
                .token_bias_i(token3[TokenBiasBits-1:0]), .negative_i(negative3),
                .keep_value_i(ctl4[Keep]), .state_data_o(next_states[u*SumBits +: SumBits]),
                .sum_o(sums[u*SumBits +: SumBits]), .negate_i(negative5),
                .other_i(ctl5[Residual] ? residual : scale_i ? {CurrentBits{1'b0}} : token_bias),
                .membrane_i(membrane_q[u*MembraneBits +: MembraneBits]), .current_o(current),
                .theta2_i(theta2), .membrane_o(next_membranes[u*MembraneBits +: MembraneBits]), .spike_o(spikes[u]));
            wire [StoreBits-1:0] stored;
            smx_resize #(.From(CurrentBits), .To(StoreBits)) u_stored (.data_i(current), .data_o(stored));
            assign store_data_o[u*StoreBits +: StoreBits] = stored;
        end
    endgenerate

    // ---- stage 8: spikes
    smx_event_writer #(.BankBits(BankBits), .RowBits(RowBits)) u_writer (
        .clk_i(clk_i), .load_i(start_i), .row_base_i(write_base_i), .bank_base_i(write_bank_i),
        .position_step_i(ctl7[InnerEnd] ? write_outer_step_i : write_inner_step_i),
        .bank_last_i(write_bank_last_i), .wrap_step_i(write_wrap_step_i),
        .step_i(ctl8[Out]), .round_end_i(ctl8[RoundEnd]), .first_round_i(ctl8[TimeOne]),
        .tile_end_i(ctl8[TileEnd]), .position_end_i(ctl8[PositionEnd]),
        .row_o(write_row_o), .bank_o(write_bank_o));
    assign write_o      = ctl8[Out] && ctl8[Fires];
    generate
        for (u = 0; u < Neurons; u = u + 1) begin : g_write
            localparam [UnitBits:0] Unit = u;
            assign write_data_o[u] = spikes[u] && !(ctl8[Padded] && {1'b0, segment_lane_i} + 1'b1 <= Unit);
        end
    endgenerate

    // ---- sums for the head: stage 5, held from stage 6 on
    reg [Neurons*SumBits-1:0] sums_q;
    always @(posedge clk_i) if (ctl5[Drain]) sums_q <= sums;
    assign sums_o       = sums_q;
    assign sums_valid_o = ctl6[Drain];
    assign sums_last_o  = ctl6[DrainLast] && head_last_i;
    assign head_start_o = start_i && head_first_i;

    // The rounds of sums of the head end a pass without an output of their own.
    wire sums_end;
    smx_delay #(.Width(1), .Stages(10)) u_sums_end (
        .clk_i(clk_i), .rst_i(rst_i || start_i),
        .data_i(is_sum && !drain_i && trip_end && tag_q[TileLast] && tag_q[GroupLast] && tag_q[InnerLast]
                && tag_q[OuterLast]),
        .data_o(sums_end));
    reg drain_end_q;   // the head has what it needs
    always @(posedge clk_i) drain_end_q <= drain_i && !head_last_i && !run_q && wait_q == {{(WaitBits-1){1'b0}}, 1'b1};
    assign done_o = (ctl9[PositionEnd] && ctl9[InnerEnd] && ctl9[OuterEnd]) || sums_end || drain_end_q;
endmodule

`default_nettype wire
