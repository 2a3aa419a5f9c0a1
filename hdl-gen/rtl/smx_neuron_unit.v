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

    // ---- step counter: step 0 runs in the cycle of tile_valid_i
    reg                busy_q;
    reg [StepBits-1:0] step_q;
    reg [TimeBits-1:0] time_q;
    reg [GroupBits-1:0] lanes_q;   // the lanes' group that is served
    reg                group_last_q, inner_last_q, outer_last_q, pass_last_q;
    wire tile   = tile_valid_i && !head_i;
    wire valid  = tile || busy_q;
    wire last   = step_q == LastStep[StepBits-1:0];
    wire t_last = time_q == LastTime[TimeBits-1:0];
    always @(posedge clk_i) begin
        if (rst_i || start_i) begin
            busy_q <= 1'b0;
            step_q <= {StepBits{1'b0}};
            time_q <= {TimeBits{1'b0}};
            lanes_q <= {GroupBits{1'b0}};
        end else if (valid) begin
            busy_q <= !last;
            step_q <= last   ? {StepBits{1'b0}} : step_q + 1'b1;
            time_q <= t_last ? {TimeBits{1'b0}} : time_q + 1'b1;
            if (t_last) lanes_q <= last ? {GroupBits{1'b0}} : lanes_q + 1'b1;
        end
        if (tile) begin
            group_last_q <= tile_group_last_i;
            inner_last_q <= tile_inner_last_i;
            outer_last_q <= tile_outer_last_i;
            pass_last_q  <= tile_pass_last_i;
        end
    end
    wire group_last = tile ? tile_group_last_i : group_last_q;
    wire inner_last = tile ? tile_inner_last_i : inner_last_q;
    wire outer_last = tile ? tile_outer_last_i : outer_last_q;
    wire pass_last  = tile ? tile_pass_last_i  : pass_last_q;

    // ---- control, one bundle per stage: {valid, first timestep, last timestep, last step, and its tile's flags}
    // In token order the visit of all positions ends the pass.
    localparam CtlBits = GroupOrder != 0 ? 8 : 7, Stages = 8;
    wire [(Stages+1)*CtlBits-1:0] ctl;
    wire [6:0] ctl_base = {valid, time_q == {TimeBits{1'b0}}, t_last, last, group_last, inner_last, outer_last};
    wire [7:0] ctl_all  = {pass_last, ctl_base} & {8{valid}};
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
    wire [CtlBits-1:0] ctl0 = ctl[0*CtlBits +: CtlBits], ctl2 = ctl[2*CtlBits +: CtlBits];
    wire [CtlBits-1:0] ctl4 = ctl[4*CtlBits +: CtlBits], ctl6 = ctl[6*CtlBits +: CtlBits];
    wire [CtlBits-1:0] ctl7 = ctl[7*CtlBits +: CtlBits], ctl8 = ctl[8*CtlBits +: CtlBits];
    wire unused = &{1'b0, ctl, ctl0, ctl2, ctl4, ctl6, ctl7, ctl8, ctl_all};

    wire group_order = GroupOrder != 0 && group_order_i;

    // ---- stage 0: parameters; back to the first of the position, or one word per outer position
    reg [ParamAddrBits-1:0] param_q;
    wire token_end0 = ctl0[Last] && ctl0[GroupLast];
    wire again0     = group_order && ctl0[OuterLast];
    wire [ParamAddrBits-1:0] param_first;
    generate
        if (GroupOrder != 0) begin : g_group_params
            reg [ParamAddrBits-1:0] first_q;
            always @(posedge clk_i) begin
                if (start_i)                   first_q <= param_base_i;
                else if (token_end0 && again0) first_q <= param_q + 1'b1;
            end
            assign param_first = first_q;
        end else begin : g_params
            assign param_first = param_base_i;
        end
    endgenerate
    always @(posedge clk_i) begin
        if (start_i) param_q <= param_base_i;
        else if (param_per_outer_i) begin
            if (token_end0 && ctl0[InnerLast]) param_q <= param_q + 1'b1;
        end else if (ctl0[TimeLast]) begin
            param_q <= (token_end0 && !again0) ? param_first : param_q + 1'b1;
        end
    end
    assign param_addr_o = param_q;

    // ---- stage 2: token word, read for stage 3, carried on to stages 4 and 6 by delays
    smx_pointer #(.AddrBits(TokenAddrBits)) u_token (
        .clk_i(clk_i), .load_i(start_i || (group_order && ctl2[Last] && ctl2[OuterLast])), .base_i(token_base_i),
        .step_i(token_step_i && ctl2[Last] && ctl2[GroupLast]),
        .token_end_i(1'b0), .token_step_i({TokenAddrBits{1'b0}}), .addr_o(token_addr_o));
    wire [ThetaBits-1:0] theta2;
    smx_delay #(.Width(ThetaBits), .Stages(3)) u_theta (
        .clk_i(clk_i), .rst_i(1'b0), .data_i(token_i[ThetaBits-1:0]), .data_o(theta2));

    // ---- stage 4: residual, read for stage 5
    smx_pointer #(.AddrBits(StoreAddrBits)) u_residual (
        .clk_i(clk_i), .load_i(start_i), .base_i(residual_base_i),
        .step_i(residual_once_i ? ctl4[TimeLast] : ctl4[Valid]),
        .token_end_i(ctl4[Last] && ctl4[GroupLast]),
        .token_step_i((group_order && ctl4[OuterLast]) ? residual_group_step_i : residual_token_step_i),
        .addr_o(residual_addr_o));

    // ---- stage 6: store
    smx_pointer #(.AddrBits(StoreAddrBits)) u_store (
        .clk_i(clk_i), .load_i(start_i), .base_i(store_base_i),
        .step_i(store_once_i ? ctl6[TimeLast] : ctl6[Valid]),
        .token_end_i(ctl6[Last] && ctl6[GroupLast]),
        .token_step_i((group_order && ctl6[OuterLast]) ? store_group_step_i : store_token_step_i),
        .addr_o(store_addr_o));
    wire current_valid = ctl6[Valid];   // the neurons' currents are those of a step; also watched by testbenches
    assign store_o = store_i && current_valid && (!store_once_i || ctl6[First]);

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
                .token_bias_i(token_i[ThetaBits +: TokenBiasBits]),
                .residual_i(residual), .first_i(ctl6[First]), .theta2_i(theta2),
                .current_o(current), .spike_o(spikes[u]));
        end
    endgenerate

    // ---- stage 7: spikes
    smx_spike_writer #(.Lanes(Lanes), .Neurons(Neurons), .Timesteps(Timesteps), .RowBits(RowBits),
                       .RowWords(RowWords), .WordSelectBits(WordSelectBits), .GroupOrder(GroupOrder)) u_writer (
        .clk_i(clk_i), .rst_i(rst_i), .start_i(start_i), .fire_i(fire_i),
        .row_base_i(write_base_i), .word_base_i(write_word_i),
        .inner_step_i(write_inner_step_i), .outer_step_i(write_outer_step_i), .group_order_i(group_order),
        .spikes_i(spikes), .valid_i(ctl7[Valid]), .last_i(ctl7[Last]),
        .group_last_i(ctl7[GroupLast]), .inner_last_i(ctl7[InnerLast]), .outer_last_i(ctl7[OuterLast]),
        .write_o(write_o), .write_row_o(write_row_o), .write_word_o(write_word_o), .write_data_o(write_data_o));

    assign done_o = ctl8[Last] && ctl8[GroupLast] && ctl8[InnerLast] && ctl8[OuterLast] && ctl8[PassLast];
endmodule

`default_nettype wire
