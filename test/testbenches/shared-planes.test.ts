/** Pixels and head on the spike array: bit-exact with all currents, cycles equal to the closed form. */
import { openBuild, verify } from '@spikemill/testbenches';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { COLOUR, GREY, testCorners } from '../support/corners.js';
import { makeDesign, tinyConfig } from '../support/designs.js';
import { randomQuantized } from '../support/random-network.js';
import { loadQuant } from '../support/references.js';
import { assertPassed, mismatchText, randomImages, runDesign, testImages } from '../support/simulation.js';

testCorners([
  {
    title: 'patches of several rows, classes in several groups',
    spe: true,
    config: { ...COLOUR, dim: 6, timesteps: 3, depths: [1, 2], imageHeight: 8, imageWidth: 12, numClasses: 5 },
    plan: { lanes: 2, inputs: 5, neurons: 1, tokenBlock: 3, planes: 'shared' },
  },
  {
    title: 'digits of 2 bits: all four timesteps, and one digit more',
    spe: false,
    config: { ...GREY, dim: 4, timesteps: 4, depths: [1, 1], imageHeight: 8, imageWidth: 8 },
    plan: { lanes: 4, inputs: 3, neurons: 2, tokenBlock: null, loopOrder: 'group', planes: 'shared' },
    quantize: { weightBits: 2 },
  },
  {
    title: 'whole weights of 8 bits in one timestep',
    spe: true,
    config: { ...GREY, timesteps: 1, depths: [1], patchSize: 1, imageHeight: 3, imageWidth: 2, numClasses: 2 },
    plan: { lanes: 1, inputs: 3, neurons: 1, tokenBlock: 1, planes: 'shared' },
    quantize: { weightBits: 8 },
  },
  {
    title: 'digits of 5 bits, axial branches of several inputs, T 5',
    spe: true,
    config: { ...COLOUR, dim: 3, timesteps: 5, depths: [1, 1], imageHeight: 8, imageWidth: 12 },
    plan: { lanes: 3, inputs: 4, neurons: 3, tokenBlock: 2, axialInputs: 3, planes: 'shared' },
    quantize: { weightBits: 5 },
  },
  {
    title: 'ternary adders, three levels',
    spe: true,
    config: { ...COLOUR, dim: 3, timesteps: 4, depths: [1, 1], imageHeight: 8, imageWidth: 8 },
    plan: { lanes: 3, inputs: 20, neurons: 3, tokenBlock: 2, axialInputs: 2, planes: 'shared', adders: 'ternary' },
  },
]);

test('a trained network with streamed weights', async () => {
  const network = loadQuant('digits-tiny', 'w4-ptqbc');
  const choice = { lanes: 6, inputs: 4, neurons: 3, planes: 'shared', weights: 'stream' } as const;
  await runDesign(network, choice, testImages('digits-tiny', network, 3), { currents: true, stallPercent: 20 });
});

test('weights in external memory, whole and by stages', async () => {
  const network = randomQuantized(tinyConfig(true, { depths: [1, 1], imageHeight: 8, imageWidth: 16 }), 5);
  const choice = { lanes: 4, inputs: 5, neurons: 4, tokenBlock: null, planes: 'shared', weights: 'external' } as const;
  const build = openBuild(makeDesign(network, choice).folder);
  assert.equal(
    build.manifest.memories.filter(({ name }) => name.endsWith('-weights')).map(({ name }) => name),
    ['axial-weights'],
  );
  const images = randomImages(network, 3);
  const memory = { latency: 50, bytesPerCycle: 1 };
  assertPassed(await verify(build, images, { memory, currents: true }), network, 3, true);
  for (const stage of [0, 1]) {
    const result = await verify(build, images, { stage, memory, currents: true });
    assert.ok(result.passed, `stage ${stage}: ${mismatchText(result.firstMismatch)}`);
    assert.is(result.cyclesPerImage, result.closedFormCycles);
  }
});

test.run();
