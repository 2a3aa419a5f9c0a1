/**
 * Places of all buffers of one segment. The map that comes in lies in the double buffer in front, the one that goes out
 * in the buffer behind, and with a stage that is cut its h does, too; everything else is the segment's own.
 *
 * Addresses have two more bits than the largest of these memories needs; they choose the memory (see smx_regions.v).
 */
import { type Layer, type NetworkConfig, tokenCount } from '@spikemill/golden-model';
import { unsignedBits } from '../bits.js';
import type { BlockBuffers, SpikeMap, StageBuffers } from '../layers/binding.js';
import { currentWordsPerToken } from '../layers/binding.js';
import { allocate, type Buffer } from './allocate.js';
import { denseGeometry, isConstant, lifetime, type MemorySizes, measure, type Sizes as SizesOf } from './buffers.js';
import { cutsStage, type Unit } from './cuts.js';
import type { Layout } from './layout.js';
import type { Grid } from './options.js';

type Sizes = SizesOf<Layout>;

/** What a double buffer holds of one image. */
export interface Boundary {
  /** Stage of the map. */
  readonly stage: number;
  readonly rows: number;
  /** Words of h; 0 if the stage ends here. */
  readonly currentWords: number;
}

type Region = 'own' | 'front' | 'behind';
const REGION_NUMBERS: Readonly<Record<Region, number>> = { own: 0, front: 1, behind: 2 };
/** Bits of an address that choose the memory. */
const REGION_BITS = 2;

export interface SegmentBuffers extends MemorySizes {
  /** By number of the block; only those of the segment. */
  readonly blocks: readonly BlockBuffers[];
  readonly front: Boundary | null;
  readonly behind: Boundary | null;
  /** Bits of an address of the spike and of the current memories. */
  readonly rowBits: number;
  readonly currentBits: number;
  /** Buffers of a stage as a layer sees them: what it writes may lie elsewhere than what it reads. */
  stage(layer: Layer, index: number): StageBuffers;
}

/** The buffer behind unit `end - 1`; null at the end of the network. */
export function boundaryAt(sizes: Sizes, units: readonly Unit[], end: number, grid: Grid): Boundary | null {
  if (end === 0 || end === units.length) return null;
  const { stage } = units[end - 1]!;
  const words = tokenCount(sizes.shapes[stage]!) * currentWordsPerToken(sizes.layouts[stage]!, isConstant(stage), grid);
  return { stage, rows: sizes.mapRows[stage]!, currentWords: cutsStage(units, end) ? words : 0 };
}

/** Which of the units of a segment are first and last. */
export interface UnitRange {
  readonly first: number;
  readonly end: number;
}

/** Everything that the places of one segment follow from. */
class Segment {
  readonly sizes: Sizes;
  readonly units: readonly Unit[];
  readonly range: UnitRange;
  readonly grid: Grid;
  readonly front: Boundary | null;
  readonly behind: Boundary | null;

  constructor(sizes: Sizes, units: readonly Unit[], range: UnitRange, grid: Grid) {
    this.sizes = sizes;
    this.units = units;
    this.range = range;
    this.grid = grid;
    this.front = boundaryAt(sizes, units, range.first, grid);
    this.behind = boundaryAt(sizes, units, range.end, grid);
  }

  /** Where the map lies that a unit writes; that of the unit before the segment comes in. */
  regionOf(unit: number): Region {
    if (unit < this.range.first) return 'front';
    return this.behind !== null && unit === this.range.end - 1 ? 'behind' : 'own';
  }

  unitOf(layer: Layer): number {
    const index = this.sizes.layers.findIndex(({ name }) => name === layer.name);
    return this.units.findIndex(({ first, end }) => index >= first && index < end);
  }

  isInside(unit: number): boolean {
    return unit >= this.range.first && unit < this.range.end;
  }

