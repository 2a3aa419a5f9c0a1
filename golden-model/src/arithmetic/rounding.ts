/** Exact roundings of binary64 numbers. `Math.floor(x + 0.5)` and `Math.floor(Math.log2(x))` are not: both round twice. */
import { SpikemillError } from '../errors.js';

/** floor(x + 1/2) as on paper: halves go up, also the negative ones; never -0. */
export function roundHalfUp(x: number): number {
  const below = Math.floor(x);
  return x - below >= 0.5 ? below + 1 : below + 0;
}

/**
 * `roundHalfUp` of a number that is stored in 32 bits.
 *
 * @param where named in the error.
 * @throws SpikemillError INVALID_TENSOR if it does not fit, or is not a number.
 */
export function roundToInt32(x: number, where: string): number {
  const rounded = roundHalfUp(x);
  if (rounded >= -(2 ** 31) && rounded < 2 ** 31) return rounded;
  throw new SpikemillError('INVALID_TENSOR', `a value of ${where} does not fit 32 bits`, {
    where,
    expected: 'between -2^31 and 2^31 - 1',
    actual: `${rounded}`,
    suggestions: ['check the batch norm of this layer', 'quantize with fewer fractional bits'],
  });
}

const float64 = new DataView(new ArrayBuffer(8));

/** floor(log2(x)) of a finite x > 0, read from the bits of the number. */
export function floorLog2(x: number): number {
  const SMALLEST_NORMAL = 2 ** -1022;
  if (x < SMALLEST_NORMAL) return floorLog2(x * 2 ** 52) - 52;
  float64.setFloat64(0, x);
  return ((float64.getUint16(0) >> 4) & 0x7ff) - 1023;
}

/** round(log2(x)) of a finite x > 0. A tie would need a power of two times the square root of two: there is none. */
export function roundLog2(x: number): number {
  const exponent = floorLog2(x);
  return x / 2 ** exponent >= Math.SQRT2 ? exponent + 1 : exponent;
}
