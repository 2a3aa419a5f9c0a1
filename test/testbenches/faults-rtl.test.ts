/** Faults in the Verilog itself are caught, too: a line that was changed, a handshake that was dropped, files that are gone. */
import { appendFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { openBuild, type VerifyOptions, type VerifyResult, verify } from '@spikemill/testbenches';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { makeDesign, tinyConfig } from '../support/designs.js';
import { copyBuild, editText } from '../support/faults.js';
import { randomQuantized } from '../support/random-network.js';
import { scramble } from '../support/scrambled-network.js';
import { randomImages } from '../support/simulation.js';

/** Many classes, so that results hold up the images behind them; thresholds and biases at every corner. */
const CONFIG = tinyConfig(true, { numClasses: 30, depths: [1], imageHeight: 6, imageWidth: 8, timesteps: 3 });
const NETWORK = scramble(randomQuantized(CONFIG, 5), 5);
const { folder: FOLDER } = makeDesign(NETWORK, { lanes: 8, inputs: 4, neurons: 8 });
const IMAGES = randomImages(NETWORK, 6);
const OPTIONS: VerifyOptions = { idlePercent: 5, stallPercent: 95, seed: 3 };

/** Runs a copy of the build that `inject` spoils; asserts that it fails and that `file` is named. */
async function runFault(file: string, what: string, inject: (folder: string) => void): Promise<VerifyResult> {
  const copy = copyBuild(FOLDER);
  inject(copy);
  const result = await verify(openBuild(copy), IMAGES, OPTIONS);
  assert.is(result.passed, false);
  assert.ok(result.mismatches > 0);
  assert.equal(result.warnings, [`${file}: ${what}`]);
  return result;
}

async function changeLine(file: string, from: string, to: string): Promise<VerifyResult> {
  return runFault(file, 'changed since it was generated', (folder) => editText(folder, file, from, to));
}

test('the build passes as it is', async () => {
  const result = await verify(openBuild(FOLDER), IMAGES, OPTIONS);
  assert.ok(result.passed);
  assert.ok(result.stallCycles > 0, 'results hold up images');
});

test('a threshold that must be passed, not met', async () => {
  const { firstMismatch } = await changeLine('rtl/smx_lif.v', 'fire   = acc >= theta2', 'fire = acc > theta2');
  assert.is(firstMismatch!.kind, 'spikes');
  assert.equal([firstMismatch!.expected, firstMismatch!.got], [1, 0]);
});

test('a membrane that is not clamped', async () => {
  const { firstMismatch } = await changeLine('rtl/smx_lif.v', 'below ? clamp : half', 'half');
  assert.is(firstMismatch!.kind, 'spikes');
  assert.ok(firstMismatch!.timestep! > 0);
});

test('a membrane that is not cleared', async () => {
  const { firstMismatch } = await changeLine(
    'rtl/smx_lif.v',
    "first_i ? {MembraneBits{1'b0}} : membrane_q",
    'membrane_q',
  );
  assert.is(firstMismatch!.kind, 'spikes');
});

test('a bias that is not added', async () => {
  const { firstMismatch } = await changeLine('rtl/smx_align.v', '.addend_i(bias_ext)', '.addend_i(bias_ext & 0)');
  assert.is(firstMismatch!.layer, 'to_patch_embedding.0');
  assert.is(firstMismatch!.kind, 'currents');
});

test('a result beat that does not wait to be taken', async () => {
  const { firstMismatch } = await changeLine('rtl/smx_result_stream.v', 'valid_q && m_axis_tready_i', 'valid_q');
  assert.is(firstMismatch!.kind, 'protocol');
  assert.is(firstMismatch!.layer, 'mlp_head');
});

test('pixels that are taken while the memory is in use', async () => {
  const { firstMismatch } = await changeLine(
    'rtl/smx_image_loader.v',
    's_axis_tvalid_i && s_axis_tready_o',
    's_axis_tvalid_i',
  );
  assert.is(firstMismatch!.layer, 'to_patch_embedding.0');
  // the image alone meets no other: the run that showed it is the one to replay
  assert.match(firstMismatch!.replay!, / --first 0 --limit [2-6] --seed 3 --idle 5 --stall 95$/);
});

test('a head that does not wait for the result before', async () => {
  const { firstMismatch } = await changeLine('rtl/smx_sequencer.v', '!(head_i && !result_ready_i)', "(1'b1 || head_i)");
  assert.is(firstMismatch!.layer, 'mlp_head');
});

test('a sequencer that stops', async () => {
  const { firstMismatch, images } = await changeLine(
    'rtl/smx_sequencer.v',
    'if (go) state_q',
    'if (go && pass_q != 3) state_q',
  );
  assert.is(images, 0);
  assert.is(firstMismatch!.kind, 'timeout');
  assert.is.not(firstMismatch!.layer, null);
});

test('a cycle that the plan does not promise', async () => {
  const { firstMismatch, cyclesPerImage, closedFormCycles } = await changeLine(
    'rtl/smx_sequencer.v',
    'Fetch:   state_q <= Start;',
    "Fetch:   if (cycles_q != 32'd0) state_q <= Start;",
  );
  assert.is(firstMismatch!.kind, 'cycles', JSON.stringify(firstMismatch));
  assert.is.not(cyclesPerImage, closedFormCycles);
});

test('Verilog that no simulator takes', async () => {
  const result = await changeLine('rtl/smx_lif.v', 'endmodule', 'endmodul');
  assert.is(result.firstMismatch!.kind, 'build');
  assert.match(result.firstMismatch!.message, /smx_lif\.v:\d+/);
  assert.is(result.images, 0);
  assert.is(result.cyclesPerImage, null);
});

test('a source that is gone', async () => {
  const result = await runFault('rtl/smx_lif.v', 'missing', (folder) => rmSync(join(folder, 'rtl/smx_lif.v')));
  assert.is(result.firstMismatch!.kind, 'build');
});

test('a memory image that is gone', async () => {
  const result = await runFault('mem/params.mem', 'missing', (folder) => rmSync(join(folder, 'mem/params.mem')));
  assert.is(result.firstMismatch!.layer, 'to_patch_embedding.0');
});

test('a memory image that breaks the simulation off', async () => {
  const what = 'changed since it was generated';
  const result = await runFault('mem/params.mem', what, (folder) =>
    appendFileSync(join(folder, 'mem/params.mem'), '0\n'),
  );
  assert.is(result.firstMismatch!.kind, 'build');
  assert.match(result.firstMismatch!.message, /broke off: SIGABRT.*params\.mem/s);
});

test.run();
