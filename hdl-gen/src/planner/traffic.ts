/**
 * Bits that memories move for an image, as memoryTraffic() has them, for plans of which only lanes and inputs are known, or
 * only spans of them: neurons and token blocks change nothing. Without padding the words of lanes and inputs add up to
 * what the network has; only the rows of spikes that are read for every tile depend on how many there are at once.
 */
import type { QuantizedNetwork } from '@spikemill/golden-model';
import { streamCycles } from '../cost/timing.js';
import { paramWordBits, tokenBits } from '../images/parameters.js';
import type { Formats } from '../plan/formats.js';
import { type Grid, makeGrid } from '../plan/options.js';
import type { PassLoops } from '../plan/pass.js';
import { type CurrentUse, type Fold, leastLoops, loopsOf } from './folds.js';
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
  /** Channels of all rows of spikes that are read. */
  readonly slots: number;
}

function product({ outer, inner, groups }: PassLoops['loops']): number {
  return outer * inner * groups;
}

function exactAmounts(fold: Fold, grid: Grid): Amounts {
  const loops = loopsOf(fold, grid);
  const tiles = product(loops);
  const operands = tiles * loops.tapA * loops.tapB * loops.slices;
  const { lanes, inputs, rowSlots } = grid;
  return {
    tiles,
    operands,
    lanes: tiles * lanes,
    inputs: operands * inputs,
    weights: operands * lanes * inputs,
    slots: operands * rowSlots,
  };
}

function leastAmounts(fold: Fold, lanes: Span, inputs: Span): Amounts {
  const loops = leastLoops(fold, lanes.to, inputs.to);
  const tiles = product(loops);
  const operands = tiles * loops.tapA * loops.tapB * loops.slices;
  const outputs = fold.outer * fold.inner * fold.outputs.segments * fold.outputs.channels;
  const taps = fold.tapA * fold.tapB * (fold.inputs?.count ?? 1);
  return {
    tiles,
    operands,
    lanes: outputs,
    inputs: tiles * taps,
    weights: outputs * taps,
    slots: operands * Math.max(lanes.from, inputs.from),
  };
}

/** Bits that do not depend on the grid, of one word each. */
interface WordBits {
  readonly formats: Formats;
  readonly timesteps: number;
  /** Parameters of one neuron; one token. */
  readonly param: number;
  readonly token: number;
}

function currentBits(use: CurrentUse, lanes: number, { formats, timesteps }: WordBits, always: boolean): number {
  if (use === null) return 0;
  return lanes * formats.storeBits * (use === 'once' && !always ? 1 : timesteps);
}

function foldBits(fold: Fold, amounts: Amounts, bits: WordBits): number {
  const { formats, timesteps, param, token } = bits;
  const { tiles, operands, lanes, inputs, weights, slots } = amounts;
  const { source } = fold;
  const isOnPlanes = source === 'pixels' || source === 'head';
  const operandBits = source === 'pixels' ? inputs * PIXEL_BITS : slots * timesteps;
  const weightWords = source === 'lane-wise' ? operands * formats.weightBits : 0;
  const arrayWords = source === 'lane-wise' ? 0 : weights * (isOnPlanes ? formats.planeWeightBits : formats.weightBits);
  const neurons = source === 'head' ? 0 : lanes * timesteps * param + tiles * token;
  const spikes = fold.fires ? lanes * timesteps : 0;
  // a residual is read at every step, also where its word stays the same
  const currents = currentBits(fold.residual, lanes, bits, true) + currentBits(fold.store, lanes, bits, false);
  return operandBits + weightWords + arrayWords + neurons + spikes + currents;
}

export interface TrafficBounds {
  /** Exact, for any neurons and token block. */
  bits(grid: Grid): number;
  /** No plan with lanes and inputs in these spans moves fewer. */
  least(lanes: Span, inputs: Span): number;
}

export function makeTraffic(network: QuantizedNetwork, folds: readonly Fold[], formats: Formats): TrafficBounds {
  const { timesteps } = network.config;
  const grid = makeGrid({ lanes: 1, inputs: 1, neurons: 1 }, timesteps);
  const words = { param: paramWordBits(network, { formats, grid }), token: tokenBits({ formats }) };
  const bits: WordBits = { formats, timesteps, ...words };
  const pixels = PIXEL_BITS * streamCycles(network).inputCycles;
  const sum = (amounts: (fold: Fold) => Amounts): number =>
    folds.reduce((total, fold) => total + fold.times * foldBits(fold, amounts(fold), bits), pixels);
  return {
    bits: (own) => sum((fold) => exactAmounts(fold, own)),
    least: (lanes, inputs) => sum((fold) => leastAmounts(fold, lanes, inputs)),
  };
}
