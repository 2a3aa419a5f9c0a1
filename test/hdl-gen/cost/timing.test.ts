/** Intervals and latencies are closed forms: held against the Verilog, in Icarus, with a source and a sink that never pause. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { imageShape, type NetworkConfig, tokenCount } from '@spikemill/golden-model';
import { type GenerateOptions, type Timing, timingOf } from '@spikemill/hdl-gen';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { makeDesign } from '../../support/designs.js';
import { runProgram } from '../../support/programs.js';
import { randomQuantized, smallConfig } from '../../support/random-network.js';

const IMAGES = 4;

/** Streams images without a pause; prints the cycle of every first pixel, class and last logit, and counted cycles. */
function testbench(top: string, pixels: number): string {
  return `
module testbench;
  reg aclk = 0, aresetn = 0, first_beat = 1;
  reg [31:0] cycle = 0, pixel = 0, image = 0, results = 0;
  wire tready, rvalid, rlast, done;
  wire [31:0] counted;
  wire tvalid = aresetn && image < ${IMAGES};
  wire last_pixel = pixel == ${pixels - 1};
  wire beat = aresetn && rvalid;
  ${top} dut (.aclk(aclk), .aresetn(aresetn), .s_axis_image_tvalid(tvalid), .s_axis_image_tready(tready),
    .s_axis_image_tdata(pixel[7:0]), .s_axis_image_tlast(last_pixel), .m_axis_result_tvalid(rvalid),
    .m_axis_result_tready(1'b1), .m_axis_result_tdata(), .m_axis_result_tlast(rlast), .busy(), .image_done(done),
    .cycles(counted), .stalls(), .frame_error());
  always #1 aclk = !aclk;
  always @(posedge aclk) begin
    cycle   <= cycle + 1;
    aresetn <= cycle > 9;
    if (tvalid && tready) begin
      if (pixel == 0) $display("pixel %0d", cycle);
      pixel <= last_pixel ? 0 : pixel + 1;
      image <= image + last_pixel;
    end
    if (beat) begin
      if (first_beat) $display("class %0d", cycle);
      if (rlast) $display("last %0d", cycle);
      first_beat <= rlast;
      results    <= results + rlast;
    end
    if (done) $display("counted %0d", counted);
    if (results == ${IMAGES} || cycle == 100000) $finish;
  end
endmodule
`;
}

const EVENTS = ['pixel', 'class', 'last', 'counted'] as const;
type Events = Record<(typeof EVENTS)[number], number[]>;

function simulate(config: NetworkConfig, options: GenerateOptions): { timing: Timing; events: Events } {
  const { network, plan, folder, manifest } = makeDesign(randomQuantized(config, 1), options);
  const shape = imageShape(config);
  writeFileSync(join(folder, 'testbench.v'), testbench(manifest.top, tokenCount(shape) * shape.channels));
  runProgram('iverilog', ['-g2005', '-o', 'sim', '-s', 'testbench', '-c', 'files.f', 'testbench.v'], folder);
  const lines = runProgram('vvp', ['sim'], folder).split('\n');
  const values = (name: string): number[] =>
    lines.filter((line) => line.startsWith(`${name} `)).map((line) => Number(line.split(' ')[1]));
  return {
    timing: timingOf(network, plan),
    events: Object.fromEntries(EVENTS.map((name) => [name, values(name)])) as Events,
  };
}

/** Differences of neighbours. */
function steps(values: readonly number[]): number[] {
  return values.slice(1).map((value, i) => value - values[i]!);
}

function check(changes: Partial<NetworkConfig>, options: GenerateOptions, binding: Timing['binding']): void {
  const small = { dim: 3, depths: [1], inChannels: 1, mean: [0.5], std: [0.25], imageHeight: 4, imageWidth: 6 };
  const { timing, events } = simulate(smallConfig({ ...small, ...changes }), options);
  assert.is(timing.binding, binding);
  assert.equal(events.counted, Array(IMAGES).fill(timing.cyclesPerImage));
  // the first image finds an idle engine
  assert.is(events.class[0]! - events.pixel[0]! + 1, timing.latencyToClass);
  assert.is(events.last[0]! - events.pixel[0]! + 1, timing.latencyToLastLogit);
  // from the second on, everything that holds an image up is there
  assert.equal(steps(events.class.slice(1)), Array(IMAGES - 2).fill(timing.intervalCycles));
}

test('the engine sets the pace: loading hides behind it', () => {
  check({ depths: [1, 1] }, { lanes: 3, inputs: 2, neurons: 1 }, 'engine');
});

test('the image sets the pace where the network is small', () => {
  const image = { patchSize: 8, imageHeight: 24, imageWidth: 16, timesteps: 1 };
  check(image, { lanes: 3, inputs: 16, neurons: 3 }, 'image input');
});

test('the results set the pace where there are many classes', () => {
  check({ numClasses: 200, timesteps: 1 }, { lanes: 12, inputs: 3, neurons: 12 }, 'result output');
});

test('segments: an image alone passes all of them, images behind each other have the pace of the slowest', () => {
  const changes = { depths: [2, 1], inChannels: 1, mean: [0.5], std: [0.25], imageHeight: 8, imageWidth: 8 };
  const config = smallConfig({ ...changes, spe: true, dim: 3, numClasses: 2 });
  const { timing, events } = simulate(config, { lanes: 3, inputs: 2, neurons: 3, segments: 4 });
  assert.is(timing.binding, 'engine');
  assert.is(events.class[0]! - events.pixel[0]! + 1, timing.latencyToClass);
  assert.is(events.last[0]! - events.pixel[0]! + 1, timing.latencyToLastLogit);
  assert.is(steps(events.last).at(-1), timing.intervalCycles);
});

test.run();
