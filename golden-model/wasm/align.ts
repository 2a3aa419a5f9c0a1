/**
 * ALIGN of 4 sums: floor(sum * 2^s + 1/2) with an s for each output.
 *
 * WebAssembly shifts all lanes by one amount, so a vector is first multiplied by 2^(s + r), r the largest right shift of
 * the layer, and then shifted right by r with rounding: floor((sum * 2^(s + r) + 2^(r - 1)) / 2^r), the same number.
 * The host chooses this only where the static bounds keep the product within int32 (mode 1), or r is 0 (mode 0).
 */
import { Step } from './step';

/** ALIGN as the specification writes it. */
function alignOne(sum: i32, shift: i32): i32 {
  if (shift >= 0) return sum << shift;
  if (shift <= -31) return 0;
  return (sum + (1 << (-shift - 1))) >> -shift;
}

/** Mode 2: any exponents. */
function alignEach(sums: v128, shifts: v128): v128 {
  let aligned = i32x4.splat(alignOne(i32x4.extract_lane(sums, 0), i32x4.extract_lane(shifts, 0)));
  aligned = i32x4.replace_lane(aligned, 1, alignOne(i32x4.extract_lane(sums, 1), i32x4.extract_lane(shifts, 1)));
  aligned = i32x4.replace_lane(aligned, 2, alignOne(i32x4.extract_lane(sums, 2), i32x4.extract_lane(shifts, 2)));
  return i32x4.replace_lane(aligned, 3, alignOne(i32x4.extract_lane(sums, 3), i32x4.extract_lane(shifts, 3)));
}

/** @param factors as Step.align. */
@inline
export function align(mode: i32, sums: v128, factors: v128, rounding: v128, rightShift: i32): v128 {
  if (mode == 2) return alignEach(sums, factors);
  const product = i32x4.mul(sums, factors);
  return mode == 0 ? product : i32x4.shr_s(i32x4.add(product, rounding), rightShift);
}
