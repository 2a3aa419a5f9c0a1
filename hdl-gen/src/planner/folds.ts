/**
 * Folds of all layers as closed forms over lanes and inputs, for a search that cannot plan every candidate: loops, words
 * of memories and cycles as plan() has them, in microseconds. Layers that fold alike are kept once.
 */
import type { Layer, LayerKind, NetworkConfig } from '@spikemill/golden-model';
import { imageShape, listLayers, stageShapes, tokenCount } from '@spikemill/golden-model';
import { ceilDivide } from '../bits.js';
import { TOKEN_LOCAL, tokensInFlight } from '../plan/buffers.js';
import { slotOf, speNode } from '../plan/layout.js';
import type { Grid } from '../plan/options.js';
import { type PassLoops, passCycles, type Source } from '../plan/pass.js';

/** Channels first..first+count-1 of a map whose segments of `segmentChannels` start at words. */
interface Run {
  readonly segmentChannels: number;
  readonly first: number;
  readonly count: number;
}

/** What the network says about how a layer folds. */
export interface Fold {
  readonly source: Source;
  /** Token-local layers have their tokens in `inner` and are cut into token blocks. */
  readonly isTokenLocal: boolean;
  readonly outer: number;
  readonly inner: number;
  readonly tapA: number;
  readonly tapB: number;
  /** The outputs: `segments` runs of `channels`, each from a word on. */
  readonly outputs: { readonly segments: number; readonly channels: number };
  /** The inputs of one tap; null: one slice. */
  readonly inputs: Run | null;
  readonly weights: 'spike-weights' | 'plane-weights' | null;
  /** Parameters: one word per group of neurons, or so many words, whatever the grid. */
  readonly params: 'per-group' | number;
  /** Words in the axial weight and token memories. */
  readonly axialWords: number;
  readonly tokenWords: number;
  /** It completes a LIF and writes spikes. */
  readonly fires: boolean;
  /** Currents that it reads and writes, in words of a timestep each; once: constant in time; null: none. */
  readonly residual: CurrentUse;
  readonly store: CurrentUse;
  /** Layers of the network that fold like this. */
  readonly times: number;
}

export type CurrentUse = 'once' | 'each' | null;

type Shape = Omit<Fold, 'source' | 'isTokenLocal' | 'fires' | 'residual' | 'store' | 'times'>;

/** How the maps of a network lie in segments. */
interface Maps {
  readonly config: NetworkConfig;
  /** Segments of the map of a stage. */
  segments(stage: number): number;
  /** All channels of the map of a stage. */
  all(stage: number): Run;
}

function mapsOf(config: NetworkConfig): Maps {
  const shapes = stageShapes(config);
  const segments = (stage: number): number => (config.spe && stage > 0 ? 3 : 1);
  const all = (stage: number): Run => {
    const { channels } = shapes[stage]!;
    return { segmentChannels: channels / segments(stage), first: 0, count: channels };
  };
  return { config, segments, all };
}

const PIXEL_PLANES = 8;
const NO_WORDS = { axialWords: 0, tokenWords: 0 } as const;

function stageOutputs({ stage, output }: Layer, maps: Maps): Shape['outputs'] {
  const segments = maps.segments(stage);
  return { segments, channels: output.channels / segments };
}

function plainRun(channels: number): Run {
  return { segmentChannels: channels, first: 0, count: channels };
}

function patchEmbedding(layer: Layer, maps: Maps): Shape {
  const inputs = plainRun(layer.input.channels * layer.kernel ** 2);
  const outputs = stageOutputs(layer, maps);
  const loops = { outer: 1, inner: tokenCount(layer.output), tapA: 1, tapB: PIXEL_PLANES };
  return { ...loops, outputs, inputs, weights: 'plane-weights', params: 'per-group', ...NO_WORDS };
}

function convolution(layer: Layer, outputs: Shape['outputs'], inputs: Run): Shape {
  const loops = { outer: layer.output.height, inner: layer.output.width, tapA: layer.kernel, tapB: layer.kernel };
  return { ...loops, outputs, inputs, weights: 'spike-weights', params: 'per-group', ...NO_WORDS };
}

