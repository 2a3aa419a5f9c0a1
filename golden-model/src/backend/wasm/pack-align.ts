/** ALIGN and bias of a layer as its kernel wants them; see wasm/align.ts of this package. */
import type { QuantizedWeights } from '../../quantized-network.js';
import { unitCount } from './maps.js';
import { boundOutputs } from './pack-weights.js';

export interface PackedAlign {
  readonly alignMode: 0 | 1 | 2;
  readonly rightShift: number;
  /** By output; see Step.align. */
  readonly factors: Int32Array;
}

const INT32_LIMIT = 2 ** 31;
const LARGEST_SHIFT = 30;

/**
 * @param fractionBits F.
 * @param largestInput factor of the weights in a sum: 255 for pixels.
 */
export function packAlign(weights: QuantizedWeights, fractionBits: number, largestInput: number): PackedAlign {
  const bounds = boundOutputs(weights, largestInput);
  const shifts = Int32Array.from(weights.exponent, (e) => fractionBits - e);
  const rightShift = Math.max(0, -Math.min(...shifts));
  const rounding = rightShift > 0 ? 2 ** (rightShift - 1) : 0;
  const isSafe = bounds.every(({ min, max }, output) => {
    const factor = 2 ** (shifts[output]! + rightShift);
    const isFactor = factor <= 2 ** LARGEST_SHIFT;
    return isFactor && min * factor >= -INT32_LIMIT && max * factor + rounding < INT32_LIMIT;
  });
  if (!isSafe || rightShift > LARGEST_SHIFT) return { alignMode: 2, rightShift: 0, factors: shifts };
  const factors = shifts.map((s) => 2 ** (s + rightShift));
  return { alignMode: rightShift === 0 ? 0 : 1, rightShift, factors };
}

/** Factors and biases for 16-bit lanes. */
export interface ShortAlign {
  readonly factors: Int32Array;
  readonly bias: Int32Array;
}

const INT16_LIMIT = 2 ** 15;

export function fitsShort(value: number): boolean {
  return value >= -INT16_LIMIT && value < INT16_LIMIT;
}

/** null: some sum, product or aligned current can leave 16 bits. Weights whose inputs are spikes. */
export function packShortAlign(
  weights: QuantizedWeights,
  { alignMode, rightShift, factors }: PackedAlign,
): ShortAlign | null {
  if (alignMode === 2) return null;
  const { bias } = weights;
  const rounding = rightShift > 0 ? 2 ** (rightShift - 1) : 0;
  const isSafe = boundOutputs(weights, 1).every(({ min, max }, output) => {
    const ends = [min, max].map((sum) => sum * factors[output]! + rounding);
    const aligned = ends.map((end) => Math.floor(end / 2 ** rightShift) + bias[output]!);
    return [...ends, ...aligned, factors[output]!, bias[output]!].every(fitsShort);
  });
  return isSafe ? { factors, bias } : null;
}

const UNIT = 8;

/** One number for each output, padded to whole units. */
export function spreadOverChannels(values: Int32Array): Int32Array {
  const spread = new Int32Array(UNIT * unitCount(values.length));
  spread.set(values);
  return spread;
}

/** Axial layers: 16 channels share the number of their output. */
export function spreadOverLanes(values: Int32Array): Int32Array {
  const lanes = 2 * UNIT;
  return Int32Array.from({ length: lanes * values.length }, (_, i) => values[Math.floor(i / lanes)]!);
}
