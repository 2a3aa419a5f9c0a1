/**
 * Hands h of a stage on to the next segment, in a segment that reads it but neither made it nor ends its stage: a pass
 * whose operands are all silent, so that the current is the stored one.
 */
import { type Layer, tokenCount } from '@spikemill/golden-model';
import type { Layout } from '../plan/layout.js';
import type { Grid } from '../plan/options.js';
import type { Binding, CurrentBuffer } from './binding.js';
import { currentRun, PLAIN_PASS } from './binding.js';

/** No tap lies inside a map without rows. */
const SILENT = { origin: 0, stride: 0, height: 0, width: 0 } as const;

/** @param layer that made h last; the cycles count as its own. */
export function bindCopy(layer: Layer, layout: Layout, from: CurrentBuffer, to: CurrentBuffer, grid: Grid): Binding {
  const all = { firstWord: 0, words: layout.words };
  return {
    layer,
    weights: { memory: 'axial-weights', side: null },
    params: { outputs: [null], perOuter: true },
    tokenWords: 0,
    pass: (bases) => ({
      ...PLAIN_PASS,
      layer,
      source: 'lane-wise',
      loops: { outer: 1, inner: tokenCount(layer.output), groups: layout.words, tapA: 1, tapB: 1, slices: 1 },
      operands: { row: 0, slice: 0, innerStep: 0, outerStep: 0, tapAStep: 0, tapBStep: 0, padding: SILENT },
      weightBase: bases.weights,
      paramBase: bases.params,
      paramPerOuter: true,
      residual: currentRun(from, layout, all, 0, grid),
      store: currentRun(to, layout, all, 0, grid),
      write: null,
      positions: { firstToken: 0, outerTokens: 0, innerTokens: 1 },
      outputs: layout.slots.map(() => null),
    }),
  };
}
