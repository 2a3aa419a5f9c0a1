/** When the chunks of a pass on tables are taken; see smx_chunk_gather.v, whose rules these are. */
import { ceilDivide } from '../bits.js';

/** Bits of a position's number within its block. A LUT RAM of 32 words holds one word for each position of a block. */
export const BLOCK_PLACE_BITS = 5;
export const BLOCK_TOKENS = 2 ** BLOCK_PLACE_BITS;

/** Cycles in which a table is filled: its subsets. */
const FILL_CYCLES = 16;
/** Cycles from the start of a pass to the first chunk: its weights are read before it is filled. */
const FIRST_TAKE = 2 + FILL_CYCLES;
/** Cycles from the taking of a last chunk to the first result that is drained. */
const DRAIN_LEAD = 2;

/** Of a pass. */
interface Loops {
  readonly outer: number;
  readonly inner: number;
  readonly groups: number;
}

/** Blocks of the positions of a pass, all full but the last. */
export function blocksOf({ outer, inner }: Omit<Loops, 'groups'>): { readonly count: number; readonly rest: number } {
  const positions = outer * inner;
  const count = ceilDivide(positions, BLOCK_TOKENS);
  return { count, rest: positions - (count - 1) * BLOCK_TOKENS };
}

/**
 * A `lastTile` that no cut of the positions into passes goes below, for all of these passes together: every chunk takes a
 * cycle for each position, and no fewer than it takes to fill a table.
 */
export function leastLastTile({ outer, inner, groups }: Loops, fan: number, steps: number): number {
  const positions = outer * inner;
  const byChunks = groups * fan * Math.max(positions, FILL_CYCLES) - FILL_CYCLES;
  const bySteps = groups * positions * steps - steps;
  return FIRST_TAKE + DRAIN_LEAD + Math.max(byChunks, bySteps);
}

export interface ChunkTimes {
  /** Cycles from the first to the last operand, both counted. */
  readonly span: number;
  /** Cycles from the start of the pass to the flags of its last tile. */
  readonly lastTile: number;
}

/**
 * @param fan chunks of a block.
 * @param steps cycles that the neuron unit takes for a position.
 */
export function chunkTimes(loops: Loops, fan: number, steps: number): ChunkTimes {
  const { count, rest } = blocksOf(loops);
  const total = loops.groups * count;
  let take = FIRST_TAKE; // of the first chunk of the block
  let drained = 0; // from when on the next last chunk may be taken
  let last = 0;
  let positions = 0;
  for (let block = 0; block < total; block++) {
    positions = block % count === count - 1 ? rest : BLOCK_TOKENS;
    const interval = Math.max(positions, FILL_CYCLES);
    last = Math.max(take + (fan - 1) * interval, drained);
    drained = last + positions * steps + 1;
    take = last + interval;
  }
  return { span: last + positions - FIRST_TAKE, lastTile: last + DRAIN_LEAD + (positions - 1) * steps };
}