function spe(layer: Layer, maps: Maps): Shape {
  const outputs = { segments: 1, channels: layer.output.channels };
  const isInner = layer.name.split('.').at(-1)!.startsWith('node');
  if (!isInner) return convolution(layer, outputs, maps.all(layer.stage - 1));
  const count = layer.input.channels;
  const { segmentChannels } = maps.all(layer.stage);
  return convolution(layer, outputs, { segmentChannels, first: (speNode(layer) - 1) * count, count });
}

function lanewise(layer: Layer, maps: Maps, loops: Pick<Shape, 'outer' | 'inner' | 'tapA'>): Shape {
  const outputs = stageOutputs(layer, maps);
  return { ...loops, tapB: 1, outputs, inputs: null, weights: null, params: 'per-group', ...NO_WORDS };
}

function axial(layer: Layer, maps: Maps, length: number, across: number): Shape {
  const shape = lanewise(layer, maps, { outer: length, inner: across, tapA: length });
  return { ...shape, params: length, axialWords: length ** 2 };
}

function pointwise(layer: Layer, outputs: Shape['outputs'], inputs: Run, tapA: number, hasTokens: boolean): Shape {
  const inner = tokenCount(layer.output);
  const loops = { outer: 1, inner, tapA, tapB: 1 };
  const words = { axialWords: 0, tokenWords: hasTokens ? inner : 0 };
  return { ...loops, outputs, inputs, weights: 'spike-weights', params: 'per-group', ...words };
}

function head(layer: Layer, maps: Maps): Shape {
  const loops = { outer: 1, inner: 1, tapA: tokenCount(layer.input), tapB: maps.config.timesteps };
  const outputs = { segments: 1, channels: layer.output.channels };
  return { ...loops, outputs, inputs: maps.all(layer.stage), weights: 'plane-weights', params: 0, ...NO_WORDS };
}

const SHAPES = {
  'patch-embedding': patchEmbedding,
  spe,
  'patch-step': (layer, maps) => convolution(layer, stageOutputs(layer, maps), maps.all(layer.stage - 1)),
  identity: (layer, maps) => ({
    ...lanewise(layer, maps, { outer: 1, inner: tokenCount(layer.output), tapA: 1 }),
    axialWords: 1,
  }),
  'axial-h': (layer, maps) => axial(layer, maps, layer.output.height, layer.output.width),
  'axial-w': (layer, maps) => axial(layer, maps, layer.output.width, layer.output.height),
  fuse: (layer, maps) => pointwise(layer, stageOutputs(layer, maps), maps.all(layer.stage), 3, false),
  fc1: (layer, maps) => {
    const hidden = { segments: 1, channels: layer.output.channels };
    return pointwise(layer, hidden, maps.all(layer.stage), 1, true);
  },
  fc2: (layer, maps) => pointwise(layer, stageOutputs(layer, maps), plainRun(layer.input.channels), 1, true),
  head,
} as const satisfies Record<LayerKind, (layer: Layer, maps: Maps) => Shape>;

const SOURCES: Readonly<Record<LayerKind, Source>> = {
  'patch-embedding': 'pixels',
  spe: 'dense',
  'patch-step': 'dense',
  identity: 'lane-wise',
  'axial-h': 'lane-wise',
  'axial-w': 'lane-wise',
  fuse: 'dense',
  fc1: 'dense',
  fc2: 'dense',
  head: 'head',
};

/** What a layer does with stored currents: encodings store h, fuse adds it and stores h + tok, fc2 adds that. */
function currentsOf({ kind, stage, name }: Layer): Pick<Fold, 'residual' | 'store'> {
  const h = stage === 0 ? 'once' : 'each';
  if (kind === 'patch-embedding' || kind === 'patch-step') return { residual: null, store: h };
  // partial sums of a cell wait in the buffer of h; the first summands of two nodes add nothing
  if (kind === 'spe') return { residual: /cell2node\.[01]$/.test(name) ? null : 'each', store: 'each' };
  if (kind === 'fuse') return { residual: h, store: 'each' };
  return { residual: kind === 'fc2' ? 'each' : null, store: null };
}

