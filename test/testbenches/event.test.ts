/** The event-driven style: bit-exact with all currents, and every image takes the cycles that its spikes say. */
import { foldNetwork, quantizeNetwork, SpikemillError } from '@spikemill/golden-model';
import { planDesign } from '@spikemill/hdl-gen';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { COLOUR, GREY, testCorners } from '../support/corners.js';
import { tinyNetwork } from '../support/designs.js';
import { loadFloat, loadQuant } from '../support/references.js';
import { runDesign, testImages } from '../support/simulation.js';

testCorners([
  {
    title: 'one of everything: T 1, one stage, one lane',
    spe: true,
    config: { ...GREY, timesteps: 1, depths: [1], patchSize: 1, imageHeight: 3, imageWidth: 2, numClasses: 2 },
    plan: { style: 'event', lanes: 1, neurons: 1, tokenBlock: 1 },
  },
  {
    title: 'T 5, three stages, depth 2, tall images, groups that cross words',
    spe: true,
    config: { ...GREY, timesteps: 5, depths: [1, 2, 1], imageHeight: 13, imageWidth: 6, dim: 6 },
    plan: { style: 'event', lanes: 4, neurons: 1, tokenBlock: 2 },
  },
  {
    title: 'three stages without SPE, odd sizes, three channels, padded groups',
    spe: false,
    config: { ...COLOUR, dim: 5, timesteps: 3, depths: [2, 1, 1], patchSize: 1, imageHeight: 5, imageWidth: 11 },
    plan: { style: 'event', lanes: 12, neurons: 4, tokenBlock: null },
  },
  {
    title: 'more classes than lanes, patches wider than a word, weights of 2 bits',
    spe: false,
    config: { ...COLOUR, timesteps: 2, depths: [1], patchSize: 4, imageHeight: 11, imageWidth: 18, numClasses: 11 },
    plan: { style: 'event', lanes: 4, neurons: 4, tokenBlock: 3 },
    quantize: { weightBits: 2 },
  },
  {
    title: 'lanes wider than any map, weights of 8 bits',
    spe: true,
    config: { ...GREY, dim: 3, timesteps: 4, depths: [1, 1], imageHeight: 9, imageWidth: 8 },
    plan: { style: 'event', lanes: 40, neurons: 2, tokenBlock: null },
    quantize: { weightBits: 8 },
  },
  {
    title:
      'maps of half a word: two outputs of an axial branch side by side, odd columns, scales that are powers of two',
    spe: true,
    config: { ...GREY, timesteps: 3, depths: [2, 1], imageHeight: 12, imageWidth: 14, dim: 6 },
    plan: { style: 'event', lanes: 12, neurons: 3, tokenBlock: null },
    quantize: { scaleDigits: 1, fractionBits: 5 },
  },
  {
    title: 'maps of half a word without SPE, padded groups, one timestep',
    spe: false,
    config: { ...COLOUR, timesteps: 1, depths: [1, 1], imageHeight: 8, imageWidth: 8, dim: 3 },
    plan: { style: 'event', lanes: 8, neurons: 2, tokenBlock: 5 },
    quantize: { scaleDigits: 1, scaleFractionBits: 1 },
  },
]);

test('mnist-small on 48 lanes', async () => {
  const network = loadQuant('mnist-small', 'w4-qat');
  const images = testImages('mnist-small', network, 20);
  await runDesign(network, { style: 'event', lanes: 48, neurons: 8 }, images, { idlePercent: 20, stallPercent: 20 });
});

test('mnist-small quantized for three timesteps, scales that are powers of two', async () => {
  const { config, tensors } = loadFloat('mnist-small');
  const folded = foldNetwork({ config: { ...config, timesteps: 3 }, tensors });
  const network = quantizeNetwork(folded, { fractionBits: 5, scaleFractionBits: 2, scaleDigits: 1 });
  const images = testImages('mnist-small', network, 20);
  await runDesign(network, { style: 'event', lanes: 48, neurons: 8 }, images);
});

test('stress networks, with all currents', async () => {
  for (const model of ['stress-spe', 'stress-nospe'] as const) {
    const network = loadQuant(model, 'w4-ptq');
    const images = testImages(model, network, 4);
    await runDesign(network, { style: 'event', lanes: 15, neurons: 5 }, images, { currents: true });
  }
});

test('what the style does not do is refused', () => {
  const choice = { style: 'event', weights: 'stream' } as const;
  assert.throws(
    () => planDesign(tinyNetwork(true), choice),
    (error: unknown) => {
      return error instanceof SpikemillError && error.code === 'PLAN';
    },
  );
});

test.run();
