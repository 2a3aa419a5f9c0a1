/** Sizes and places of all spike maps and current buffers, by their lifetimes over the layers. */

import type { Layer, MapShape, NetworkConfig } from '@spikemill/golden-model';
import { listLayers, stageShapes, tokenCount } from '@spikemill/golden-model';
import type { BlockBuffers, SpikeMap, StageBuffers } from '../layers/binding.js';
import { currentWordsPerToken } from '../layers/binding.js';
import { allocate, type Buffer, type Placement } from './allocate.js';
import { type Layout, makeLayout, stageLayout } from './layout.js';
import type { Grid } from './options.js';

/** How maps and currents lie in the memories of an engine. */
export interface Geometry<L extends Layout> {
  stageLayout(stage: number, channels: number): L;
  layout(channels: number): L;
  /** Words per token of a current buffer. */
  currentWords(layout: L, once: boolean): number;
}

/** Sizes of the memories that all buffers share. */
export interface MemorySizes {
  /** Rows of the spike memory. */
  readonly spikeRows: number;
  /** Words of the current memory. */
  readonly currentWords: number;
}

export interface Buffers<L extends Layout = Layout> extends MemorySizes {
  readonly stages: readonly StageBuffers<L>[];
  readonly blocks: readonly BlockBuffers<L>[];
}

/** Kinds that see one token at a time: they run over token blocks in turn. */
export const TOKEN_LOCAL: ReadonlySet<Layer['kind']> = new Set<Layer['kind']>(['fuse', 'fc1', 'fc2']);

/** Tokens of a block that are in flight between fuse and fc2. */
export function tokensInFlight(tokens: number, tokenBlock: number | null): number {
  return Math.min(tokens, tokenBlock ?? tokens);
}

export interface Lifetime {
  readonly from: number;
  readonly to: number;
}

/** From the first to the last layer that a predicate holds for. */
export function lifetime(layers: readonly Layer[], uses: (layer: Layer) => boolean): Lifetime {
  const indices = layers.flatMap((layer, index) => (uses(layer) ? [index] : []));
  return { from: Math.min(...indices), to: Math.max(...indices) };
}

const isEncoding = (layer: Layer): boolean => layer.block === null && layer.kind !== 'head';

/** Lifetime of the maps of a stage: until the next stage is encoded, or the head has read them. */
function mapLifetime(layers: readonly Layer[], stage: number): Lifetime {
  return lifetime(layers, (layer) => layer.stage === stage || (layer.stage === stage + 1 && isEncoding(layer)));
}

/** A block of the network, with the layers during which its tokens are in flight. */
interface BlockFacts extends Lifetime {
  readonly stage: number;
  readonly tokens: number;
  readonly hiddenShape: MapShape;
}

/** What follows from the network alone. */
interface NetworkFacts {
  readonly layers: readonly Layer[];
  readonly shapes: readonly MapShape[];
  readonly blocks: readonly BlockFacts[];
  /** Of the maps of every stage, and of its h. */
  readonly maps: readonly Lifetime[];
  readonly residuals: readonly Lifetime[];
}

const knownFacts = new WeakMap<NetworkConfig, NetworkFacts>();

function makeFacts(config: NetworkConfig): NetworkFacts {
  const layers = listLayers(config);
  const shapes = stageShapes(config);
  const blocks = layers
    .filter(({ kind }) => kind === 'fc1')
    .map(({ block, stage, output }): BlockFacts => {
      const isChained = (layer: Layer): boolean => layer.block === block && TOKEN_LOCAL.has(layer.kind);
      return { stage, tokens: tokenCount(output), hiddenShape: output, ...lifetime(layers, isChained) };
    });
  const maps = shapes.map((_, stage) => mapLifetime(layers, stage));
  const ofStage = (stage: number) => (layer: Layer) => layer.stage === stage && layer.kind !== 'head';
  const residuals = shapes.map((_, stage) => lifetime(layers, ofStage(stage)));
  return { layers, shapes, blocks, maps, residuals };
}

/** Kept, because a search measures a network often. */
function factsOf(config: NetworkConfig): NetworkFacts {
  const facts = knownFacts.get(config) ?? makeFacts(config);
  knownFacts.set(config, facts);
  return facts;
}

/** Sizes of everything that needs a place. */
export interface Sizes<L extends Layout> {
  readonly layers: readonly Layer[];
  readonly facts: Pick<NetworkFacts, 'maps' | 'residuals'>;
  /** Of every stage. */
  readonly shapes: readonly MapShape[];
  readonly layouts: readonly L[];
  /** Spike memory rows of one map. */
  readonly mapRows: readonly number[];
  /** x, LIF(BN(x)) without SPE, x_h, x_w. */
  readonly mapsPerStage: number;
  /** Of every block. */
  readonly blocks: readonly BlockSizes<L>[];
}

