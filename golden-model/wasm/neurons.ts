/**
 * Neurons, 8 at a time: acc = v + I; fires if acc >= theta2; v' = fired ? 0 : max(acc >> 1, smallest).
 *
 * The membranes of a unit stand in 32 bytes of scratch memory; `membranes` also gets them, as int32, unless it is 0.
 * Both functions return the spikes as 8 bits.
 */

/** The largest sum that does not fire, in 16-bit lanes: `>` is one instruction, `>=` takes two. @param theta int32, not negative. */
@inline
export function belowTheta(theta: usize): v128 {
  return i16x8.sub(v128.load_splat<i16>(theta), i16x8.splat(1));
}

/** Any currents whose sum with the membrane fits int32. */
@inline
export function fireWide(low: v128, high: v128, theta: i32, smallest: i32, state: usize, membranes: usize): i32 {
  const thetas = i32x4.splat(theta);
  const floor = i32x4.splat(smallest);
  const accLow = i32x4.add(v128.load(state), low);
  const accHigh = i32x4.add(v128.load(state, 16), high);
  const firedLow = i32x4.ge_s(accLow, thetas);
  const firedHigh = i32x4.ge_s(accHigh, thetas);
  const nextLow = v128.andnot(i32x4.max_s(i32x4.shr_s(accLow, 1), floor), firedLow);
  const nextHigh = v128.andnot(i32x4.max_s(i32x4.shr_s(accHigh, 1), floor), firedHigh);
  v128.store(state, nextLow);
  v128.store(state, nextHigh, 16);
  if (membranes != 0) {
    v128.store(membranes, nextLow);
    v128.store(membranes, nextHigh, 16);
  }
  return i16x8.bitmask(i16x8.narrow_i32x4_s(firedLow, firedHigh));
}

/**
 * The same with 16-bit lanes. I and acc saturate, and no result changes if
 * - theta2 <= 32767 + smallest: what saturates above fires either way, and
 * - (-32768 + theta2 / 2) >> 1 <= smallest: what saturates below ends at smallest either way.
 */
@inline
export function fireNarrow(low: v128, high: v128, theta: i32, smallest: i32, state: usize, membranes: usize): i32 {
  const fired = fireShort(
    i16x8.narrow_i32x4_s(low, high), i16x8.splat(theta as i16), i16x8.splat(smallest as i16), state,
  );
  if (membranes != 0) {
    const next = v128.load(state);
    v128.store(membranes, i32x4.extend_low_i16x8_s(next));
    v128.store(membranes, i32x4.extend_high_i16x8_s(next), 16);
  }
  return fired;
}

/** Saturated 16-bit currents; the first half of the scratch memory is used. */
@inline
export function fireShort(current: v128, theta: v128, smallest: v128, state: usize): i32 {
  const acc = i16x8.add_sat_s(v128.load(state), current);
  const fired = i16x8.ge_s(acc, theta);
  v128.store(state, v128.andnot(i16x8.max_s(i16x8.shr_s(acc, 1), smallest), fired));
  return i16x8.bitmask(fired);
}
