/** Patch step of the variant without SPE: a 2x2 convolution of stride 2 over spikes; its current is h. */

import type { Bind } from './binding.js';
import { currentRun } from './binding.js';
import { type ConvolutionShape, convolutionOutputs, convolutionPass, convolutionTaps } from './convolution.js';

export const bindPatchStep: Bind = (layer, context) => {
  const { grid } = context;
  const { x, h } = context.stage(layer.stage);
  const all = { firstWord: 0, words: x.layout.words };
  const input = context.stage(layer.stage - 1).x;
  const shape: ConvolutionShape = { layer, input, inputOffset: 0, output: x, ...all, grid };
  const outputs = convolutionOutputs(shape);
  return {
    layer,
    weights: { memory: 'spike-weights', outputs, taps: convolutionTaps(shape), digits: null },
    params: { outputs, perOuter: false },
    tokenWords: 0,
    pass: (bases) => convolutionPass(shape, bases, { residual: null, store: currentRun(h, x.layout, all, 0, grid) }),
  };
};
