/**
 * ALIGN: floor(sum * 2^s + 1/2) with an s for each output.
 *
 * WebAssembly shifts all lanes by one amount, so a vector is first multiplied by 2^(s + r), r the largest right shift of
 * the layer, and then shifted right by r with rounding: floor((sum * 2^(s + r) + 2^(r - 1)) / 2^r), the same number.
 * The host chooses this only where the static bounds keep the product within int32 (mode 1), or r is 0 (mode 0). Any
 * other exponents are mode 2: one lane after the other.
 */

/** ALIGN as the specification writes it. */
function alignOne(sum: i32, shift: i32): i32 {
  if (shift >= 0) return sum << shift;
  if (shift <= -31) return 0;
  return (sum + (1 << (-shift - 1))) >> -shift;
}

/** Mode 2: aligns `count` sums into `aligned`, int32 each. */
export function alignEach(sums: usize, isWide: bool, shifts: usize, aligned: usize, count: i32): void {
  for (let i: usize = 0; i < (count as usize); i++) {
    const sum: i32 = isWide ? load<i32>(sums + (i << 2)) : load<i16>(sums + (i << 1));
    store<i32>(aligned + (i << 2), alignOne(sum, load<i32>(shifts + (i << 2))));
  }
}
