/** Closed integer interval. */
export interface Range {
  readonly min: number;
  readonly max: number;
}

/** The smallest range that holds all values; min > max if there are none. */
export function rangeOf(values: ArrayLike<number>): Range {
  let min = Infinity;
  let max = -Infinity;
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (value < min) min = value;
    if (value > max) max = value;
  }
  return { min, max };
}

/** Bits of the shortest two's complement number that holds every integer of the range. `{-8, 7}` gives 4; `{0, 0}` 1. */
export function signedBits({ min, max }: Range): number {
  let bits = 1;
  while (min < -(2 ** (bits - 1)) || max > 2 ** (bits - 1) - 1) bits++;
  return bits;
}
