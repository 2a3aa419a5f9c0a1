/** Passes of layers that see one token at a time: fuse, fc1, fc2. They can run over any range of tokens. */
import { type Layer, tokenCount } from '@spikemill/golden-model';
import { channelsOfSlices, type Slots, slicesOf } from '../plan/layout.js';
import type { Grid } from '../plan/options.js';
import type { CurrentRun, Pass } from '../plan/pass.js';
import type { Binding, SectionBases, SpikeMap, TokenRange } from './binding.js';
import { outputSlots, PLAIN_PASS, rowsAdvanced } from './binding.js';

export interface PointwiseShape {
  readonly layer: Layer;
  /** Maps that are concatenated over their channels, at equal distances; usually one. */
  readonly inputs: readonly SpikeMap[];
  readonly output: SpikeMap;
  readonly grid: Grid;
}

/** Index of the input channel (over the concatenation) of every slot that a tile reads. */
function pointwiseTaps({ inputs, grid }: PointwiseShape): Slots {
  return inputs.flatMap(({ layout, shape: { channels } }, map) =>
    channelsOfSlices(layout, 0, channels, grid).map((channel) => (channel === null ? null : map * channels + channel)),
  );
}

/** What a pass over some tokens needs beside the shape. */
export interface PointwiseRun {
  /** Tokens are read from here on: the first of the range, or 0 in a buffer of one token block. */
  readonly readToken: number;
  readonly writeToken: number;
  readonly residual: CurrentRun | null;
  readonly store: CurrentRun | null;
}

/**
 * Binding of a layer that is local to a token.
 *
 * @param hasTokenWords the layer has parameters per token.
 */
export function bindPointwise(
  shape: PointwiseShape,
  hasTokenWords: boolean,
  run: (tokens: TokenRange) => PointwiseRun,
): Binding {
  const { layer, output } = shape;
  const outputs = output.layout.slots;
  return {
    layer,
    weights: { memory: 'spike-weights', outputs, taps: pointwiseTaps(shape), digits: null },
    params: { outputs, perOuter: false },
    tokenWords: hasTokenWords ? tokenCount(layer.output) : 0,
    pass: (bases, tokens) => ({
      ...pointwisePass(shape, bases, tokens, run(tokens)),
      tokenBase: hasTokenWords ? bases.tokens + tokens.first : 0,
      tokenStep: hasTokenWords,
    }),
  };
}

function pointwisePass(shape: PointwiseShape, bases: SectionBases, tokens: TokenRange, run: PointwiseRun): Pass {
  const { layer, inputs, output, grid } = shape;
  const { readToken, writeToken } = run;
  const input = inputs[0]!;
  const slices = slicesOf(input.layout, 0, input.shape.channels, grid);
  const mapDistance = inputs.length > 1 ? inputs[1]!.base - input.base : 0;
  return {
    ...PLAIN_PASS,
    layer,
    source: 'dense',
    loops: {
      outer: 1,
      inner: tokens.count,
      groups: output.layout.words,
      tapA: inputs.length,
      tapB: 1,
      slices: slices.count,
    },
    operands: {
      row: input.base + readToken * input.layout.rows + slices.row,
      slice: slices.slice,
      innerStep: input.layout.rows,
      outerStep: 0,
      tapAStep: mapDistance - rowsAdvanced(slices.slice, slices.count, grid.rowSlices),
      tapBStep: 0,
      padding: null,
    },
    weightBase: bases.weights,
    paramBase: bases.params,
    residual: run.residual,
    store: run.store,
    write: {
      row: output.base + writeToken * output.layout.rows,
      word: 0,
      innerStep: output.layout.rows,
      outerStep: 0,
    },
    positions: { firstToken: tokens.first, outerTokens: 0, innerTokens: 1 },
    outputs: outputSlots(output.layout, 0, output.layout.words, grid),
  };
}
