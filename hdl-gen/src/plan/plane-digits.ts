/** 8-bit weights as digits that lanes of fewer bits can add: planes of pixels and timesteps of the head on the spike array. */
import { rangeOf } from '@spikemill/golden-model';
import { ceilDivide } from '../bits.js';
import { PLANE_WEIGHT_BITS } from './formats.js';

/** Timesteps of the spike array that accumulate digits: one for each place of an 8-bit weight. */
export function planeLanes(weightBits: number): number {
  return ceilDivide(PLANE_WEIGHT_BITS, weightBits);
}

/**
 * Digits of an 8-bit weight, in the order in which their words lie in memory: places 0, 1, ... of 2^weightBits each, every
 * digit within -2^(weightBits-1) .. 2^(weightBits-1)-1; what is more than the highest place can hold is a last digit of the
 * same place. Example, 4 bits: 100 = 4 + 6 * 16 is [4, 6, 0], 127 = -1 + 8 * 16 is [-1, 7, 1].
 *
 * @param weight -128..127
 * @param weightBits of a lane, 2..8
 * @returns planeLanes(weightBits) + 1 digits.
 */
export function splitWeight(weight: number, weightBits: number): number[] {
  const [base, highest] = [2 ** weightBits, 2 ** (weightBits - 1) - 1];
  const places = planeLanes(weightBits);
  const digits: number[] = [];
  let rest = weight;
  for (let place = 0; place + 1 < places; place++) {
    const digit = ((((rest + base / 2) % base) + base) % base) - base / 2;
    digits.push(digit);
    rest = (rest - digit) / base;
  }
  const top = Math.min(rest, highest);
  return [...digits, top, rest - top];
}

/** The digits of all weights, one array for each of the first `count`; see splitWeight. */
export function splitWeights(weights: Int8Array, count: number, weightBits: number): Int8Array[] {
  const parts = Array.from({ length: count }, () => new Int8Array(weights.length));
  for (const [i, weight] of weights.entries()) {
    const digits = splitWeight(weight, weightBits);
    for (const [digit, part] of parts.entries()) part[i] = digits[digit]!;
  }
  return parts;
}

/** Digits that a layer's weights need: one more than there are places if a weight is beyond them. */
export function digitsOf(weights: Int8Array, weightBits: number): number {
  const places = planeLanes(weightBits);
  const largest = rangeOf(weights).max;
  return splitWeight(largest, weightBits)[places] === 0 ? places : places + 1;
}
