/**
 * Channel block: two Linears at every token, C -> alpha * C -> C, each followed by a batch norm that runs over the
 * token index: y_n = a_n * (x_n - mean_n) + beta_n. All tokens share the weights, so this norm does not fold into them.
 *
 * fc1: a LIF follows, and a LIF does not change if its input and threshold are divided by the same positive number.
 * So the scale goes into a threshold for each token, and only its sign stays: exact, no multiplication.
 *
 * fc2: the result is added to h + tok, so the scale stays. It becomes m_n / 2^S with m_n a sum of at most D signed
 * powers of two: a few shifts and additions.
 */

import { convolveTimesteps } from '../arithmetic/accumulate.js';
import { align } from '../arithmetic/align.js';
import { checkpointBias, checkpointNorm, checkpointWeights } from '../arithmetic/batch-norm.js';
import { changeByOutput } from '../arithmetic/numbers.js';
import { roundLog2, roundToInt32 } from '../arithmetic/rounding.js';
import { signedDigits } from '../arithmetic/signed-digits.js';
import type { FloatCheckpoint } from '../checkpoint.js';
import type { BatchNorm, FoldedLayer } from '../folded-network.js';
import type { Layer } from '../network.js';
import type { FirstLinearTokens, NumberFormat, SecondLinearTokens } from '../quantized-network.js';
import { COMMON_RULE, COMMON_SHAPE, type LayerDefinition } from './definition.js';

/** |a_n| of a first Linear is raised to this: the threshold is 1 / |a_n|. */
const SMALLEST_SCALE = 2 ** -6;

/**
 * The power of two that moves from the token scales into the weights, so that the scales are near 1:
 * 2^round(log2 m), m the lower median of |a_n|; 1 if m is 0.
 */
export function movedPower(scale: Float64Array): number {
  const ascending = scale.map(Math.abs).sort();
  const lowerMedian = ascending[Math.floor((ascending.length - 1) / 2)]!;
  return lowerMedian === 0 ? 1 : 2 ** roundLog2(lowerMedian);
}

/** Moves the power of two P: a <- a / P, W <- W * P, b <- b * P, mean <- mean * P. Exact. */
function fold(checkpoint: FloatCheckpoint, layer: Layer): FoldedLayer {
  const { scale, mean, beta } = checkpointNorm(checkpoint, layer);
  const power = movedPower(scale);
  return {
    shape: layer.weightShape,
    weight: checkpointWeights(checkpoint, layer).map((w) => w * power),
    bias: checkpointBias(checkpoint, layer).map((b) => b * power),
    tokens: { scale: scale.map((a) => a / power), mean: mean.map((x) => x * power), beta },
  };
}

/** The norm as published, on values [T, token, channel]. */
export function normalizeTokens(values: Float64Array, channels: number, norm: BatchNorm): Float64Array {
  const { scale, mean, beta } = norm;
  const normalized = values.slice();
  changeByOutput(normalized, channels, scale.length, (x, n) => scale[n]! * (x - mean[n]!) + beta[n]!);
  return normalized;
}

/** |a_n| raised to the smallest scale, and sgn(a_n) with sgn(0) = +1. */
function signedScale(a: number): { size: number; sign: number } {
  return { size: Math.max(Math.abs(a), SMALLEST_SCALE), sign: a < 0 ? -1 : 1 };
}

/**
 * Threshold, bias and sign of each token of a first Linear, units 2^-F.
 *
 * @param name of the layer, for errors.
 */
export function quantizeFirstLinearTokens(name: string, norm: BatchNorm, format: NumberFormat): FirstLinearTokens {
  const { scale, mean, beta } = norm;
  const unit = 2 ** format.fractionBits;
  const bias = Int32Array.from(scale, (a, n) => {
    const { size, sign } = signedScale(a);
    return roundToInt32((beta[n]! / size - sign * mean[n]!) * unit, `${name}.token_bias`);
  });
  const theta2 = Int32Array.from(scale, (a) => roundToInt32((2 * unit) / signedScale(a).size, `${name}.token_theta2`));
  const negate = Uint8Array.from(scale, (a) => (a < 0 ? 1 : 0));
  return { bias, theta2, negate };
}

/** Current of a first Linear: I = (negate ? -J : J) + bias_n, J its own sum with its own bias. */
export function firstLinearCurrent(j: number, negate: number, tokenBias: number): number {
  return (negate === 1 ? -j : j) + tokenBias;
}

/**
 * Multiplier m_n and bias of each token of a second Linear. The bias is that of the rounded scale:
 * beta_n - (m_n / 2^S) * mean_n.
 *
 * @param name of the layer, for errors.
 * @param digits D, the most signed powers of two in a multiplier.
 */
export function quantizeSecondLinearTokens(
  name: string,
  norm: BatchNorm,
  format: NumberFormat,
  digits: number,
): SecondLinearTokens {
  const { scale, mean, beta } = norm;
  const scaleUnit = 2 ** format.scaleFractionBits;
  const multiplier = Int32Array.from(scale, (a) => {
    const sum = signedDigits(a * scaleUnit, digits).reduce((total, digit) => total + digit, 0);
    return roundToInt32(sum, `${name}.token_scale`);
  });
  const bias = Int32Array.from(multiplier, (m, n) => {
    return roundToInt32((beta[n]! - (m / scaleUnit) * mean[n]!) * 2 ** format.fractionBits, `${name}.token_bias`);
  });
  return { scale: multiplier, bias };
}

/** Product of a second Linear's y and its token multiplier; hardware shifts y by each digit of m and adds. */
export function secondLinearProduct(y: number, multiplier: number): number {
  return y * multiplier;
}

/** What a second Linear adds to h + tok: ((p + 2^(S-1)) >> S) + bias_n. */
export function secondLinearCurrent(product: number, scaleFractionBits: number, tokenBias: number): number {
  return align(product, -scaleFractionBits) + tokenBias;
}

export const fc1: LayerDefinition = {
  ...COMMON_SHAPE,
  fold,
  quantization: COMMON_RULE,
  accumulate: convolveTimesteps,
};

export const fc2: LayerDefinition = fc1;
