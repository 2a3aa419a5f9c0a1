/**
 * Bits that memories move for an image, as memoryTraffic() has them, for plans of which only lanes and inputs are known, or
 * only spans of them: neurons change nothing, token blocks only how often weights are read from external memory or for
 * tables. Without padding the words of lanes and inputs add up to what the network has; only the rows of spikes that are
 * read for every tile depend on how many there are at once.
 */
import type { QuantizedNetwork } from '@spikemill/golden-model';
import { streamCycles } from '../cost/timing.js';
import { paramWordBits, tokenBits } from '../images/parameters.js';
import { blocksOf } from '../plan/chunks.js';
import type { Formats } from '../plan/formats.js';
import { type Grid, type LaneKind, makeGrid, type PlanOptions } from '../plan/options.js';
import { type PassLoops, usesTables } from '../plan/pass.js';
import { type CurrentUse, type Fold, leastLoops, loopsOf, passesOf } from './folds.js';
import type { Span } from './space.js';

const PIXEL_BITS = 8;

/** What one fold moves: words are counted in tiles, operands in tiles x cycles that feed them. */
interface Amounts {
  readonly tiles: number;
  readonly operands: number;
  /** Lanes of all tiles: tiles x lanes. */
  readonly lanes: number;
  /** Inputs of all operands, and weights: operands x inputs, operands x lanes x inputs. */
  readonly inputs: number;
  readonly weights: number;
  /** Weights that come in from external memory, if they are there. */
  readonly loads: number;
  /** Channels of all rows of spikes that are read. */
  readonly slots: number;
}

function product({ outer, inner, groups }: PassLoops['loops']): number {
  return outer * inner * groups;
}

/** How often the weights of all tiles are read in a layer: for each position, or for each block of them. */
function readsOf(fold: Fold, tokenBlock: number | null, lane: LaneKind): number {
  if (!usesTables(fold, { lane })) return fold.outer * fold.inner;
  return passesOf(fold, tokenBlock).reduce((sum, { count, tokens }) => {
    return sum + count * blocksOf({ outer: fold.outer, inner: tokens }).count;
  }, 0);
}

/** Passes of a layer: each reads all of its weights from external memory. */
function loadsOf(fold: Fold, tokenBlock: number | null): number {
  if (fold.source !== 'dense') return 0;
  return passesOf(fold, tokenBlock).reduce((sum, { count }) => sum + count, 0);
}

function exactAmounts(fold: Fold, grid: Grid, tokenBlock: number | null): Amounts {
  const loops = loopsOf(fold, grid);
  const tiles = product(loops);
  const operands = tiles * loops.tapA * loops.tapB * loops.slices;
  const { lanes, inputs, rowSlots } = grid;
  const once = loops.groups * loops.tapA * loops.tapB * loops.slices * lanes * inputs;
  return {
    tiles,
    operands,
    lanes: tiles * lanes,
    inputs: operands * inputs,
    weights: once * readsOf(fold, tokenBlock, grid.lane),
    loads: once * loadsOf(fold, tokenBlock),
    slots: operands * rowSlots,
  };
}

function leastAmounts(fold: Fold, lanes: Span, inputs: Span, lane: LaneKind): Amounts {
  const loops = leastLoops(fold, lanes.to, inputs.to);
  const tiles = product(loops);
  const operands = tiles * loops.tapA * loops.tapB * loops.slices;
  const channels = fold.outputs.segments * fold.outputs.channels;
  const taps = fold.tapA * fold.tapB * (fold.inputs?.count ?? 1);
  return {
    tiles,
    operands,
    lanes: channels * fold.outer * fold.inner,
    inputs: tiles * taps,
    weights: channels * taps * readsOf(fold, null, lane),
    loads: channels * taps * loadsOf(fold, null),
    slots: operands * Math.max(lanes.from, inputs.from),
  };
}

/** Bits that do not depend on the grid, of one word each. */
interface WordBits {
  readonly formats: Formats;
  readonly timesteps: number;
  readonly isExternal: boolean;
  /** Parameters of one neuron; one token. */
  readonly param: number;
  readonly token: number;
}

function currentBits(use: CurrentUse, lanes: number, { formats, timesteps }: WordBits, always: boolean): number {
  if (use === null) return 0;
  return lanes * formats.storeBits * (use === 'once' && !always ? 1 : timesteps);
}

function foldBits(fold: Fold, amounts: Amounts, bits: WordBits): number {
  const { formats, timesteps, isExternal, param, token } = bits;
  const { tiles, operands, lanes, inputs, weights, loads, slots } = amounts;
  const { source } = fold;
  const isOnPlanes = source === 'pixels' || source === 'head';
  const operandBits = source === 'pixels' ? inputs * PIXEL_BITS : slots * timesteps;
  const weightWords = source === 'lane-wise' ? operands * formats.weightBits : 0;
  const arrayWords = source === 'lane-wise' ? 0 : weights * (isOnPlanes ? formats.planeWeightBits : formats.weightBits);
  const neurons = source === 'head' ? 0 : lanes * timesteps * param + tiles * token;
  const spikes = fold.fires ? lanes * timesteps : 0;
  // a residual is read at every step, also where its word stays the same
  const currents = currentBits(fold.residual, lanes, bits, true) + currentBits(fold.store, lanes, bits, false);
  const loaded = isExternal ? loads * formats.weightBits : 0;
  return operandBits + weightWords + arrayWords + loaded + neurons + spikes + currents;
}

export interface TrafficBounds {
  /** Exact, for any neurons. */
  bits(grid: Grid, tokenBlock: number | null): number;
  /** No plan with lanes and inputs in these spans moves fewer. */
  least(lanes: Span, inputs: Span): number;
}

export function makeTraffic(
  network: QuantizedNetwork,
  folds: readonly Fold[],
  formats: Formats,
  { weights, lane }: Pick<PlanOptions, 'weights' | 'lane'>,
): TrafficBounds {
  const { timesteps } = network.config;
  const grid = makeGrid({ lanes: 1, inputs: 1, neurons: 1 }, timesteps);
  const words = { param: paramWordBits(network, { formats, grid }), token: tokenBits({ formats }) };
  const bits: WordBits = { formats, timesteps, isExternal: weights === 'external', ...words };
  const pixels = PIXEL_BITS * streamCycles(network).inputCycles;
  const sum = (amounts: (fold: Fold) => Amounts): number =>
    folds.reduce((total, fold) => total + fold.times * foldBits(fold, amounts(fold), bits), pixels);
  return {
    bits: (own, tokenBlock) => sum((fold) => exactAmounts(fold, own, tokenBlock)),
    least: (lanes, inputs) => sum((fold) => leastAmounts(fold, lanes, inputs, lane)),
  };
}
