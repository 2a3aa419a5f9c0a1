/** Sizes and places of all spike maps and current buffers, by their lifetimes over the layers. */

import type { Layer, NetworkConfig } from '@spikemill/golden-model';
import { listLayers, stageShapes, tokenCount } from '@spikemill/golden-model';
import type { BlockBuffers, SpikeMap, StageBuffers } from '../layers/binding.js';
import { currentWordsPerToken } from '../layers/binding.js';
import { allocate, type Buffer } from './allocate.js';
import { type Layout, makeLayout, stageLayout } from './layout.js';
import type { Grid } from './options.js';

export interface Buffers {
  readonly stages: readonly StageBuffers[];
  readonly blocks: readonly BlockBuffers[];
  /** Rows of the spike memory. */
  readonly spikeRows: number;
  /** Words of the current memory. */
  readonly currentWords: number;
}

/** Tokens of a block that are in flight between fuse and fc2. */
export function tokensInFlight(tokens: number, tokenBlock: number | null): number {
  return Math.min(tokens, tokenBlock ?? tokens);
}

interface Lifetime {
  readonly from: number;
  readonly to: number;
}

/** From the first to the last layer that a predicate holds for. */
function lifetime(layers: readonly Layer[], uses: (layer: Layer) => boolean): Lifetime {
  const indices = layers.flatMap((layer, index) => (uses(layer) ? [index] : []));
  return { from: Math.min(...indices), to: Math.max(...indices) };
}

const isEncoding = (layer: Layer): boolean => layer.block === null && layer.kind !== 'head';

/** Lifetime of the maps of a stage: until the next stage is encoded, or the head has read them. */
function mapLifetime(layers: readonly Layer[], stage: number): Lifetime {
  return lifetime(layers, (layer) => layer.stage === stage || (layer.stage === stage + 1 && isEncoding(layer)));
}

export function planBuffers(config: NetworkConfig, grid: Grid, tokenBlock: number | null): Buffers {
  const layers = listLayers(config);
  const shapes = stageShapes(config);
  const layouts = shapes.map(({ channels }, stage) => stageLayout(config, stage, channels, grid));
  const fuses = layers.filter(({ kind }) => kind === 'fuse');
  const hiddenLayouts = fuses.map(({ block }) => {
    const fc1 = layers.find((layer) => layer.block === block && layer.kind === 'fc1')!;
    return makeLayout(fc1.output.channels, 1, grid);
  });
  const mapsPerStage = config.spe ? 3 : 4;
  const mapRows = shapes.map((shape, stage) => tokenCount(shape) * layouts[stage]!.rows);
  const inFlight = (layer: Layer): number => tokensInFlight(tokenCount(layer.output), tokenBlock);
  const mixing = (block: number | null): Lifetime =>
    lifetime(layers, (layer) => layer.block === block && ['fuse', 'fc1', 'fc2'].includes(layer.kind));

  const spikeBuffers: Buffer[] = [
    ...mapRows.map((rows, stage) => ({
      name: `maps.${stage}`,
      size: mapsPerStage * rows,
      ...mapLifetime(layers, stage),
    })),
    ...fuses.flatMap((layer, i) => [
      { name: `mixed.${i}`, size: inFlight(layer) * layouts[layer.stage]!.rows, ...mixing(layer.block) },
      { name: `hidden.${i}`, size: inFlight(layer) * hiddenLayouts[i]!.rows, ...mixing(layer.block) },
    ]),
  ];
  const words = (layout: Layout, once: boolean): number => currentWordsPerToken(layout, once, grid);
  const currentBuffers: Buffer[] = [
    ...shapes.map((shape, stage) => ({
      name: `h.${stage}`,
      size: tokenCount(shape) * words(layouts[stage]!, stage === 0),
      ...lifetime(layers, (layer) => layer.stage === stage && layer.kind !== 'head'),
    })),
    ...fuses.map((layer, i) => ({
      name: `mixed.${i}`,
      size: inFlight(layer) * words(layouts[layer.stage]!, false),
      ...mixing(layer.block),
    })),
  ];

  const byStart = (a: Buffer, b: Buffer): number => a.from - b.from;
  const spikes = allocate(spikeBuffers.sort(byStart));
  const currents = allocate(currentBuffers.sort(byStart));
  const stages = shapes.map((shape, stage): StageBuffers => {
    const map = (index: number): SpikeMap => ({
      shape,
      layout: layouts[stage]!,
      base: spikes.bases.get(`maps.${stage}`)! + index * mapRows[stage]!,
    });
    return {
      x: map(0),
      identity: config.spe ? null : map(1),
      xh: map(mapsPerStage - 2),
      xw: map(mapsPerStage - 1),
      h: { base: currents.bases.get(`h.${stage}`)!, once: stage === 0 },
    };
  });
  const blocks = fuses.map((layer, i): BlockBuffers => {
    const shape = layer.output;
    const hiddenShape = { ...shape, channels: config.alpha * shape.channels };
    return {
      mixed: { shape, layout: layouts[layer.stage]!, base: spikes.bases.get(`mixed.${i}`)! },
      hidden: { shape: hiddenShape, layout: hiddenLayouts[i]!, base: spikes.bases.get(`hidden.${i}`)! },
      mixedCurrent: { base: currents.bases.get(`mixed.${i}`)!, once: false },
    };
  });
  return { stages, blocks, spikeRows: spikes.size, currentWords: currents.size };
}
