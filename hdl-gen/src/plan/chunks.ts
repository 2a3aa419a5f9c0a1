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

export interface ChunkTimes {
  /** Cycles from the first to the last operand, both counted. */
  readonly span: number;
  /** Cycles from the start of the pass to the flags of its last tile. */
  readonly lastTile: number;
}

/**
 * The last chunk of a block is taken an interval after those before it, and not before the block in front is drained: from
 * block to block the cycles between them are the same for equal blocks, so that a pass of any length is one sum.
 *
 * @param fan chunks of a block.
 * @param steps cycles that the neuron unit takes for a position.
 */
export function chunkTimes(loops: Loops, fan: number, steps: number): ChunkTimes {
  const { groups } = loops;
  const { count, rest } = blocksOf(loops);
  const interval = (positions: number): number => Math.max(positions, FILL_CYCLES);
  // from the last chunk of a block to that of the next
  const between = (before: number, next: number): number =>
    Math.max(interval(before) + (fan - 1) * interval(next), before * steps + 1);
  const first = FIRST_TAKE + (fan - 1) * interval(count === 1 ? rest : BLOCK_TOKENS);
  const within = count === 1 ? 0 : (count - 2) * between(BLOCK_TOKENS, BLOCK_TOKENS) + between(BLOCK_TOKENS, rest);
  const last = first + groups * within + (groups - 1) * between(rest, count === 1 ? rest : BLOCK_TOKENS);
  return { span: last + rest - FIRST_TAKE, lastTile: last + DRAIN_LEAD + (rest - 1) * steps };
}
