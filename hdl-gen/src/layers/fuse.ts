/** Fuse: 1x1 convolution over [x or LIF(BN(x)), x_h, x_w]; adds h, stores h + tok for the channel block. */
import type { Bind } from './binding.js';
import { currentRun } from './binding.js';
import { bindPointwise } from './pointwise.js';

export const bindFuse: Bind = (layer, context) => {
  const { grid } = context;
  const { x, identity, xh, xw, h } = context.stage(layer.stage);
  const { mixed, mixedCurrent } = context.block(layer.block!);
  const all = { firstWord: 0, words: x.layout.words };
  return bindPointwise({ layer, inputs: [identity ?? x, xh, xw], output: mixed, grid }, false, ({ first }) => ({
    readToken: first,
    writeToken: 0,
    residual: currentRun(h, x.layout, all, first, grid),
    store: currentRun(mixedCurrent, x.layout, all, 0, grid),
  }));
};
