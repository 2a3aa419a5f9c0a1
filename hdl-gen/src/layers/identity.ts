/** Identity branch of the variant without SPE: BN of a spike. The array passes the spike, the neuron weighs it. */
import { tokenCount } from '@spikemill/golden-model';
import type { Bind } from './binding.js';
import { PLAIN_PASS } from './binding.js';

export const bindIdentity: Bind = (layer, context) => {
  const { x, identity } = context.stage(layer.stage);
  const { rows, words, slots } = x.layout;
  return {
    layer,
    weights: { memory: 'axial-weights', side: null },
    params: { outputs: slots, perOuter: false },
    tokenWords: 0,
    pass: (bases) => ({
      ...PLAIN_PASS,
      layer,
      source: 'lane-wise',
      loops: { outer: 1, inner: tokenCount(layer.output), groups: words, tapA: 1, tapB: 1, slices: 1 },
      operands: {
        row: x.base,
        slice: 0,
        innerStep: rows,
        outerStep: 0,
        tapAStep: 0,
        tapBStep: 0,
        padding: null,
      },
      weightBase: bases.weights,
      paramBase: bases.params,
      identity: true,
      write: { row: identity!.base, word: 0, innerStep: rows, outerStep: 0 },
      positions: { firstToken: 0, outerTokens: 0, innerTokens: 1 },
      outputs: slots,
    }),
  };
};
