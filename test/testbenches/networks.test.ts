/** Networks and plans at the corners of the family: bit-exact with all currents, cycles equal to the closed form. */
import { test } from 'uvu';
import { COLOUR, GREY, testCorners } from '../support/corners.js';

testCorners([
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
]);

test.run();
