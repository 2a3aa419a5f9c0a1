/**
 * Axial token mixing: lanes are channels, one weight is broadcast to all of them, and the tap runs along the axis.
 * The outer position is the output row (H branch) or column (W branch), which chooses the row of the N x N matrix;
 * the inner position is the place across the axis.
 */
import type { Layer } from '@spikemill/golden-model';
import type { Bind, BindContext, Binding, SpikeMap } from './binding.js';
import { PLAIN_PASS } from './binding.js';

interface Axis {
  readonly length: number;
  /** Tokens from one position along the axis to the next. */
  readonly tokens: number;
}

function bindAxial(layer: Layer, context: BindContext, output: SpikeMap, along: Axis, across: Axis): Binding {
  const { x } = context.stage(layer.stage);
  const { rows, words, slots } = x.layout;
  const acrossRows = across.tokens * rows;
  const alongRows = along.tokens * rows;
  const acrossReturn = (across.length - 1) * acrossRows;
  return {
    layer,
    weights: { memory: 'axial-weights', side: along.length },
    params: { outputs: Array.from({ length: along.length }, (_, row) => row), perOuter: true },
    tokenWords: 0,
    pass: (bases) => ({
      ...PLAIN_PASS,
      layer,
      source: 'lane-wise',
      loops: { outer: along.length, inner: across.length, groups: words, tapA: along.length, tapB: 1, slices: 1 },
      operands: {
        row: x.base,
        slice: 0,
        innerStep: acrossRows,
        // every output position along the axis reads the same inputs again
        outerStep: -acrossReturn,
        tapAStep: alongRows,
        tapBStep: 0,
        padding: null,
      },
      weightBase: bases.weights,
      paramBase: bases.params,
      paramPerOuter: true,
      write: { row: output.base, word: 0, innerStep: acrossRows, outerStep: alongRows - acrossReturn },
      positions: { firstToken: 0, outerTokens: along.tokens, innerTokens: across.tokens },
      outputs: slots,
    }),
  };
}

export const bindAxialH: Bind = (layer, context) => {
  const { height, width } = layer.output;
  const rows: Axis = { length: height, tokens: width };
  const columns: Axis = { length: width, tokens: 1 };
  return bindAxial(layer, context, context.stage(layer.stage).xh, rows, columns);
};

export const bindAxialW: Bind = (layer, context) => {
  const { height, width } = layer.output;
  const rows: Axis = { length: height, tokens: width };
  const columns: Axis = { length: width, tokens: 1 };
  return bindAxial(layer, context, context.stage(layer.stage).xw, columns, rows);
};