/** Folds of a network, each with the number of layers that it stands for. */
export function foldsOf(config: NetworkConfig): readonly Fold[] {
  const folds = new Map<string, Fold>();
  for (const fold of layerFolds(config)) {
    const key = JSON.stringify(fold);
    folds.set(key, { ...fold, times: (folds.get(key)?.times ?? 0) + fold.times });
  }
  return [...folds.values()];
}

/** One fold for every layer, in the order of execution. */
export function layerFolds(config: NetworkConfig): readonly Fold[] {
  const maps = mapsOf(config);
  return listLayers(config).map((layer) => {
    const source = SOURCES[layer.kind];
    const isTokenLocal = TOKEN_LOCAL.has(layer.kind);
    const spikes = { source, isTokenLocal, fires: layer.lif !== null };
    return { ...spikes, ...currentsOf(layer), ...SHAPES[layer.kind](layer, maps), times: 1 };
  });
}

/** Slices of `inputs` slots that a tile reads for one tap. */
function sliceCount({ segmentChannels, first, count }: Run, lanes: number, inputs: number): number {
  const sliceOf = (channel: number): number => Math.floor(slotOf(channel, segmentChannels, lanes) / inputs);
  return sliceOf(first + count - 1) - sliceOf(first) + 1;
}

type Loops = PassLoops['loops'];

/** Loops of a layer as plan() has them, with all tokens in one pass. */
export function loopsOf({ outer, inner, tapA, tapB, outputs, inputs }: Fold, grid: Grid): Loops {
  const groups = outputs.segments * ceilDivide(outputs.channels, grid.lanes);
  const slices = inputs === null ? 1 : sliceCount(inputs, grid.lanes, grid.inputs);
  return { outer, inner, groups, tapA, tapB, slices };
}

/**
 * Loops that no grid of at most these lanes and inputs goes below: padding between segments, and slices that straddle
 * them, are left out, because they come and go with the numbers.
 */
export function leastLoops({ outer, inner, tapA, tapB, outputs, inputs }: Fold, lanes: number, width: number): Loops {
  const groups = outputs.segments * ceilDivide(outputs.channels, lanes);
  const slices = inputs === null ? 1 : ceilDivide(inputs.count, width);
  return { outer, inner, groups, tapA, tapB, slices };
}

/** Passes of a token-local layer by their number of tokens: those of a whole block, then what is left. */
export function passesOf(
  { inner, isTokenLocal }: Fold,
  tokenBlock: number | null,
): { count: number; tokens: number }[] {
  const step = isTokenLocal ? tokensInFlight(inner, tokenBlock) : inner;
  const left = inner % step;
  const whole = { count: Math.floor(inner / step), tokens: step };
  return left === 0 ? [whole] : [whole, { count: 1, tokens: left }];
}

/** Cycles of one layer with given loops, cut into token blocks. */
export function foldCycles(fold: Fold, loops: Loops, grid: Grid, tokenBlock: number | null): number {
  return passesOf(fold, tokenBlock).reduce((sum, { count, tokens }) => {
    return sum + count * passCycles({ source: fold.source, loops: { ...loops, inner: tokens } }, grid);
  }, 0);
}

/** Passes of an image. */
export function passCount(folds: readonly Fold[], tokenBlock: number | null): number {
  const ofFold = (fold: Fold): number => passesOf(fold, tokenBlock).reduce((sum, { count }) => sum + count, 0);
  return folds.reduce((sum, fold) => sum + fold.times * ofFold(fold), 0);
}

/** Pixels and head run once, at either end of an image. */
export function streamFolds(folds: readonly Fold[]): { pixels: Fold; head: Fold } {
  const withSource = (source: Source): Fold => folds.find((fold) => fold.source === source)!;
  return { pixels: withSource('pixels'), head: withSource('head') };
}

/** Tokens of every stage that a token block can cut. */
export function tokenCounts(config: NetworkConfig): number[] {
  return stageShapes(config).map(tokenCount);
}

/** Values of a patch, and patches of an image. */
export function patchSizes(config: NetworkConfig): { readonly taps: number; readonly patches: number } {
  const { channels } = imageShape(config);
  return { taps: channels * config.patchSize ** 2, patches: tokenCount(stageShapes(config)[0]!) };
}
