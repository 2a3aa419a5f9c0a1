/** The channel block: fc1 with per-token thresholds and biases, fc2 with per-token scales, added to h + tok. */
import { tokenCount } from '@spikemill/golden-model';
import type { Bind } from './binding.js';
import { currentRun } from './binding.js';
import { type PointwiseShape, pointwisePass, pointwiseTaps } from './pointwise.js';

export const bindFirstLinear: Bind = (layer, context) => {
  const { grid } = context;
  const { mixed, hidden } = context.block(layer.block!);
  const shape: PointwiseShape = { layer, inputs: [mixed], output: hidden, grid };
  const outputs = hidden.layout.slots;
  return {
    layer,
    weights: { memory: 'spike-weights', outputs, taps: pointwiseTaps(shape) },
    params: { outputs, perOuter: false },
    tokenWords: tokenCount(layer.output),
    pass: (bases, tokens) =>
      pointwisePass(shape, {
        bases,
        tokens,
        readToken: 0,
        writeToken: 0,
        tokenWords: true,
        residual: null,
        store: null,
      }),
  };
};

export const bindSecondLinear: Bind = (layer, context) => {
  const { grid } = context;
  const { x } = context.stage(layer.stage);
  const { hidden, mixedCurrent } = context.block(layer.block!);
  const shape: PointwiseShape = { layer, inputs: [hidden], output: x, grid };
  const outputs = x.layout.slots;
  const all = { firstWord: 0, words: x.layout.words };
  return {
    layer,
    weights: { memory: 'spike-weights', outputs, taps: pointwiseTaps(shape) },
    params: { outputs, perOuter: false },
    tokenWords: tokenCount(layer.output),
    pass: (bases, tokens) =>
      pointwisePass(shape, {
        bases,
        tokens,
        readToken: 0,
        writeToken: tokens.first,
        tokenWords: true,
        residual: currentRun(mixedCurrent, x.layout, all, 0, grid),
        store: null,
      }),
  };
};