export interface BlockSizes<L extends Layout> extends Lifetime {
  readonly stage: number;
  readonly tokens: number;
  readonly hiddenShape: MapShape;
  readonly hiddenLayout: L;
}

export function measure<L extends Layout>(
  config: NetworkConfig,
  geometry: Geometry<L>,
  tokenBlock: number | null,
): Sizes<L> {
  const facts = factsOf(config);
  const { layers, shapes } = facts;
  const layouts = shapes.map(({ channels }, stage) => geometry.stageLayout(stage, channels));
  const blocks = facts.blocks.map((block): BlockSizes<L> => {
    const hiddenLayout = geometry.layout(block.hiddenShape.channels);
    return { ...block, tokens: tokensInFlight(block.tokens, tokenBlock), hiddenLayout };
  });
  const mapRows = shapes.map((shape, stage) => tokenCount(shape) * layouts[stage]!.rows);
  return { layers, facts, shapes, layouts, mapRows, mapsPerStage: config.spe ? 3 : 4, blocks };
}

const byStart = (a: Buffer, b: Buffer): number => a.from - b.from;

function placeSpikes<L extends Layout>({ facts, layouts, mapRows, mapsPerStage, blocks }: Sizes<L>): Placement {
  const maps = mapRows.map((rows, stage) => {
    return { name: `maps.${stage}`, size: mapsPerStage * rows, ...facts.maps[stage]! };
  });
  const inFlight = blocks.flatMap(({ stage, tokens, hiddenLayout, from, to }, block) => [
    { name: `mixed.${block}`, size: tokens * layouts[stage]!.rows, from, to },
    { name: `hidden.${block}`, size: tokens * hiddenLayout.rows, from, to },
  ]);
  return allocate([...maps, ...inFlight].sort(byStart));
}

/** h of stage 0 is constant in time. */
export const isConstant = (stage: number): boolean => stage === 0;

function placeCurrents<L extends Layout>(
  { facts, shapes, layouts, blocks }: Sizes<L>,
  { currentWords }: Geometry<L>,
): Placement {
  const residuals = shapes.map((shape, stage) => ({
    name: `h.${stage}`,
    size: tokenCount(shape) * currentWords(layouts[stage]!, isConstant(stage)),
    ...facts.residuals[stage]!,
  }));
  const mixed = blocks.map(({ stage, tokens, from, to }, block) => {
    return { name: `mixed.${block}`, size: tokens * currentWords(layouts[stage]!, false), from, to };
  });
  return allocate([...residuals, ...mixed].sort(byStart));
}

/** Of the engine of dense lanes. */
export function denseGeometry(config: NetworkConfig, grid: Grid): Geometry<Layout> {
  return {
    stageLayout: (stage, channels) => stageLayout(config, stage, channels, grid),
    layout: (channels) => makeLayout(channels, 1, grid),
    currentWords: (layout, once) => currentWordsPerToken(layout, once, grid),
  };
}

/** Sizes of both memories alone. */
export function bufferSizes(
  config: NetworkConfig,
  grid: Grid,
  tokenBlock: number | null,
): Pick<Buffers, 'spikeRows' | 'currentWords'> {
  const geometry = denseGeometry(config, grid);
  const sizes = measure(config, geometry, tokenBlock);
  return { spikeRows: placeSpikes(sizes).size, currentWords: placeCurrents(sizes, geometry).size };
}

export function planBuffers<L extends Layout>(
  config: NetworkConfig,
  geometry: Geometry<L>,
  tokenBlock: number | null,
): Buffers<L> {
  const sizes = measure(config, geometry, tokenBlock);
  const { shapes, layouts, mapRows, mapsPerStage } = sizes;
  const spikes = placeSpikes(sizes);
  const currents = placeCurrents(sizes, geometry);
  const stages = shapes.map((shape, stage): StageBuffers<L> => {
    const first = spikes.bases.get(`maps.${stage}`)!;
    const map = (index: number): SpikeMap<L> => {
      return { shape, layout: layouts[stage]!, base: first + index * mapRows[stage]! };
    };
    return {
      x: map(0),
      identity: config.spe ? null : map(1),
      xh: map(mapsPerStage - 2),
      xw: map(mapsPerStage - 1),
      h: { base: currents.bases.get(`h.${stage}`)!, once: isConstant(stage) },
    };
  });
  const blocks = sizes.blocks.map(({ stage, hiddenShape, hiddenLayout }, block): BlockBuffers<L> => {
    const mixed = `mixed.${block}`;
    return {
      mixed: { shape: shapes[stage]!, layout: layouts[stage]!, base: spikes.bases.get(mixed)! },
      hidden: { shape: hiddenShape, layout: hiddenLayout, base: spikes.bases.get(`hidden.${block}`)! },
      mixedCurrent: { base: currents.bases.get(mixed)!, once: false },
    };
  });
  return { stages, blocks, spikeRows: spikes.size, currentWords: currents.size };
}
