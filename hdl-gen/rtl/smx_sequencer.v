// smx_sequencer: walks the layer program, one pass after the other, image after image.
//
// A pass is one word of the program memory (read latency 1). It starts when the pass before it has written its last
// word, so no pass ever waits for data: the cycles of an image are a closed form. An image starts when it is there and
// what it yields has a place; a head pass waits until the result of the image before has been sent, and that is counted.
`default_nettype none

module smx_sequencer #(
    parameter PassBits = 5    // bits of a pass number
) (
    input  wire                clk_i,
    input  wire                rst_i,
    input  wire                image_ready_i,    // an image lies in the pixel memory
    input  wire                output_free_i,    // what the image yields has a place
    output wire                image_release_o,  // pulse: the last pass that reads pixels is done
    input  wire                result_ready_i,   // a head pass may overwrite the result
    // program memory and the word it holds now
    output wire [PassBits-1:0] pass_o,
    input  wire                pixels_i,         // this pass reads pixels
    input  wire                head_i,           // this pass writes logits
    input  wire                last_i,           // this pass ends the image
    // pass control
    output wire                start_o,          // pulse: the program word is valid, go
    input  wire                held_i,           // the pass waits for weights: this cycle does not count
    input  wire                done_i,           // pulse: the pass has written everything
    output wire                finish_o,         // pulse: the last pass is done; image_done_o follows
    output wire                image_done_o,     // pulse: the last pass is done, the counters are final
    // counters of the image under way; they hold from image_done_o until the next image starts
    output wire                busy_o,
    output wire [31:0]         cycles_o,         // without stalls
    output wire [31:0]         stalls_o
);
    localparam Idle = 2'd0, Fetch = 2'd1, Start = 2'd2, Run = 2'd3;
    reg [1:0] state_q;
    reg [PassBits-1:0] pass_q;
    reg [31:0] cycles_q, stalls_q;
    reg image_done_q;

    wire go    = state_q == Start && !(head_i && !result_ready_i);
    wire begins = image_ready_i && output_free_i;
    wire stall = state_q == Start && !go;

    always @(posedge clk_i) begin
        if (rst_i) begin
            state_q <= Idle;
            pass_q  <= {PassBits{1'b0}};
        end else case (state_q)
            Idle:    if (begins) state_q <= Fetch;
            Fetch:   state_q <= Start;
            Start:   if (go) state_q <= Run;
            default: if (done_i) begin
                state_q <= last_i ? Idle : Fetch;
                pass_q  <= last_i ? {PassBits{1'b0}} : pass_q + 1'b1;
            end
        endcase
    end

    assign finish_o = state_q == Run && done_i && last_i;
    always @(posedge clk_i) image_done_q <= finish_o && !rst_i;

    always @(posedge clk_i) begin
        if (rst_i || (state_q == Idle && begins)) begin
            cycles_q <= 32'd0;
            stalls_q <= 32'd0;
        end else if (state_q != Idle) begin
            cycles_q <= cycles_q + {31'd0, !stall && !held_i};
            stalls_q <= stalls_q + {31'd0, stall};
        end
    end

    assign pass_o          = pass_q;
    assign start_o         = go;
    assign image_done_o    = image_done_q;
    assign image_release_o = state_q == Run && done_i && pixels_i;
    assign busy_o          = state_q != Idle;
    assign cycles_o        = cycles_q;
    assign stalls_o        = stalls_q;
endmodule

`default_nettype wire
