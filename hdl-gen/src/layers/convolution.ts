/** Convolutions over spikes: the SPE nodes (3x3, padded) and the 2x2 patch step. */
import type { Layer } from '@spikemill/golden-model';
import { channelsOfSlices, type Slots, slicesOf } from '../plan/layout.js';
import type { Grid } from '../plan/options.js';
import type { CurrentRun, Pass } from '../plan/pass.js';
import type { SectionBases, SpikeMap } from './binding.js';
import { outputSlots, PLAIN_PASS, rowsAdvanced } from './binding.js';

export interface ConvolutionShape {
  readonly layer: Layer;
  readonly input: SpikeMap;
  /** First channel of `input` that the layer reads. */
  readonly inputOffset: number;
  readonly output: SpikeMap;
  /** Words of the output layout that the layer writes. */
  readonly firstWord: number;
  readonly words: number;
  readonly grid: Grid;
}

/** Index within a row of weights [I, kh, kw] of every slot of every tap, in the order (kh, kw, slice). */
export function convolutionTaps({ layer, input, inputOffset, grid }: ConvolutionShape): Slots {
  const { kernel } = layer;
  const channels = channelsOfSlices(input.layout, inputOffset, layer.input.channels, grid);
  return Array.from({ length: kernel * kernel }, (_, tap) =>
    channels.map((channel) => (channel === null ? null : (channel - inputOffset) * kernel * kernel + tap)),
  ).flat();
}

export function convolutionPass(
  shape: ConvolutionShape,
  bases: SectionBases,
  currents: { readonly residual: CurrentRun | null; readonly store: CurrentRun | null },
): Pass {
  const { layer, input, inputOffset, output, firstWord, words, grid } = shape;
  const { kernel, stride, padding } = layer;
  const slices = slicesOf(input.layout, inputOffset, layer.input.channels, grid);
  const advanced = rowsAdvanced(slices.slice, slices.count, grid.rowSlices);
  const tokenRows = input.layout.rows;
  const lineRows = input.shape.width * tokenRows;
  const innerStep = stride * tokenRows;
  const outputRows = output.layout.rows;
  const { height, width } = layer.output;
  return {
    ...PLAIN_PASS,
    layer,
    source: 'dense',
    loops: { outer: height, inner: width, groups: words, tapA: kernel, tapB: kernel, slices: slices.count },
    operands: {
      row: input.base + slices.row - padding * (lineRows + tokenRows),
      slice: slices.slice,
      innerStep,
      outerStep: stride * lineRows - (width - 1) * innerStep,
      tapAStep: lineRows - (kernel - 1) * tokenRows - advanced,
      tapBStep: tokenRows - advanced,
      padding:
        padding === 0 ? null : { origin: -padding, stride, height: input.shape.height, width: input.shape.width },
    },
    weightBase: bases.weights,
    paramBase: bases.params,
    ...currents,
    write:
      layer.lif === null
        ? null
        : {
            row: output.base + Math.floor(firstWord / grid.rowWords),
            word: firstWord % grid.rowWords,
            innerStep: outputRows,
            outerStep: outputRows,
          },
    positions: { firstToken: 0, outerTokens: width, innerTokens: 1 },
    outputs: convolutionOutputs(shape),
  };
}

/** Output of the layer in every lane: the channels of its words, counted from its own first. */
export function convolutionOutputs({ layer, output, firstWord, words, grid }: ConvolutionShape): Slots {
  const slots = outputSlots(output.layout, firstWord, words, grid);
  const first = Math.min(...slots.filter((channel) => channel !== null));
  return slots.map((channel) =>
    channel === null || channel - first >= layer.output.channels ? null : channel - first,
  );
}