  /** Units that read or write maps of a stage. */
  private usesOf(stage: number): (layer: Layer) => boolean {
    return (layer) => this.isInside(this.unitOf(layer)) && layer.stage === stage;
  }

  stages(): number[] {
    const { first, end } = this.range;
    return [...new Set(this.units.slice(first, end).map(({ stage }) => stage))];
  }

  private blocksOf(stage: number): Unit[] {
    const { first, end } = this.range;
    return this.units.slice(first, end).filter((unit) => unit.stage === stage && unit.kind === 'block');
  }

  private ownsMap(stage: number): boolean {
    const { first, end } = this.range;
    return this.units.some(
      (unit, i) => i >= first && i < end && unit.stage === stage && unit.kind !== 'head' && this.regionOf(i) === 'own',
    );
  }

  /** Maps of a stage that are the segment's own: x, then those of its blocks. */
  ownMaps(stage: number): Buffer | null {
    const { sizes } = this;
    const [hasMap, hasBlocks] = [this.ownsMap(stage), this.blocksOf(stage).length > 0];
    // branches keep their places behind x even without an own x: a map in front has the same distance to them
    const maps = hasBlocks ? sizes.mapsPerStage : hasMap ? 1 : 0;
    if (maps === 0) return null;
    const until = lifetime(sizes.layers, (layer) => {
      return this.isInside(this.unitOf(layer)) && (layer.stage === stage || layer.stage === stage + 1);
    });
    const { from } = lifetime(sizes.layers, this.usesOf(stage));
    return { name: `maps.${stage}`, size: maps * sizes.mapRows[stage]!, from, to: until.to };
  }

  /** Where h of a stage is read, and written if that is done here. */
  currentRegion(stage: number): Region {
    if (this.front?.stage === stage && this.front.currentWords > 0) return 'front';
    return this.behind?.stage === stage && this.behind.currentWords > 0 ? 'behind' : 'own';
  }

  ownCurrent(stage: number): Buffer | null {
    const { sizes, grid } = this;
    const hasUses = this.units.some((unit, i) => this.isInside(i) && unit.stage === stage && unit.kind !== 'head');
    if (this.currentRegion(stage) !== 'own' || !hasUses) return null;
    const words =
      tokenCount(sizes.shapes[stage]!) * currentWordsPerToken(sizes.layouts[stage]!, isConstant(stage), grid);
    return { name: `h.${stage}`, size: words, ...lifetime(sizes.layers, this.usesOf(stage)) };
  }

  blocks(): { readonly block: number; readonly sizes: Sizes['blocks'][number] }[] {
    return this.sizes.blocks.flatMap((sizes, block) => {
      const layer = this.sizes.layers.find((each) => each.block === block)!;
      return this.isInside(this.unitOf(layer)) ? [{ block, sizes }] : [];
    });
  }
}

function isBuffer(buffer: Buffer | null): buffer is Buffer {
  return buffer !== null;
}

function placeSpikes(segment: Segment): ReturnType<typeof allocate> {
  const { layouts } = segment.sizes;
  const inFlight = segment.blocks().flatMap(({ block, sizes: { stage, tokens, hiddenLayout, from, to } }) => [
    { name: `mixed.${block}`, size: tokens * layouts[stage]!.rows, from, to },
    { name: `hidden.${block}`, size: tokens * hiddenLayout.rows, from, to },
  ]);
  const maps = segment.stages().map((stage) => segment.ownMaps(stage));
  // maps of the stage that comes in are the first: their place is the bottom of the memory
  return allocate([...maps.filter(isBuffer), ...inFlight]);
}

function placeCurrents(segment: Segment): ReturnType<typeof allocate> {
  const { layouts } = segment.sizes;
  const mixed = segment.blocks().map(({ block, sizes: { stage, tokens, from, to } }) => {
    const words = currentWordsPerToken(layouts[stage]!, false, segment.grid);
    return { name: `mixed.${block}`, size: tokens * words, from, to };
  });
  const residuals = segment.stages().map((stage) => segment.ownCurrent(stage));
  return allocate([...residuals.filter(isBuffer), ...mixed]);
}

