/** Weights to integers of B bits with a power of two as unit: q = floor(W * 2^e + 1/2), clamped symmetrically. */
import { SpikemillError } from '../errors.js';
import { floorLog2, roundHalfUp } from './rounding.js';

/** Exponents tried above the one at which the largest weight just fits; the larger ones clamp it. */
const CANDIDATES = 3;
const SMALLEST_EXPONENT = -128;
const LARGEST_EXPONENT = 127;

/** Largest integer weight: 2^(B-1) - 1. */
export function largestWeight(bits: number): number {
  return 2 ** (bits - 1) - 1;
}

/**
 * q of one weight.
 *
 * @param scale 2^e.
 */
export function quantizeWeight(weight: number, scale: number, largest: number): number {
  return Math.max(-largest, Math.min(largest, roundHalfUp(weight * scale)));
}

function squaredError(weights: Float64Array, exponent: number, largest: number): number {
  const scale = 2 ** exponent;
  let sum = 0;
  for (const weight of weights) {
    const error = weight - quantizeWeight(weight, scale, largest) / scale;
    sum += error * error;
  }
  return sum;
}

/**
 * The exponent that weights get together: of e0, e0 + 1, e0 + 2 the one with the least squared error, the first on
 * ties, where e0 = floor(log2((qmax + 1/2) / max|W|)) is the largest at which nothing is clamped. Weights so small that
 * int8 does not hold e0 + 2 are tried up to 127.
 *
 * @param weights all finite; one output's, or all of a layer.
 * @param where named in errors.
 * @returns 0 if all weights are 0.
 * @throws SpikemillError INVALID_TENSOR if the weights are too large for any exponent of int8.
 */
export function chooseExponent(weights: Float64Array, bits: number, where: string): number {
  const largest = largestWeight(bits);
  const magnitude = weights.reduce((most, w) => Math.max(most, Math.abs(w)), 0);
  if (magnitude === 0) return 0;
  const first = Math.min(floorLog2((largest + 0.5) / magnitude), LARGEST_EXPONENT);
  if (first < SMALLEST_EXPONENT) {
    throw new SpikemillError('INVALID_TENSOR', `the weights of ${where} are too large to quantize`, {
      where,
      expected: `below 2^${-SMALLEST_EXPONENT}`,
      actual: `${magnitude}`,
      suggestions: ['check the batch norm of this layer: a tiny running variance makes large weights'],
    });
  }
  let best = first;
  let leastError = Infinity;
  for (let exponent = first; exponent < first + CANDIDATES && exponent <= LARGEST_EXPONENT; exponent++) {
    const error = squaredError(weights, exponent, largest);
    if (error < leastError) {
      best = exponent;
      leastError = error;
    }
  }
  return best;
}
