/** Networks and plans at the corners of the family: bit-exact with all currents, cycles equal to the closed form. */
import type { NetworkConfig, QuantizeOptions } from '@spikemill/golden-model';
import type { GenerateOptions } from '@spikemill/hdl-gen';
import { test } from 'uvu';
import { tinyConfig } from '../support/designs.js';
import { randomQuantized } from '../support/random-network.js';
import { randomImages, runDesign } from '../support/simulation.js';

interface Corner {
  readonly title: string;
  readonly spe: boolean;
  readonly config: Partial<NetworkConfig>;
  readonly plan: GenerateOptions;
  readonly quantize?: QuantizeOptions;
}

const GREY = { inChannels: 1, mean: [0.4], std: [0.3] };
const COLOUR = { inChannels: 3, mean: [0.4, 0.5, 0.6], std: [0.3, 0.2, 0.1] };

const CORNERS: readonly Corner[] = [
  {
    title: 'one of everything: T 1, one stage, one lane, one input',
    spe: true,
    config: { ...GREY, timesteps: 1, depths: [1], patchSize: 1, imageHeight: 3, imageWidth: 2, numClasses: 2 },
    plan: { lanes: 1, inputs: 1, neurons: 1, tokenBlock: 1 },
  },
  {
    title: 'T 16, three stages, depth 2, tall images',
    spe: true,
    config: { ...GREY, timesteps: 16, depths: [1, 2, 1], imageHeight: 13, imageWidth: 6 },
    plan: { lanes: 3, inputs: 2, neurons: 3, tokenBlock: 2 },
  },
  {
    title: 'three stages without SPE, odd sizes that the patch step cuts, three channels, wide images',
    spe: false,
    config: { ...COLOUR, dim: 3, timesteps: 3, depths: [2, 1, 1], patchSize: 1, imageHeight: 5, imageWidth: 11 },
    plan: { lanes: 4, inputs: 3, neurons: 2, tokenBlock: null },
  },
  {
    title: 'patch 4, image no multiple of it, more inputs than channels',
    spe: false,
    config: { ...COLOUR, timesteps: 2, depths: [1, 1], patchSize: 4, imageHeight: 11, imageWidth: 18 },
    plan: { lanes: 2, inputs: 16, neurons: 1, tokenBlock: 3 },
  },
  {
    title: 'patch 3 across rows of the pixel memory, wide rows of several words and slices',
    spe: true,
    config: {
      ...COLOUR,
      dim: 6,
      timesteps: 4,
      depths: [1, 1],
      patchSize: 3,
      imageHeight: 10,
      imageWidth: 13,
      alpha: 3,
    },
    plan: { lanes: 6, inputs: 4, neurons: 2, tokenBlock: 5 },
    quantize: { weightBits: 8 },
  },
  {
    title: 'more lanes than any layer has outputs, many classes',
    spe: true,
    config: { ...GREY, timesteps: 2, depths: [1], imageHeight: 4, imageWidth: 6, numClasses: 19 },
    plan: { lanes: 16, inputs: 5, neurons: 4, tokenBlock: null },
    quantize: { weightBits: 2, fractionBits: 4, scaleFractionBits: 0, scaleDigits: 1 },
  },
  {
    title: 'a single token',
    spe: true,
    config: { ...GREY, timesteps: 5, depths: [1, 1], patchSize: 2, imageHeight: 2, imageWidth: 3 },
    plan: { lanes: 5, inputs: 4, neurons: 5, tokenBlock: 4 },
    quantize: { fractionBits: 10, membraneBits: 11, scaleDigits: 3 },
  },
];

for (const [seed, { title, spe, config, plan, quantize = {} }] of CORNERS.entries()) {
  test(title, async () => {
    const network = randomQuantized(tinyConfig(spe, config), seed, quantize);
    const options = { seed, currents: true, idlePercent: 15 * seed, stallPercent: 15 * seed };
    await runDesign(network, plan, randomImages(network, 4, seed), options);
  });
}

test.run();
