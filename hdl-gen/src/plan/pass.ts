/** A pass: one word of the layer program. All loops are static, so its cycles are a closed form. */
import type { Layer } from '@spikemill/golden-model';
import { ceilDivide } from '../bits.js';
import { clog2 } from '../expression.js';
import { blocksOf, chunkTimes } from './chunks.js';
import type { Grid, LoopOrder } from './options.js';

/** Which operands a pass feeds to which array. */
export type Source =
  /** Slices of spikes to all lanes of the spike array, a weight per lane and input. */
  | 'dense'
  /** Words of spikes, one per lane, all with one weight: axial branches and identity. */
  | 'lane-wise'
  /** Lines of such words out of a buffer, several positions of a line a cycle: axial branches of several inputs. */
  | 'line-wise'
  /** Bit planes of pixels, on the plane array or, as digits of weights, on the spike array. */
  | 'pixels'
  /** Timesteps of spikes as planes, results to the head. */
  | 'head';

/** The memories that weights of an array come from. */
export type WeightMemory = 'spike-weights' | 'plane-weights' | 'axial-weights';

/** A current memory address that runs through the tokens. */
export interface CurrentRun {
  readonly base: number;
  /** Step at the end of a token; 1 where tokens follow each other without a gap. */
  readonly tokenStep: number;
  /** The current is constant in time: one word serves all timesteps. */
  readonly once: boolean;
}

export interface Pass {
  readonly layer: Layer;
  readonly source: Source;
  /**
   * Of planes that the spike array adds: digits of their weights, which are iterations of tap b within every plane. null:
   * planes on the plane array, or none.
   */
  readonly digits: number | null;
  /** Whether the groups are the outermost loop; of dense passes, and always of those over lines. */
  readonly order: LoopOrder;
  /** Iterations of the loops, outermost first in token order; see smx_gather.v. */
  readonly loops: {
    readonly outer: number;
    readonly inner: number;
    readonly groups: number;
    readonly tapA: number;
    readonly tapB: number;
    readonly slices: number;
  };
  /** Operand rows; the steps are relative to the row that is left. */
  readonly operands: {
    readonly row: number;
    readonly slice: number;
    readonly innerStep: number;
    readonly outerStep: number;
    readonly tapAStep: number;
    readonly tapBStep: number;
    readonly padding: {
      readonly origin: number;
      readonly stride: number;
      readonly height: number;
      readonly width: number;
    } | null;
  };
  /** First word in the weight memory of the source. */
  readonly weightBase: number;
  readonly paramBase: number;
  /** One parameter word per outer position (axial), of a pass over lines per inner position, not one per lane group. */
  readonly paramPerOuter: boolean;
  readonly tokenBase: number;
  /** One token word per position instead of the one at `tokenBase`. */
  readonly tokenStep: boolean;
  readonly identity: boolean;
  readonly residual: CurrentRun | null;
  readonly store: CurrentRun | null;
  /** Where the spikes go; null if the layer completes no LIF. */
  readonly write: {
    readonly row: number;
    readonly word: number;
    readonly innerStep: number;
    readonly outerStep: number;
  } | null;
  /** Token of position (outer, inner) = firstToken + outer * outerTokens + inner * innerTokens. */
  readonly positions: { readonly firstToken: number; readonly outerTokens: number; readonly innerTokens: number };
  /** Output channel of the layer in every lane of every group; null is padding. */
  readonly outputs: readonly (number | null)[];
}

/** What the cycles of a pass depend on. */
export type PassLoops = Pick<Pass, 'source' | 'loops'>;

/** Registers of an adder tree. Ternary adders leave two terms at most, which the accumulator adds at once. */
export function treeLevels({ inputs, adders }: Pick<Grid, 'inputs' | 'adders'>): number {
  if (adders === 'binary') return clog2(inputs);
  let levels = 0;
  for (let terms = inputs; terms > 2; terms = ceilDivide(terms, 3)) levels++;
  return levels;
}

/** Cycles from the address of an operand to the results of its tile: memory, operands, gate, adder tree, accumulator. */
export function arrayLatency(grid: Pick<Grid, 'inputs' | 'adders'>): number {
  return 4 + treeLevels(grid);
}

