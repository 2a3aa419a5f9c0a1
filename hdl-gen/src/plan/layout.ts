/**
 * Where the channels of a map lie in the spike memory. A token takes whole rows; every segment of channels starts at
 * a word, because a tile writes whole words. The map of an SPE stage has three segments, one per node of the cell.
 */
import type { Layer, NetworkConfig } from '@spikemill/golden-model';
import { ceilDivide } from '../bits.js';
import type { Grid } from './options.js';

/** Channels of one word after the other; `null` is a padding slot. */
export type Slots = readonly (number | null)[];

export interface Layout {
  /** Channel of every slot, up to the last word; length `words * lanes`. */
  readonly slots: Slots;
  /** Channels of one segment. */
  readonly segmentChannels: number;
  /** Words of `lanes` slots that are written per token. */
  readonly words: number;
  /** Words of one segment. */
  readonly segmentWords: number;
  /** Spike memory rows per token. */
  readonly rows: number;
}

/** A layout of `segments` equal runs of channels. */
export function makeLayout(channels: number, segments: number, grid: Grid): Layout {
  const { lanes, rowWords } = grid;
  const perSegment = channels / segments;
  const segmentWords = ceilDivide(perSegment, lanes);
  const words = segments * segmentWords;
  const slotsOf = (): Slots =>
    Array.from({ length: words * lanes }, (_, slot) => {
      const within = slot % (segmentWords * lanes);
      const segment = Math.floor(slot / (segmentWords * lanes));
      return within < perSegment ? segment * perSegment + within : null;
    });
  let known: Slots | null = null;
  return {
    // a search asks many layouts for their sizes only
    get slots() {
      known ??= slotsOf();
      return known;
    },
    ...{ segmentChannels: perSegment, words, segmentWords, rows: ceilDivide(words, rowWords) },
  };
}

/** Slot of a channel, where every segment of `segmentChannels` starts at a word of `lanes` slots. */
export function slotOf(channel: number, segmentChannels: number, lanes: number): number {
  const segment = Math.floor(channel / segmentChannels);
  return segment * ceilDivide(segmentChannels, lanes) * lanes + (channel - segment * segmentChannels);
}

/** Layout of the map of a stage: three segments behind an SPE cell, else one. */
export function stageLayout(config: NetworkConfig, stage: number, channels: number, grid: Grid): Layout {
  return makeLayout(channels, config.spe && stage > 0 ? 3 : 1, grid);
}

/** The slices of `inputs` slots that hold a run of channels, and where the first lies. */
export interface SliceRun {
  /** Row of the first slice, relative to the token's first row. */
  readonly row: number;
  /** Number of the first slice within its row. */
  readonly slice: number;
  readonly count: number;
}

/** Slices that hold channels first..first+count-1 of a layout. */
export function slicesOf(layout: Layout, first: number, count: number, grid: Grid): SliceRun {
  const sliceOf = (channel: number): number =>
    Math.floor(slotOf(channel, layout.segmentChannels, grid.lanes) / grid.inputs);
  const from = sliceOf(first);
  const to = sliceOf(first + count - 1);
  return { row: Math.floor(from / grid.rowSlices), slice: from % grid.rowSlices, count: to - from + 1 };
}

/** Channels in the slots of a slice run, `null` where no channel of first..first+count-1 lies; count * inputs entries. */
export function channelsOfSlices(layout: Layout, first: number, count: number, grid: Grid): Slots {
  const run = slicesOf(layout, first, count, grid);
  const start = (run.row * grid.rowSlices + run.slice) * grid.inputs;
  return Array.from({ length: run.count * grid.inputs }, (_, i) => {
    const channel = layout.slots[start + i] ?? null;
    return channel !== null && channel >= first && channel < first + count ? channel : null;
  });
}

/** Number of an SPE layer's node, 0..2, from its name; the segment of the stage layout that it writes. */
export function speNode(layer: Layer): number {
  const suffix = layer.name.split('.').slice(2).join('.');
  const nodes: Readonly<Record<string, number>> = {
    'cell2node.0': 0,
    'cell2node.1': 1,
    'cell2node.2': 2,
    node1_node2: 1,
    node2_node3: 2,
  };
  const node = nodes[suffix];
  if (node === undefined) throw new RangeError(`no SPE layer: ${layer.name}`);
  return node;
}
