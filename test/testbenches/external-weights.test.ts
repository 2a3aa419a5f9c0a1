/** Weights in external memory: bit-exact whatever the memory does, cycles the closed form, stalls as predicted. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  type GenerateOptions,
  generate,
  type MemoryPace,
  mostWeightStalls,
  timingOf,
  weightStalls,
} from '@spikemill/hdl-gen';
import { type MemorySettings, openBuild, verify } from '@spikemill/testbenches';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { makeDesign, tinyNetwork } from '../support/designs.js';
import { assertError, catchRejection } from '../support/errors.js';
import { copyBuild } from '../support/faults.js';
import { loadQuant } from '../support/references.js';
import { assertPassed, mismatchText, randomImages, testImages } from '../support/simulation.js';

const weights = 'external';
const IDEAL: MemoryPace = { latency: 1, bytesPerCycle: null };
const SLOW: MemoryPace = { latency: 50, bytesPerCycle: 1 };

/** Words of several beats, of one, and several words in a beat; token blocks and all tokens. */
const PLANS: readonly GenerateOptions[] = [
  { lanes: 8, inputs: 8, neurons: 2, tokenBlock: 2, weightBus: 64, weights },
  { lanes: 4, inputs: 3, neurons: 2, tokenBlock: 4, weightBus: 64, weights },
  { lanes: 4, inputs: 3, neurons: 4, tokenBlock: null, weightBus: 256, weights },
];

for (const [i, plan] of PLANS.entries()) {
  const network = tinyNetwork(i !== 1, i + 1);
  const { folder, plan: planned } = makeDesign(network, plan);
  const build = openBuild(folder);
  const images = randomImages(network, 4);
  const title = `${plan.lanes} x ${plan.inputs}, ${plan.weightBus} bits`;

  for (const pace of [IDEAL, { latency: 20, bytesPerCycle: 3 }, SLOW]) {
    test(`${title}: stalls are exact at latency ${pace.latency}, ${pace.bytesPerCycle ?? 'all'} bytes a cycle`, async () => {
      const result = await verify(build, images, { seed: 0, memory: pace });
      assertPassed(result, network, images.count, false);
      assert.equal(result.warnings, []);
      // reading starts with the first pixel, the first image a cycle behind the last
      const lead = timingOf(network, planned).inputCycles + 1;
      const predicted = weightStalls(planned, pace, lead, images.count);
      assert.is(
        result.weightStallCycles,
        predicted.reduce((sum, stalls) => sum + stalls, 0),
      );
      assert.is(result.mostWeightStalls, Math.max(...predicted));
      assert.is(result.weightStallBound, mostWeightStalls(planned, pace));
      assert.is(result.intervalCycles, planned.cyclesPerImage + predicted.at(-1)! + 1);
      const { bytes, ringWords, wordBits } = planned.external!;
      const least = images.count * bytes;
      assert.ok(
        result.weightBytes >= least && result.weightBytes <= least + bytes + ringWords * wordBits,
        'once an image',
      );
    });
  }

  test(`${title}: random gaps, idles and back-pressure`, async () => {
    const memory: MemorySettings = { latency: 7, bytesPerCycle: null, gapPercent: 60 };
    const options = { memory, currents: true, idlePercent: 30, stallPercent: 40, badFrames: 1, seed: i + 5 };
    const result = await verify(build, images, options);
    assertPassed(result, network, images.count, true);
    assert.is(result.weightStallBound, null);
  });

  test(`${title}: a reset recovers`, async () => {
    const memory = { latency: 9, bytesPerCycle: 2 };
    const { totalCycles } = await verify(build, images, { memory, seed: 3 });
    for (let step = 1; step < 5; step++) {
      const resetAtCycle = Math.floor((step * totalCycles) / 5) + step;
      const result = await verify(build, images, { memory, resetAtCycle, seed: 3 });
      assert.ok(result.passed, `reset in cycle ${resetAtCycle}: ${mismatchText(result.firstMismatch)}`);
    }
  });
}

for (const [model, name, plan] of [
  ['digits-tiny', 'w4-ptqbc', { lanes: 8, inputs: 8, neurons: 4, tokenBlock: null, weightBus: 128, weights }],
  ['stress-spe', 'w4-ptq', { lanes: 6, inputs: 4, neurons: 3, tokenBlock: 5, weightBus: 64, weights }],
  ['stress-nospe', 'w8-ptq', { lanes: 10, inputs: 5, neurons: 5, tokenBlock: null, weightBus: 512, weights }],
] as const) {
  test(`${model} ${name}: bit-exact with an ideal and a slow memory`, async () => {
    const network = loadQuant(model, name);
    const { folder } = makeDesign(network, plan);
    const build = openBuild(folder);
    const images = testImages(model, network, 3);
    for (const memory of [IDEAL, { ...SLOW, gapPercent: 20 }]) {
      const result = await verify(build, images, { memory, currents: true, stallPercent: 20, idlePercent: 20 });
      assertPassed(result, network, images.count, true);
    }
  });
}

test('a stage alone reads its own weights, and a run goes on from a checkpoint', async () => {
  for (const i of [0, 2]) {
    const network = tinyNetwork(true, i + 1);
    const { folder } = makeDesign(network, PLANS[i]);
    const build = openBuild(folder);
    const images = randomImages(network, 3);
    for (const stage of [0, 1]) {
      const result = await verify(build, images, { stage, memory: SLOW, currents: true });
      assert.ok(result.passed, `stage ${stage}: ${mismatchText(result.firstMismatch)}`);
      assert.is(result.cyclesPerImage, result.closedFormCycles);
      assert.equal(result.warnings, []);
    }
    const checkpointPath = join(folder, 'run.checkpoint');
    assertPassed(await verify(build, images, { checkpointPath, checkpointSeconds: 0 }), network, 3, false);
  }
});

test('a changed weight in external memory is found in its layer', async () => {
  const network = tinyNetwork(true);
  const copy = copyBuild(makeDesign(network, PLANS[0]).folder);
  const path = join(copy, 'weights-external.bin');
  const bytes = readFileSync(path);
  const last = Math.floor((3 * bytes.length) / 4);
  bytes.set(
    bytes.subarray(last).map((byte) => ~byte),
    last,
  );
  writeFileSync(path, bytes);
  const build = openBuild(copy);
  assert.match(build.warnings.join(), 'weights-external.bin: changed since it was generated');
  const { firstMismatch } = await verify(build, randomImages(network, 3));
  assert.match(firstMismatch?.layer ?? '', /token_mix|channel_mix|mlp/, mismatchText(firstMismatch));
});

test('what does not go together is refused', async () => {
  const network = tinyNetwork(true);
  const refuse = (choice: GenerateOptions, text: string): void => {
    assertError(() => generate(network, { lanes: 4, inputs: 2, neurons: 2, weights, ...choice }), 'PLAN', text);
  };
  refuse({ loopOrder: 'token' }, 'all weights would be read again for each token');
  refuse({ segments: 2 }, 'weights from outside are for one engine only');
  assertError(() => generate(network, { lanes: 4, neurons: 2, weights, style: 'event' }), 'PLAN', 'dense style only');
  assertError(() => generate(network, { weights, weightBus: 96 as 64 }), 'USAGE', '64, 128, 256, 512');
  const onChip = openBuild(makeDesign(network, { lanes: 4, inputs: 2 }).folder);
  const error = await catchRejection(verify(onChip, randomImages(network, 1), { memory: SLOW }));
  assert.match(error.describe(), 'the design reads no external memory');
});

test.run();
