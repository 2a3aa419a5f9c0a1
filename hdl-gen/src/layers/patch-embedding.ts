/** Patch embedding: bit planes of pixels, once per image; its current h is constant in time. */
import { tokenCount } from '@spikemill/golden-model';
import type { Bind } from './binding.js';
import { currentRun, outputSlots, PLAIN_PASS, planeWeights } from './binding.js';

/** Bits of a pixel. */
const PIXEL_PLANES = 8;

export const bindPatchEmbedding: Bind = (layer, context) => {
  const { grid, patchRows } = context;
  const { x, h } = context.stage(0);
  const tapCount = layer.input.channels * layer.kernel * layer.kernel;
  const taps = Array.from({ length: patchRows * grid.inputs }, (_, tap) => (tap < tapCount ? tap : null));
  const outputs = outputSlots(x.layout, 0, x.layout.words, grid);
  const digits = context.planeDigits(layer);
  const all = { firstWord: 0, words: x.layout.words };
  return {
    layer,
    weights: { ...planeWeights(digits), outputs, taps },
    params: { outputs, perOuter: false },
    tokenWords: 0,
    pass: (bases) => ({
      ...PLAIN_PASS,
      layer,
      source: 'pixels',
      digits,
      loops: {
        outer: 1,
        inner: tokenCount(layer.output),
        groups: x.layout.words,
        tapA: 1,
        tapB: PIXEL_PLANES * (digits ?? 1),
        slices: patchRows,
      },
      operands: {
        row: 0,
        slice: 0,
        innerStep: patchRows,
        outerStep: 0,
        tapAStep: 0,
        tapBStep: -(patchRows - 1),
        padding: null,
      },
      weightBase: bases.weights,
      paramBase: bases.params,
      store: currentRun(h, x.layout, all, 0, grid),
      write: { row: x.base, word: 0, innerStep: x.layout.rows, outerStep: 0 },
      positions: { firstToken: 0, outerTokens: 0, innerTokens: 1 },
      outputs,
    }),
  };
};