/** Cycles that a tile feeds operands. */
export function fan({ loops }: PassLoops): number {
  return loops.tapA * loops.tapB * loops.slices;
}

/** Cycles that the consumer of a tile is busy: the neuron unit, or the head one lane after the other. */
export function consumerCycles(pass: PassLoops, grid: Grid): number {
  return pass.source === 'head' ? grid.lanes : grid.steps;
}

/** Cycles from one tile to the next. */
export function tileInterval(pass: PassLoops, grid: Grid): number {
  return Math.max(fan(pass), consumerCycles(pass, grid));
}

export function tileCount({ loops }: PassLoops): number {
  return loops.outer * loops.inner * loops.groups;
}

/** Cycles from the last consumer step to `done`: stages of smx_neuron_unit, stages of smx_head. */
const NEURON_DRAIN = 10;
const HEAD_DRAIN = 3;
/** Cycles of the sequencer before the first operand address: fetch and start. */
const SEQUENCER_CYCLES = 2;

/** Whether a pass runs on tables, whose weights stay. */
export function usesTables({ source }: Pick<Pass, 'source'>, { lane }: Pick<Grid, 'lane'>): boolean {
  return source === 'dense' && lane === 'table';
}

/** Rows of the spike or pixel memory that a pass reads: one for each operand, but of a line each word once. */
export function rowsRead(pass: PassLoops): number {
  return tileCount(pass) * (pass.source === 'line-wise' ? 1 : fan(pass));
}

/** Whether the weights of a pass are those of the spike array, a word for each lane and input. */
export function usesSpikeWeights({ source, digits }: Pick<Pass, 'source' | 'digits'>): boolean {
  return source === 'dense' || digits !== null;
}

/** Words of weights that a tile walks through: all its planes take the same. */
export function tileWords(pass: Pick<Pass, 'source' | 'loops' | 'digits'>): number {
  const isPlanes = pass.source === 'pixels' || pass.source === 'head';
  return isPlanes ? (pass.digits ?? 1) * pass.loops.slices : fan(pass);
}

/** Words of weights that a pass reads. */
export function weightWords(pass: PassLoops, grid: Grid): number {
  const { groups } = pass.loops;
  return fan(pass) * (usesTables(pass, grid) ? groups * blocksOf(pass.loops).count : tileCount(pass));
}

/**
 * Cycles before the first operand of a pass in which it reads what it works on: a pass over lines the first of them, a
 * word a cycle, and one cycle until it is there. All other lines are read while those before them are worked on.
 */
export function leadCycles({ source, loops }: PassLoops): number {
  return source === 'line-wise' ? loops.inner + 1 : 0;
}

/**
 * Cycles between the first and the last operand of a pass, both counted. In token and group order every tile but the last
 * takes one interval.
 */
export function operandSpan(pass: PassLoops, grid: Grid): number {
  if (usesTables(pass, grid)) return chunkTimes(pass.loops, fan(pass), grid.steps).span;
  return (tileCount(pass) - 1) * tileInterval(pass, grid) + fan(pass);
}

/**
 * Cycles of a pass, from the fetch of its program word to its last write, without stalls. A pass over lines reads the
 * first one; then the tiles follow each other. The last tile feeds its operands, then passes the array, its consumer and the drain. On tables the first one is filled before any operand, and
 * the tiles of a block follow each other when its operands are through.
 */
export function passCycles(pass: PassLoops, grid: Grid): number {
  if (usesTables(pass, grid)) {
    const { lastTile } = chunkTimes(pass.loops, fan(pass), grid.steps);
    return SEQUENCER_CYCLES + lastTile + arrayLatency(grid) + grid.steps - 1 + NEURON_DRAIN;
  }
  const drain = pass.source === 'head' ? HEAD_DRAIN : NEURON_DRAIN;
  const before = SEQUENCER_CYCLES + leadCycles(pass);
  return before + operandSpan(pass, grid) + arrayLatency(grid) + consumerCycles(pass, grid) - 1 + drain;
}
