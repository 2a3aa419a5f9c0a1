/**
 * Axial token mixing: lanes are channels, one weight is broadcast to all of them, and the tap runs along the axis.
 * The outer position is the output row (H branch) or column (W branch), which chooses the row of the N x N matrix;
 * the inner position is the place across the axis.
 *
 * With several axial inputs the positions are the other way around: a pass takes line after line, each at one place across
 * the axis, and computes all outputs along it, several taps a cycle.
 */

import type { Layer } from '@spikemill/golden-model';
import { ceilDivide } from '../bits.js';
import type { Pass } from '../plan/pass.js';
import type { Bind, BindContext, Binding, SpikeMap } from './binding.js';
import { PLAIN_PASS } from './binding.js';

interface Axis {
  readonly length: number;
  /** Tokens from one position along the axis to the next. */
  readonly tokens: number;
}

/** What both arrangements of the positions have in common, and what differs. */
type AxialPass = Pick<Pass, 'source' | 'order' | 'loops' | 'operands' | 'write' | 'positions'>;

function wordPass(x: SpikeMap, output: SpikeMap, along: Axis, across: Axis): AxialPass {
  const { rows, words } = x.layout;
  const acrossRows = across.tokens * rows;
  const alongRows = along.tokens * rows;
  const acrossReturn = (across.length - 1) * acrossRows;
  return {
    source: 'lane-wise',
    order: 'token',
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
    write: { row: output.base, word: 0, innerStep: acrossRows, outerStep: alongRows - acrossReturn },
    positions: { firstToken: 0, outerTokens: along.tokens, innerTokens: across.tokens },
  };
}

function linePass(x: SpikeMap, output: SpikeMap, along: Axis, across: Axis, axialInputs: number): AxialPass {
  const { rows, words } = x.layout;
  const innerStep = along.tokens * rows;
  const outerStep = across.tokens * rows - (along.length - 1) * innerStep;
  const chunks = ceilDivide(along.length, axialInputs);
  return {
    source: 'line-wise',
    order: 'group',
    loops: { outer: across.length, inner: along.length, groups: words, tapA: chunks, tapB: 1, slices: 1 },
    // the words of a line lie as the outputs along it; taps are read from the buffer
    operands: { row: x.base, slice: 0, innerStep, outerStep, tapAStep: 0, tapBStep: 0, padding: null },
    write: { row: output.base, word: 0, innerStep, outerStep },
    positions: { firstToken: 0, outerTokens: across.tokens, innerTokens: along.tokens },
  };
}

function bindAxial(layer: Layer, context: BindContext, output: SpikeMap, along: Axis, across: Axis): Binding {
  const { x } = context.stage(layer.stage);
  const { axialInputs } = context.grid;
  return {
    layer,
    weights: { memory: 'axial-weights', side: along.length },
    params: { outputs: Array.from({ length: along.length }, (_, row) => row), perOuter: true },
    tokenWords: 0,
    pass: (bases) => ({
      ...PLAIN_PASS,
      layer,
      ...(axialInputs === 1 ? wordPass(x, output, along, across) : linePass(x, output, along, across, axialInputs)),
      weightBase: bases.weights,
      paramBase: bases.params,
      paramPerOuter: true,
      outputs: x.layout.slots,
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
