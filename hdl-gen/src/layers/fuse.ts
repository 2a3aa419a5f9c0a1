/** Fuse: 1x1 convolution over [x or LIF(BN(x)), x_h, x_w]; adds h, stores h + tok for the channel block. */

import type { Bind } from './binding.js';
import { currentRun } from './binding.js';
import { type PointwiseShape, pointwisePass, pointwiseTaps } from './pointwise.js';

export const bindFuse: Bind = (layer, context) => {
  const { grid } = context;
  const stage = context.stage(layer.stage);
  const block = context.block(layer.block!);
  const { layout } = stage.x;
  const all = { firstWord: 0, words: layout.words };
  const shape: PointwiseShape = {
    layer,
    inputs: [stage.identity ?? stage.x, stage.xh, stage.xw],
    output: block.mixed,
    grid,
  };
  const outputs = layout.slots;
  return {
    layer,
    weights: { memory: 'spike-weights', outputs, taps: pointwiseTaps(shape) },
    params: { outputs, perOuter: false },
    tokenWords: 0,
    pass: (bases, tokens) =>
      pointwisePass(shape, {
        bases,
        tokens,
        readToken: tokens.first,
        writeToken: 0,
        tokenWords: false,
        residual: currentRun(stage.h, layout, all, tokens.first, grid),
        store: currentRun(block.mixedCurrent, layout, all, 0, grid),
      }),
  };
};
