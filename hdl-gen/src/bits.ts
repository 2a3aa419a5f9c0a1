/** Widths of integers, and the few integer functions that planning needs. */
import type { Range } from '@spikemill/golden-model';

/** Bits of the shortest unsigned number that holds 0..max; at least 1. `7` gives 3; `8` gives 4; `0` gives 1. */
export function unsignedBits(max: number): number {
  let bits = 1;
  while (max > 2 ** bits - 1) bits++;
  return bits;
}

/** The smallest range that holds all of the given ones. */
export function union(ranges: Iterable<Range>): Range {
  let min = Infinity;
  let max = -Infinity;
  for (const range of ranges) {
    min = Math.min(min, range.min);
    max = Math.max(max, range.max);
  }
  if (min > max) throw new RangeError('union of no ranges');
  return { min, max };
}

/** value modulo modulus, in 0..modulus-1, for a value of any sign. */
export function modulo(value: number, modulus: number): number {
  return ((value % modulus) + modulus) % modulus;
}

export function ceilDivide(dividend: number, divisor: number): number {
  return Math.ceil(dividend / divisor);
}

export function leastCommonMultiple(a: number, b: number): number {
  let [x, y] = [a, b];
  while (y !== 0) [x, y] = [y, x % y];
  return (a / x) * b;
}
