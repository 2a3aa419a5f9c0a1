/** The channel block: fc1 with per-token thresholds and biases, fc2 with per-token scales, added to h + tok. */
import type { Bind } from './binding.js';
import { currentRun } from './binding.js';
import { bindPointwise } from './pointwise.js';

export const bindFirstLinear: Bind = (layer, context) => {
  const { mixed, hidden } = context.block(layer.block!);
  const { grid } = context;
  return bindPointwise({ layer, inputs: [mixed], output: hidden, grid }, true, () => ({
    readToken: 0,
    writeToken: 0,
    residual: null,
    store: null,
  }));
};

export const bindSecondLinear: Bind = (layer, context) => {
  const { x } = context.stage(layer.stage);
  const { hidden, mixedCurrent } = context.block(layer.block!);
  const { grid } = context;
  const all = { firstWord: 0, words: x.layout.words };
  return bindPointwise({ layer, inputs: [hidden], output: x, grid }, true, ({ first }) => ({
    readToken: 0,
    writeToken: first,
    residual: currentRun(mixedCurrent, x.layout, all, 0, grid),
    store: null,
  }));
};
