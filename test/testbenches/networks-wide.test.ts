/** Networks and plans at the corners of the family: bit-exact with all currents, cycles equal to the closed form. */
import { test } from 'uvu';
import { COLOUR, GREY, testCorners } from '../support/corners.js';

testCorners([
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
]);

test.run();
