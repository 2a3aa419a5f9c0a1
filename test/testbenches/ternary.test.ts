/** Lanes of ternary adders: bit-exact with all currents, cycles equal to the closed form, whatever else is chosen. */

import { plan } from '@spikemill/hdl-gen';
import { openBuild, verify } from '@spikemill/testbenches';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { COLOUR, GREY, testCorners } from '../support/corners.js';
import { makeDesign, tinyConfig } from '../support/designs.js';
import { randomQuantized } from '../support/random-network.js';
import { loadQuant } from '../support/references.js';
import { assertPassed, randomImages, runDesign, testImages } from '../support/simulation.js';

const TERNARY = { adders: 'ternary' } as const;

testCorners([
  {
    title: 'no level at all: two inputs, both added to the accumulator',
    spe: true,
    config: { ...GREY, dim: 6, timesteps: 3, depths: [1, 2], imageHeight: 9, imageWidth: 14 },
    plan: { ...TERNARY, lanes: 2, inputs: 2, neurons: 1, tokenBlock: 3 },
  },
  {
    title: 'a term left over on two levels, identities, several axial inputs',
    spe: false,
    config: { ...COLOUR, dim: 3, timesteps: 2, depths: [2, 1, 1], patchSize: 1, imageHeight: 5, imageWidth: 11 },
    plan: { ...TERNARY, lanes: 4, inputs: 10, neurons: 2, tokenBlock: null, loopOrder: 'group', axialInputs: 7 },
  },
  {
    title: 'three levels, more inputs than channels, one timestep',
    spe: true,
    config: { ...GREY, timesteps: 1, depths: [1], patchSize: 1, imageHeight: 3, imageWidth: 2, numClasses: 2 },
    plan: { ...TERNARY, lanes: 1, inputs: 20, neurons: 1, tokenBlock: 1 },
  },
  {
    title: 'pixels and head on the spike array',
    spe: true,
    config: { ...COLOUR, dim: 3, timesteps: 5, depths: [1, 1], imageHeight: 8, imageWidth: 12 },
    plan: { ...TERNARY, lanes: 3, inputs: 8, neurons: 3, tokenBlock: 2, axialInputs: 3, planes: 'shared' },
    quantize: { weightBits: 5 },
  },
  {
    title: 'segments',
    spe: true,
    config: { depths: [1, 2] },
    plan: { ...TERNARY, lanes: 3, inputs: 7, neurons: 3, segments: 3 },
  },
]);

test('a trained network: the cycles that the shorter tree saves, and no other', async () => {
  const network = loadQuant('digits-tiny', 'w4-ptqbc');
  const choice = { lanes: 6, inputs: 20, neurons: 3 };
  const { result } = await runDesign(network, { ...choice, ...TERNARY }, testImages('digits-tiny', network, 3), {
    currents: true,
    stallPercent: 20,
  });
  // 20 inputs: five levels of pairs, three of threes
  const { passes, cyclesPerImage } = plan(network, choice);
  assert.is(result.closedFormCycles, cyclesPerImage - 2 * passes.length);
});

test('streamed weights, and weights in external memory with several axial inputs', async () => {
  const network = randomQuantized(tinyConfig(false, { depths: [1, 1], imageHeight: 8, imageWidth: 18 }), 5);
  const images = randomImages(network, 3);
  const grid = { ...TERNARY, lanes: 4, inputs: 8, neurons: 4, axialInputs: 4 };
  await runDesign(network, { ...grid, weights: 'stream' }, images, { currents: true });
  const build = openBuild(makeDesign(network, { ...grid, tokenBlock: null, weights: 'external' }).folder);
  const memory = { latency: 50, bytesPerCycle: 1 };
  assertPassed(await verify(build, images, { memory, currents: true }), network, 3, true);
});

test.run();
