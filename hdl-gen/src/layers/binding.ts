/** How a layer is bound to the engine: its memory sections and its passes. One file per layer builds a `Binding`. */
import type { Layer, MapShape, NetworkConfig } from '@spikemill/golden-model';
import type { Layout, Slots } from '../plan/layout.js';
import type { Grid } from '../plan/options.js';
import type { CurrentRun, Pass, WeightMemory } from '../plan/pass.js';

/** A spike map in the spike memory. */
export interface SpikeMap<L extends Layout = Layout> {
  readonly shape: MapShape;
  readonly layout: L;
  /** First row. */
  readonly base: number;
}

/** A current buffer in the current memory. */
export interface CurrentBuffer {
  readonly base: number;
  /** Constant in time: one word per neuron group instead of T. */
  readonly once: boolean;
}

/** The maps and buffers that the layers of a stage work on. */
export interface StageBuffers<L extends Layout = Layout> {
  /** Maps of one size behind each other: x, then (without SPE) LIF(BN(x)), then x_h, then x_w. */
  readonly x: SpikeMap<L>;
  readonly identity: SpikeMap<L> | null;
  readonly xh: SpikeMap<L>;
  readonly xw: SpikeMap<L>;
  readonly h: CurrentBuffer;
}

/** The buffers of a block: they hold one token block. */
export interface BlockBuffers<L extends Layout = Layout> {
  /** LIF(h + tok), stage layout. */
  readonly mixed: SpikeMap<L>;
  /** Hidden spikes of the channel block. */
  readonly hidden: SpikeMap<L>;
  /** h + tok. */
  readonly mixedCurrent: CurrentBuffer;
}

export interface BindContext {
  readonly config: NetworkConfig;
  readonly grid: Grid;
  /** Rows of the pixel memory per patch. */
  readonly patchRows: number;
  /** Digits of the weights of a layer whose planes the spike array adds; null: there is a plane array. */
  planeDigits(layer: Layer): number | null;
  stage(index: number): StageBuffers;
  block(index: number): BlockBuffers;
}

/** Weights of one layer in one of the weight memories. */
export type WeightSection =
  /** Words of lanes x inputs weights: for every group of `outputs`, for every slice of `taps`. */
  | {
      readonly memory: Exclude<WeightMemory, 'axial-weights'>;
      /** Output of every lane of every group. */
      readonly outputs: Slots;
      /** Index within an output's row of weights, of every input of every slice that a tile reads. */
      readonly taps: Slots;
      /** Of 8-bit weights in lanes of fewer bits: all words of a group for each digit, see splitWeight. null: whole weights. */
      readonly digits: number | null;
    }
  /** Words of axialInputs weights: the N x N matrix, row by row, each row padded with zeros to whole words. */
  | { readonly memory: 'axial-weights'; readonly side: number }
  /** A word whose first weight is 1, so that the accumulator is the spike. */
  | { readonly memory: 'axial-weights'; readonly side: null };

/** Shift and bias (and identity weight) of the outputs. */
export interface ParamSection {
  /** Output of every lane of every group; for perOuter, of every position along the axis. */
  readonly outputs: Slots;
  readonly perOuter: boolean;
}

/** First words of a layer's sections in the memories. */
export interface SectionBases {
  readonly weights: number;
  readonly params: number;
  readonly tokens: number;
}

/** Some tokens of a map, in order. */
export interface TokenRange {
  readonly first: number;
  readonly count: number;
}

export interface Binding {
  readonly layer: Layer;
  readonly weights: WeightSection;
  readonly params: ParamSection | null;
  /** Words in the token memory: one per token of a channel block, else 0. */
  readonly tokenWords: number;
  /** The pass over some tokens; layers that are not local to a token are always given all of them. */
  pass(bases: SectionBases, tokens: TokenRange): Pass;
}

/** What planes have in common: on an array of their own, or on the spike array with digits for weights. */
export function planeWeights(digits: number | null): Pick<ArrayWeights, 'memory' | 'digits'> {
  return { memory: digits === null ? 'plane-weights' : 'spike-weights', digits };
}

type ArrayWeights = Extract<WeightSection, { readonly outputs: unknown }>;

export type Bind = (layer: Layer, context: BindContext) => Binding;

/** Words per token of a current buffer. */
export function currentWordsPerToken(layout: Layout, once: boolean, { lanes, neurons, timesteps }: Grid): number {
  return (layout.words * lanes * (once ? 1 : timesteps)) / neurons;
}

/** Addresses of one segment of a layout through all tokens from `firstToken` on. */
export function currentRun(
  buffer: CurrentBuffer,
  layout: Layout,
  segment: { readonly firstWord: number; readonly words: number },
  firstToken: number,
  grid: Grid,
): CurrentRun {
  const perWord = currentWordsPerToken({ ...layout, words: 1 }, buffer.once, grid);
  return {
    base: buffer.base + (firstToken * layout.words + segment.firstWord) * perWord,
    tokenStep: (layout.words - segment.words) * perWord + 1,
    once: buffer.once,
  };
}

/** Words first..first+count-1 of a layout, as slots: the outputs of a pass that writes them. */
export function outputSlots(layout: Layout, firstWord: number, words: number, grid: Grid): Slots {
  return layout.slots.slice(firstWord * grid.lanes, (firstWord + words) * grid.lanes);
}

/** Row that is left at the end of a slice run, relative to its first row. */
export function rowsAdvanced(slice: number, slices: number, rowSlices: number): number {
  return Math.floor((slice + slices - 1) / rowSlices);
}

/** What most passes have in common: whole weights, token order, no padding, no residual, nothing stored, default token word. */
export const PLAIN_PASS = {
  digits: null,
  order: 'token',
  paramPerOuter: false,
  tokenBase: 0,
  tokenStep: false,
  identity: false,
  residual: null,
  store: null,
} as const satisfies Partial<Pass>;
