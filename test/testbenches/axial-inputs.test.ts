/** Axial branches that use several inputs of a lane: bit-exact with all currents, cycles equal to the closed form. */

import { plan } from '@spikemill/hdl-gen';
import { openBuild, verify } from '@spikemill/testbenches';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { passCycles } from '../../hdl-gen/src/plan/pass.js';
import { COLOUR, GREY, testCorners } from '../support/corners.js';
import { makeDesign, tinyConfig } from '../support/designs.js';
import { randomQuantized } from '../support/random-network.js';
import { loadQuant } from '../support/references.js';
import { assertPassed, mismatchText, randomImages, runDesign, testImages } from '../support/simulation.js';

testCorners([
  {
    title: 'two inputs, lines of odd length, words of several groups in a row',
    spe: true,
    config: { ...GREY, dim: 6, timesteps: 3, depths: [1, 2], imageHeight: 9, imageWidth: 14 },
    plan: { lanes: 2, inputs: 6, neurons: 1, tokenBlock: 3, axialInputs: 2 },
  },
  {
    title: 'more inputs than a line is long, a layer of identities, lanes that pad',
    spe: false,
    config: { ...COLOUR, dim: 3, timesteps: 2, depths: [2, 1, 1], patchSize: 1, imageHeight: 5, imageWidth: 11 },
    plan: { lanes: 4, inputs: 7, neurons: 2, tokenBlock: null, loopOrder: 'group', axialInputs: 7 },
  },
  {
    title: 'one step a tile: the next line is there in the last possible cycle',
    spe: true,
    config: { ...GREY, timesteps: 1, depths: [1], patchSize: 1, imageHeight: 3, imageWidth: 2, numClasses: 2 },
    plan: { lanes: 1, inputs: 3, neurons: 1, tokenBlock: 1, axialInputs: 3 },
  },
  {
    title: 'T 16, three stages, lines of one position, three inputs of four',
    spe: true,
    config: { ...GREY, timesteps: 16, depths: [1, 2, 1], imageHeight: 13, imageWidth: 6 },
    plan: { lanes: 3, inputs: 4, neurons: 3, tokenBlock: 2, axialInputs: 3 },
  },
]);

test('a trained network with streamed weights', async () => {
  const network = loadQuant('digits-tiny', 'w4-ptqbc');
  const choice = { lanes: 6, inputs: 4, neurons: 3, axialInputs: 4, weights: 'stream' } as const;
  await runDesign(network, choice, testImages('digits-tiny', network, 3), { currents: true, stallPercent: 20 });
});

test('weights in external memory, whole and by stages', async () => {
  const network = randomQuantized(tinyConfig(false, { depths: [1, 1], imageHeight: 8, imageWidth: 18 }), 5);
  const choice = { lanes: 4, inputs: 5, neurons: 4, tokenBlock: null, axialInputs: 4, weights: 'external' } as const;
  const build = openBuild(makeDesign(network, choice).folder);
  const images = randomImages(network, 3);
  const memory = { latency: 50, bytesPerCycle: 1 };
  assertPassed(await verify(build, images, { memory, currents: true }), network, 3, true);
  for (const stage of [0, 1]) {
    const result = await verify(build, images, { stage, memory, currents: true });
    assert.ok(result.passed, `stage ${stage}: ${mismatchText(result.firstMismatch)}`);
    assert.is(result.cyclesPerImage, result.closedFormCycles);
  }
});

test('a line of N words: N outputs of N / k cycles each, or the steps of its neurons, behind the first N + 1 cycles', () => {
  const network = randomQuantized(tinyConfig(true, { imageHeight: 20, imageWidth: 40 }), 1);
  const [one, four] = [1, 4].map((axialInputs) => plan(network, { lanes: 3, inputs: 4, neurons: 3, axialInputs }));
  const passOf = ({ passes }: typeof one & {}) => passes.find(({ layer }) => layer.name === 'token_mix.0.proj_w')!;
  const { outer, inner, groups, tapA } = passOf(four!).loops;
  assert.equal([outer, inner, groups, tapA], [10, 20, 1, 5]);
  const saved = 10 * 20 * (20 - 5) - (20 + 1);
  const [before, after] = [one!, four!].map((planned) => passCycles(passOf(planned), planned.grid));
  assert.is(before! - after!, saved);
});

test.run();
