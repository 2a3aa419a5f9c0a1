// smx_icarus: drives smx_harness from plain Verilog and prints what it sees, for simulators without a C++ harness.
//
// Reads the pixels of all images from the file +pixels=PATH, one byte each. Prints one line per event, cycle first:
//
//   CYCLE spikes PASS ROW WORD BITS          a word goes to the spike memory
//   CYCLE currents BITS                      LIF inputs of Neurons neurons (with +currents=1)
//   CYCLE image CYCLES STALLS                an image ended
//   CYCLE result WORD LAST                   a beat of a result was taken
//   CYCLE frame_error
//   CYCLE end                                all images and the cycles behind them
//   CYCLE stuck                              Stuck cycles without any event
//
// Four-valued: a bit that depends on something that was never written prints as x.
`default_nettype none

module smx_icarus #(
    parameter Lanes          = 1,
    parameter Neurons        = 1,
    parameter Timesteps      = 1,
    parameter PassBits       = 1,
    parameter RowBits        = 1,
    parameter WordSelectBits = 1,
    parameter RowWords       = 1,
    parameter CurrentBits    = 1,
    parameter Pixels         = 1,   // of an image
    parameter Classes        = 2
);
    localparam ResetCycles = 4, DrainCycles = 64;

    reg         aclk = 1'b0, aresetn = 1'b0;
    reg         image_tvalid = 1'b0, image_tlast = 1'b0, result_tready = 1'b0;
    reg  [7:0]  image_tdata = 8'd0;
    wire        image_tready, result_tvalid, result_tlast, image_done, frame_error, spike_write, current_valid;
    wire        weights_tready, weights_loaded, weights_error;   // no weights are streamed here
    wire [31:0] result_tdata, cycles, stalls, spike_pass, spike_row, spike_word;
    wire [Lanes*Timesteps-1:0] spike_data;
    wire [Neurons*32-1:0]      current_data;

    smx_harness #(
        .Lanes(Lanes), .Neurons(Neurons), .Timesteps(Timesteps), .PassBits(PassBits), .RowBits(RowBits),
        .WordSelectBits(WordSelectBits), .RowWords(RowWords), .CurrentBits(CurrentBits)
    ) u_harness (
        .aclk(aclk), .aresetn(aresetn),
        .image_tvalid(image_tvalid), .image_tready(image_tready), .image_tdata(image_tdata), .image_tlast(image_tlast),
        .result_tvalid(result_tvalid), .result_tready(result_tready), .result_tdata(result_tdata),
        .result_tlast(result_tlast), .image_done(image_done), .cycles(cycles), .stalls(stalls),
        .frame_error(frame_error), .weights_tvalid(1'b0), .weights_tready(weights_tready), .weights_tdata(32'd0),
        .weights_tlast(1'b0), .weights_loaded(weights_loaded), .weights_error(weights_error), .spike_write(spike_write), .spike_pass(spike_pass), .spike_row(spike_row),
        .spike_word(spike_word), .spike_data(spike_data), .current_valid(current_valid), .current_data(current_data));

    reg [8*1024-1:0] path;
    integer file, images, idle, stall, seed, stuck, with_currents;
    integer sent, pixel, beat, done, cycle, progress, drain, held;
    reg     running, active;

    initial begin
        if (!$value$plusargs("pixels=%s", path)) path = "";
        if (!$value$plusargs("images=%d", images))          images = 0;
        if (!$value$plusargs("idle=%d", idle))              idle = 0;
        if (!$value$plusargs("stall=%d", stall))            stall = 0;
        if (!$value$plusargs("seed=%d", seed))              seed = 1;
        if (!$value$plusargs("stuck=%d", stuck))            stuck = 100000;
        if (!$value$plusargs("currents=%d", with_currents)) with_currents = 0;
        file = $fopen(path, "rb");
        sent = 0; pixel = 0; beat = 0; done = 0; cycle = 0; progress = 0; drain = 0; held = 0;
        active = 1'b1;
        repeat (ResetCycles) begin #5 aclk = 1'b1; #5 aclk = 1'b0; end
        while (active) begin
            aresetn = 1'b1;
            drive;
            #5 observe;   // inputs have settled
            aclk = 1'b1;
            #5 aclk = 1'b0;
            cycle = cycle + 1;
            if (done == images) drain = drain + 1;
            if (drain == DrainCycles) begin
                $display("%0d end", cycle);
                active = 1'b0;
            end else if (cycle - progress > stuck) begin
                $display("%0d stuck", cycle);
                active = 1'b0;
            end
        end
        $finish(0);
    end

    // A valid offer stands until it is taken.
    task drive;
        begin
            if (held == 0 && sent < images && $unsigned($random(seed)) % 100 >= idle) begin
                image_tdata = $fgetc(file);
                held = 1;
            end
            image_tvalid  = held != 0;
            image_tlast   = held != 0 && pixel == Pixels - 1;
            result_tready = $unsigned($random(seed)) % 100 >= stall;
        end
    endtask

    task observe;
        begin
            if (image_tvalid && image_tready !== 1'b0) begin
                held = 0; progress = cycle;
                pixel = (pixel == Pixels - 1) ? 0 : pixel + 1;
                if (pixel == 0) sent = sent + 1;
            end
            if (frame_error !== 1'b0) $display("%0d frame_error", cycle);
            if (spike_write !== 1'b0) begin
                progress = cycle;
                $display("%0d spikes %0d %0d %0d %b", cycle, spike_pass, spike_row, spike_word, spike_data);
            end
            if (with_currents != 0 && current_valid !== 1'b0) $display("%0d currents %b", cycle, current_data);
            if (image_done !== 1'b0) $display("%0d image %0d %0d", cycle, cycles, stalls);
            if (result_tvalid !== 1'b0 && result_tready) begin
                progress = cycle;
                $display("%0d result %b %b", cycle, result_tdata, result_tlast);
                beat = (beat == Classes) ? 0 : beat + 1;
                if (beat == 0) done = done + 1;
            end
        end
    endtask
endmodule

`default_nettype wire