/** Bits of an address over memories of some sizes. */
function addressBits(sizes: readonly number[]): number {
  return unsignedBits(Math.max(2, ...sizes) - 1) + REGION_BITS;
}

/**
 * @param range units of the segment.
 * @param pixelRows rows of the pixel memory, which the first segment addresses with the same bits.
 */
export function planSegmentBuffers(
  config: NetworkConfig,
  grid: Grid,
  tokenBlock: number | null,
  units: readonly Unit[],
  range: UnitRange,
  pixelRows: number,
): SegmentBuffers {
  const sizes = measure(config, denseGeometry(config, grid), tokenBlock);
  const segment = new Segment(sizes, units, range, grid);
  const { front, behind } = segment;
  const { shapes, layouts, mapRows, mapsPerStage } = sizes;
  const [spikes, currents] = [placeSpikes(segment), placeCurrents(segment)];
  const [spikeRows, currentWords] = [Math.max(1, spikes.size), Math.max(1, currents.size)];
  const rowBits = addressBits([spikeRows, front?.rows ?? 0, behind?.rows ?? 0, range.first === 0 ? pixelRows : 0]);
  const currentBits = addressBits([currentWords, front?.currentWords ?? 0, behind?.currentWords ?? 0]);
  const start = (region: Region, bits: number): number => REGION_NUMBERS[region] * 2 ** (bits - REGION_BITS);
  const spikeMap = (stage: number, index: number): SpikeMap => {
    const base = (spikes.bases.get(`maps.${stage}`) ?? 0) + index * mapRows[stage]!;
    return { shape: shapes[stage]!, layout: layouts[stage]!, base };
  };
  const mapOf = (unit: number): SpikeMap => {
    const region = segment.regionOf(unit);
    const own = spikeMap(units[unit]!.stage, 0);
    return region === 'own' ? own : { ...own, base: start(region, rowBits) };
  };
  /** A block reads what the unit before it wrote, and its fc2 writes; an encoding writes its stage and reads the one before. */
  const versionOf = (layer: Layer, index: number): number => {
    const unit = segment.unitOf(layer);
    if (layer.kind === 'head' || index < layer.stage) return unit - 1;
    return layer.block === null || layer.kind === 'fc2' ? unit : unit - 1;
  };
  const currentBase = (stage: number): number => {
    const region = segment.currentRegion(stage);
    return region === 'own' ? (currents.bases.get(`h.${stage}`) ?? 0) : start(region, currentBits);
  };
  const blocks: BlockBuffers[] = [];
  for (const { block, sizes: of } of segment.blocks()) {
    const mixed = `mixed.${block}`;
    blocks[block] = {
      mixed: { shape: shapes[of.stage]!, layout: layouts[of.stage]!, base: spikes.bases.get(mixed)! },
      hidden: { shape: of.hiddenShape, layout: of.hiddenLayout, base: spikes.bases.get(`hidden.${block}`)! },
      mixedCurrent: { base: currents.bases.get(mixed)!, once: false },
    };
  }
  return {
    ...{ front, behind, rowBits, currentBits, blocks, spikeRows, currentWords },
    stage: (layer, stage) => ({
      x: mapOf(versionOf(layer, stage)),
      identity: config.spe ? null : spikeMap(stage, 1),
      xh: spikeMap(stage, mapsPerStage - 2),
      xw: spikeMap(stage, mapsPerStage - 1),
      h: { base: currentBase(stage), once: isConstant(stage) },
    }),
  };
}

/** Base of h in the buffer behind, where a segment copies it to if it neither made it nor ends its stage. */
export function behindCurrentBase({ currentBits }: SegmentBuffers): number {
  return REGION_NUMBERS.behind * 2 ** (currentBits - REGION_BITS);
}
