// smx_neuron_unit: Neurons pipelined neurons that serve all lanes, one (lane group, timestep) a cycle.
//
// A tile's results (Lanes x Timesteps accumulators) arrive with tile_valid_i and hold for Steps = Lanes / Neurons *
// Timesteps cycles. Step s handles timestep s % Timesteps of the lanes s / Timesteps * Neurons + u. Every memory
// operand has a pointer of its own that runs in the stage where its data is needed (smx_neuron lists the stages; a
// pointer runs one stage ahead of its data). In group order (see smx_gather) a pointer jumps from a tile to the same
// group of the next token, and behind the last token to the first one's next group.
`default_nettype none

module smx_neuron_unit #(
    parameter Lanes         = 8,
    parameter Neurons       = 8,
    parameter Timesteps     = 4,
    parameter AccBits       = 12,   // of the spike array
    parameter PlaneAccBits  = 20,   // of the plane array
    parameter Identity      = 0,
    parameter ShiftBits     = 4,
    parameter RoundBits     = 0,
    parameter BiasBits      = 12,
    parameter AlignedBits   = 16,
    parameter Digits        = 2,
    parameter ExponentBits  = 4,
    parameter ProductBits   = 20,
    parameter ScaleFractionBits = 4,
    parameter TokenBiasBits = 12,
    parameter CurrentBits   = 16,
    parameter StoreBits     = 16,   // of a stored current: residual h, h + tok
    parameter ThetaBits     = 10,
    parameter ClampBits     = 10,
    parameter MembraneBits  = 10,
    parameter ParamAddrBits = 6,
    parameter TokenAddrBits = 6,
    parameter StoreAddrBits = 8,
    parameter RowBits       = 6,
    parameter RowWords      = 1,
    parameter WordSelectBits = 1,
    parameter GroupOrder    = 0,    // 1: passes may choose group order
    parameter LineOrder     = 0,    // 1: axial branches are passes over lines, in group order (smx_line_gather)
    // derived
    parameter StepBits      = $clog2((Lanes / Neurons) * Timesteps + 1),
    parameter ParamBits     = BiasBits + ShiftBits + 8 * Identity,
    parameter TokenBits     = Digits * (ExponentBits + 2) + TokenBiasBits + ThetaBits
) (
    input  wire                                clk_i,
    input  wire                                rst_i,
    // the pass: holds from start_i to done_o
    input  wire                                start_i,             // pulse
    input  wire                                planes_i,            // results come from the plane array
    input  wire                                head_i,              // results are logits: smx_head takes them
    input  wire                                identity_i,
    input  wire                                group_order_i,
    input  wire [ParamAddrBits-1:0]            param_base_i,
    input  wire                                param_per_outer_i,   // one parameter word per outer position (axial)
    input  wire [TokenAddrBits-1:0]            token_base_i,
    input  wire                                token_step_i,        // one token word per position, else the base always
    input  wire                                residual_i,          // add a stored current
    input  wire                                residual_once_i,     // it is constant in time: one word for all timesteps
    input  wire [StoreAddrBits-1:0]            residual_base_i,
    input  wire [StoreAddrBits-1:0]            residual_token_step_i,
    input  wire [StoreAddrBits-1:0]            residual_group_step_i,   // in group order: to the next group
    input  wire                                store_i,             // store the current
    input  wire                                store_once_i,
    input  wire [StoreAddrBits-1:0]            store_base_i,
    input  wire [StoreAddrBits-1:0]            store_token_step_i,
    input  wire [StoreAddrBits-1:0]            store_group_step_i,
    input  wire                                fire_i,              // write the spikes
    input  wire [RowBits-1:0]                  write_base_i,
    input  wire [WordSelectBits-1:0]           write_word_i,
    input  wire [RowBits-1:0]                  write_inner_step_i,
    input  wire [RowBits-1:0]                  write_outer_step_i,
    // results of a tile
    input  wire                                tile_valid_i,        // pulse
    input  wire                                tile_group_last_i,
    input  wire                                tile_inner_last_i,
    input  wire                                tile_outer_last_i,
    input  wire                                tile_pass_last_i,
    input  wire [Lanes*Timesteps*AccBits-1:0]  results_i,
    input  wire [Lanes*PlaneAccBits-1:0]       plane_results_i,
    // parameter memory, read latency 1: Neurons words {identity weight, shift, bias}
    output wire [ParamAddrBits-1:0]            param_addr_o,
    input  wire [Neurons*ParamBits-1:0]        param_i,
    // token memory, read latency 1: {digits, token bias, theta2}
    output wire [TokenAddrBits-1:0]            token_addr_o,
    input  wire [TokenBits-1:0]                token_i,
    // current memory
    output wire [StoreAddrBits-1:0]            residual_addr_o,
    input  wire [Neurons*StoreBits-1:0]        residual_data_i,
    output wire                                store_o,
    output wire [StoreAddrBits-1:0]            store_addr_o,
    output wire [Neurons*StoreBits-1:0]        store_data_o,
    // spike memory
    output wire                                write_o,
    output wire [RowBits-1:0]                  write_row_o,
    output wire [WordSelectBits-1:0]           write_word_o,
    output wire [Lanes*Timesteps-1:0]          write_data_o,
    output wire                                done_o               // pulse: the pass has written everything
);
    localparam Groups = Lanes / Neurons;
    localparam Steps  = Groups * Timesteps;
    localparam InBits = (AccBits > PlaneAccBits) ? AccBits : PlaneAccBits;
    localparam TimeBits = $clog2(Timesteps + 1);
    localparam GroupBits = $clog2(Groups + 1);
    localparam LastStep = Steps - 1, LastTime = Timesteps - 1;

    // ---- step counter: step 0 runs in the cycle of tile_valid_i. What ends with a step is known before it, by registers
    reg                busy_q;
    reg [StepBits-1:0] step_q;
    reg [TimeBits-1:0] time_q;
    reg [GroupBits-1:0] lanes_q;   // the lanes' group that is served
    reg                last_q, t_last_q;
    reg                group_last_q, inner_last_q, outer_last_q, pass_last_q;
    wire tile  = tile_valid_i && !head_i;
    wire valid = tile || busy_q;
    always @(posedge clk_i) begin
        if (rst_i || start_i) begin
            busy_q   <= 1'b0;
            step_q   <= {StepBits{1'b0}};
            time_q   <= {TimeBits{1'b0}};
            lanes_q  <= {GroupBits{1'b0}};
            last_q   <= Steps == 1;
            t_last_q <= Timesteps == 1;
        end else if (valid) begin
            busy_q   <= !last_q;
            step_q   <= last_q   ? {StepBits{1'b0}} : step_q + 1'b1;
            time_q   <= t_last_q ? {TimeBits{1'b0}} : time_q + 1'b1;
            last_q   <= Steps == 1     || step_q == LastStep[StepBits-1:0] - 1'b1;
            t_last_q <= Timesteps == 1 || time_q == LastTime[TimeBits-1:0] - 1'b1;
            if (t_last_q) lanes_q <= last_q ? {GroupBits{1'b0}} : lanes_q + 1'b1;
        end
        if (tile) begin
            group_last_q <= tile_group_last_i;
            inner_last_q <= tile_inner_last_i;
            outer_last_q <= tile_outer_last_i;
            pass_last_q  <= tile_pass_last_i;
        end
    end
    // the flags are those of the last step, which is not the tile's first cycle unless it has one only
    wire group_last, inner_last, outer_last, pass_last;
    generate
        if (Steps == 1) begin : g_flags
            assign {group_last, inner_last, outer_last, pass_last} =
                {tile_group_last_i, tile_inner_last_i, tile_outer_last_i, tile_pass_last_i};
            wire unused_flags = &{1'b0, group_last_q, inner_last_q, outer_last_q, pass_last_q};
        end else begin : g_held_flags
            assign {group_last, inner_last, outer_last, pass_last} = {group_last_q, inner_last_q, outer_last_q, pass_last_q};
        end
    endgenerate

    // ---- control, one bundle per stage: {valid, first timestep, last timestep, last step, and, with it, its tile's flags}
    // In token order the visit of all positions ends the pass.
    localparam CtlBits = GroupOrder != 0 ? 8 : 7, Stages = 10;
    wire [(Stages+1)*CtlBits-1:0] ctl;
    wire [7:0] ctl_all = {pass_last, valid, valid && time_q == {TimeBits{1'b0}}, valid && t_last_q, valid && last_q,
                          group_last, inner_last, outer_last};
    assign ctl[0 +: CtlBits] = ctl_all[CtlBits-1:0];
    genvar k;
    generate
        for (k = 0; k < Stages; k = k + 1) begin : g_stage
            smx_delay #(.Width(CtlBits), .Stages(1)) u_ctl (
                .clk_i(clk_i), .rst_i(rst_i || start_i),
                .data_i(ctl[k*CtlBits +: CtlBits]), .data_o(ctl[(k+1)*CtlBits +: CtlBits]));
        end
    endgenerate
    localparam Valid = 6, First = 5, TimeLast = 4, Last = 3, GroupLast = 2, InnerLast = 1, OuterLast = 0;
    localparam PassLast = GroupOrder != 0 ? 7 : OuterLast;
    wire [CtlBits-1:0] ctl2 = ctl[2*CtlBits +: CtlBits];
    wire [CtlBits-1:0] ctl5 = ctl[5*CtlBits +: CtlBits], ctl7 = ctl[7*CtlBits +: CtlBits];
    wire [CtlBits-1:0] ctl9 = ctl[9*CtlBits +: CtlBits], ctl10 = ctl[10*CtlBits +: CtlBits];
    wire unused = &{1'b0, ctl, ctl2, ctl5, ctl7, ctl9, ctl10, ctl_all};

    wire group_order = GroupOrder != 0 && group_order_i;

    // ---- stage 0: parameters; back to the first of the position, or one word per outer position. In a pass over lines
    // one word per inner position, and back behind the last one.
    reg [ParamAddrBits-1:0] param_q;
    wire token_end0 = last_q && group_last;
    wire again0     = group_order && outer_last;
    wire [ParamAddrBits-1:0] param_first;
    wire param_step, param_load;
    generate
        if (GroupOrder != 0) begin : g_group_params
            reg [ParamAddrBits-1:0] first_q;
            wire line = LineOrder != 0 && group_order && param_per_outer_i;
            always @(posedge clk_i) begin
                if (start_i)                                     first_q <= param_base_i;
                else if (valid && token_end0 && again0 && !line) first_q <= param_q + 1'b1;
            end
            assign param_first = first_q;
        end else begin : g_params
            assign param_first = param_base_i;
        end
        if (LineOrder != 0) begin : g_line_step
            wire line = group_order && param_per_outer_i;
            assign param_step = valid && (param_per_outer_i ? token_end0 && (inner_last || line) : t_last_q);
            assign param_load = start_i || (token_end0 && (line ? inner_last : !param_per_outer_i && !again0));
        end else begin : g_step
            assign param_step = valid && (param_per_outer_i ? token_end0 && inner_last : t_last_q);
            assign param_load = start_i || (token_end0 && !param_per_outer_i && !again0);
        end
    endgenerate
    always @(posedge clk_i) begin
        if (start_i || param_step) param_q <= param_load ? (start_i ? param_base_i : param_first) : param_q + 1'b1;
    end
    assign param_addr_o = param_q;

    // ---- stage 2: token word, read for stage 3, its bias carried on to stage 5, its threshold to stage 7
    smx_pointer #(.AddrBits(TokenAddrBits)) u_token (
        .clk_i(clk_i), .load_i(start_i || (group_order && ctl2[Last] && ctl2[OuterLast])), .base_i(token_base_i),
        .step_i(token_step_i && ctl2[Last] && ctl2[GroupLast]),
        .token_end_i(1'b0), .token_step_i({TokenAddrBits{1'b0}}), .addr_o(token_addr_o));
    wire [ThetaBits-1:0] theta2;
    wire [TokenBiasBits-1:0] token_bias;
    smx_delay #(.Width(ThetaBits), .Stages(4)) u_theta (
        .clk_i(clk_i), .rst_i(1'b0), .data_i(token_i[ThetaBits-1:0]), .data_o(theta2));
    smx_delay #(.Width(TokenBiasBits), .Stages(2)) u_token_bias (
        .clk_i(clk_i), .rst_i(1'b0), .data_i(token_i[ThetaBits +: TokenBiasBits]), .data_o(token_bias));

    // ---- stage 5: residual, read for stage 6
    smx_pointer #(.AddrBits(StoreAddrBits)) u_residual (
        .clk_i(clk_i), .load_i(start_i), .base_i(residual_base_i),
        .step_i(residual_once_i ? ctl5[TimeLast] : ctl5[Valid]),
        .token_end_i(ctl5[Last] && ctl5[GroupLast]),
        .token_step_i((group_order && ctl5[OuterLast]) ? residual_group_step_i : residual_token_step_i),
        .addr_o(residual_addr_o));

    // ---- stage 7: store
    smx_pointer #(.AddrBits(StoreAddrBits)) u_store (
        .clk_i(clk_i), .load_i(start_i), .base_i(store_base_i),
        .step_i(store_once_i ? ctl7[TimeLast] : ctl7[Valid]),
        .token_end_i(ctl7[Last] && ctl7[GroupLast]),
        .token_step_i((group_order && ctl7[OuterLast]) ? store_group_step_i : store_token_step_i),
        .addr_o(store_addr_o));
    wire current_valid = ctl7[Valid];   // the neurons' currents are those of a step; also watched by testbenches
    assign store_o = store_i && current_valid && (!store_once_i || ctl7[First]);

    // ---- the neurons
    wire [Neurons-1:0] spikes;
    genvar u, s;
    generate
        for (u = 0; u < Neurons; u = u + 1) begin : g_neuron
            wire [Steps*AccBits-1:0]       choices;
            wire [Groups*PlaneAccBits-1:0] plane_choices;
            for (s = 0; s < Steps; s = s + 1) begin : g_choice
                localparam Lane = (s / Timesteps) * Neurons + u;
                assign choices[s*AccBits +: AccBits] =
                    results_i[(Lane * Timesteps + s % Timesteps) * AccBits +: AccBits];
            end
            for (s = 0; s < Groups; s = s + 1) begin : g_plane_choice
                assign plane_choices[s*PlaneAccBits +: PlaneAccBits] =
                    plane_results_i[(s * Neurons + u) * PlaneAccBits +: PlaneAccBits];
            end
            wire [AccBits-1:0]      selected;
            wire [PlaneAccBits-1:0] plane_selected;
            wire [InBits-1:0]       chosen, plane_chosen;
            smx_select #(.Count(Steps), .Width(AccBits), .SelectBits(StepBits)) u_select (
                .select_i(step_q), .choices_i(choices), .data_o(selected));
            smx_select #(.Count(Groups), .Width(PlaneAccBits), .SelectBits(GroupBits)) u_plane_select (
                .select_i(lanes_q), .choices_i(plane_choices), .data_o(plane_selected));
            smx_resize #(.From(AccBits), .To(InBits)) u_acc (.data_i(selected), .data_o(chosen));
            smx_resize #(.From(PlaneAccBits), .To(InBits)) u_plane_acc (.data_i(plane_selected), .data_o(plane_chosen));
            reg [InBits-1:0] acc_q;
            always @(posedge clk_i) acc_q <= planes_i ? plane_chosen : chosen;

            wire [ParamBits-1:0] param = param_i[u*ParamBits +: ParamBits];
            wire [7:0] identity_weight;
            if (Identity != 0) begin : g_identity
                assign identity_weight = param[BiasBits + ShiftBits +: 8];
            end else begin : g_no_identity
                assign identity_weight = 8'd0;
            end

            wire [CurrentBits-1:0] residual, current;
            wire [StoreBits-1:0]   residual_gated = residual_data_i[u*StoreBits +: StoreBits] & {StoreBits{residual_i}};
            smx_resize #(.From(StoreBits), .To(CurrentBits)) u_residual_ext (
                .data_i(residual_gated), .data_o(residual));
            smx_resize #(.From(CurrentBits), .To(StoreBits)) u_store_cut (
                .data_i(current), .data_o(store_data_o[u*StoreBits +: StoreBits]));

            smx_neuron #(
                .AccBits(InBits), .Identity(Identity), .ShiftBits(ShiftBits), .RoundBits(RoundBits),
                .BiasBits(BiasBits), .AlignedBits(AlignedBits), .Digits(Digits),
                .ExponentBits(ExponentBits), .ProductBits(ProductBits), .ScaleFractionBits(ScaleFractionBits),
                .TokenBiasBits(TokenBiasBits), .CurrentBits(CurrentBits), .ThetaBits(ThetaBits),
                .ClampBits(ClampBits), .MembraneBits(MembraneBits)
            ) u_neuron (
                .clk_i(clk_i), .acc_i(acc_q), .identity_i(identity_i), .identity_weight_i(identity_weight),
                .shift_i(param[BiasBits +: ShiftBits]), .bias_i(param[BiasBits-1:0]),
                .digits_i(token_i[ThetaBits+TokenBiasBits +: Digits*(ExponentBits+2)]),
                .token_bias_i(token_bias),
                .residual_i(residual), .first_i(ctl7[First]), .theta2_i(theta2),
                .current_o(current), .spike_o(spikes[u]));
        end
    endgenerate

    // ---- stage 9: spikes
    smx_spike_writer #(.Lanes(Lanes), .Neurons(Neurons), .Timesteps(Timesteps), .RowBits(RowBits),
                       .RowWords(RowWords), .WordSelectBits(WordSelectBits), .GroupOrder(GroupOrder)) u_writer (
        .clk_i(clk_i), .rst_i(rst_i), .start_i(start_i), .fire_i(fire_i),
        .row_base_i(write_base_i), .word_base_i(write_word_i),
        .inner_step_i(write_inner_step_i), .outer_step_i(write_outer_step_i), .group_order_i(group_order),
        .spikes_i(spikes), .valid_i(ctl9[Valid]), .last_i(ctl9[Last]),
        .group_last_i(ctl9[GroupLast]), .inner_last_i(ctl9[InnerLast]), .outer_last_i(ctl9[OuterLast]),
        .write_o(write_o), .write_row_o(write_row_o), .write_word_o(write_word_o), .write_data_o(write_data_o));

    assign done_o = ctl10[Last] && ctl10[GroupLast] && ctl10[InnerLast] && ctl10[OuterLast] && ctl10[PassLast];
endmodule

`default_nettype wire
