/** A second opinion: Icarus Verilog, which knows unknown values, on the same designs and vectors. */
import { openBuild, type VerifyOptions, verify } from '@spikemill/testbenches';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { makeDesign, tinyConfig } from '../support/designs.js';
import { catchRejection } from '../support/errors.js';
import { copyBuild, editText, flipBits } from '../support/faults.js';
import { randomQuantized } from '../support/random-network.js';
import { assertPassed, randomImages } from '../support/simulation.js';

const OPTIONS: VerifyOptions = { simulator: 'icarus', idlePercent: 10, stallPercent: 60, seed: 2 };
const CONFIG = { imageHeight: 6, imageWidth: 8, timesteps: 2 };
const PLAN = { lanes: 4, inputs: 4, neurons: 4, tokenBlock: 3 };

for (const spe of [true, false]) {
  test(`${spe ? 'with' : 'without'} SPE: every spike, current and result`, async () => {
    const network = randomQuantized(tinyConfig(spe, CONFIG), 4);
    const build = openBuild(makeDesign(network, PLAN).folder);
    const seen: number[] = [];
    const onImage = (done: number): void => void seen.push(done);
    const result = await verify(build, randomImages(network, 3), { ...OPTIONS, currents: true, onImage });
    assertPassed(result, network, 3, true);
    assert.is(result.simulator.name, 'icarus');
    assert.equal(seen, [1, 2, 3]);
  });
}

const NETWORK = randomQuantized(tinyConfig(true, { ...CONFIG, depths: [1] }), 4);
const { folder: FOLDER, plan } = makeDesign(NETWORK, PLAN);
const IMAGES = randomImages(NETWORK, 2);

test('a fault is placed as Verilator places it', async () => {
  const copy = copyBuild(FOLDER);
  const { bases } = plan.bindings.find(({ layer }) => layer.kind === 'fc2')!;
  flipBits(copy, 'params', bases.params, 0);
  const build = openBuild(copy);
  const verilator = await verify(build, IMAGES, { ...OPTIONS, simulator: 'verilator', currents: true });
  const icarus = await verify(build, IMAGES, { ...OPTIONS, currents: true });
  assert.is(icarus.passed, false);
  assert.is(icarus.mismatches, verilator.mismatches);
  const { cycle: _, replay, ...place } = icarus.firstMismatch!;
  const { cycle: __, replay: ___, ...samePlace } = verilator.firstMismatch!;
  assert.equal(place, samePlace);
  assert.match(replay!, / --currents --simulator icarus$/);
});

test('a value that was never written is told from 0 and 1', async () => {
  const copy = copyBuild(FOLDER);
  editText(copy, 'rtl/smx_lif.v', 'fire || first_i', 'fire');
  const { firstMismatch } = await verify(openBuild(copy), IMAGES, OPTIONS);
  assert.is(firstMismatch!.kind, 'spikes');
  assert.is(firstMismatch!.got, 'x');
});

test('what Icarus is not asked', async () => {
  const build = openBuild(FOLDER);
  const error = await catchRejection(verify(build, IMAGES, { ...OPTIONS, badFrames: 1 }));
  assert.is(error.code, 'USAGE');
});

test.run();
