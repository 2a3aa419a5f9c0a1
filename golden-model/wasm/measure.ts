/** Figures of whole maps, for statistics. */
import { countBits } from './bits';

/** Set bits of `rows` rows. */
export function countSpikes(bits: usize, row: i32, channels: i32, rows: i32): i32 {
  let count: i32 = 0;
  for (let i = 0; i < rows; i++) count += countBits(bits + i * row, channels);
  return count;
}

/** Smallest or largest int32 of a number map, without its padding. */
@inline
function extreme(isLeast: bool, numbers: usize, row: i32, channels: i32, rows: i32): i32 {
  let best = v128.load_splat<i32>(numbers);
  for (let i = 0; i < rows; i++) {
    const start = numbers + i * row;
    let channel = 0;
    for (; channel + 4 <= channels; channel += 4) {
      const values = v128.load(start + ((channel as usize) << 2));
      best = isLeast ? i32x4.min_s(best, values) : i32x4.max_s(best, values);
    }
    for (; channel < channels; channel++) {
      const value = v128.load_splat<i32>(start + ((channel as usize) << 2));
      best = isLeast ? i32x4.min_s(best, value) : i32x4.max_s(best, value);
    }
  }
  const a = i32x4.extract_lane(best, 0);
  const b = i32x4.extract_lane(best, 1);
  const c = i32x4.extract_lane(best, 2);
  const d = i32x4.extract_lane(best, 3);
  return isLeast ? min(min(a, b), min(c, d)) : max(max(a, b), max(c, d));
}

export function leastNumber(numbers: usize, row: i32, channels: i32, rows: i32): i32 {
  return extreme(true, numbers, row, channels, rows);
}

export function largestNumber(numbers: usize, row: i32, channels: i32, rows: i32): i32 {
  return extreme(false, numbers, row, channels, rows);
}
