/**
 * From sums of weights to spikes, in 32 bits, one timestep at a time: ALIGN, bias, batch norm over tokens, what is added,
 * neurons. It serves where finish-short.ts does not: for layers that can leave 16 bits, and where values are watched.
 */
import { alignEach } from './align';
import { fireNarrow, fireWide } from './neurons';
import { Step } from './step';

/** How the sums of a call are brought to the common unit. */
const FROM_WIDE = 0; // int32 sums
const FROM_NARROW = 1; // int16 sums
const ALIGNED = 2; // int32, aligned already

/** Membranes of `units` units to 0. */
@inline
export function clearState(state: usize, units: i32): void {
  const end = state + (units << 5);
  while (state < end) {
    v128.store(state, i32x4.splat(0));
    state += 16;
  }
}

/**
 * Template: what is constant at a call is compiled in or left out.
 *
 * @param from one of the three above.
 * @param isShifted ALIGN has a right shift.
 */
@inline
function finishUnits(
  from: i32,
  isShifted: bool,
  isNarrow: bool,
  step: Step,
  token: i32,
  t: i32,
  firstUnit: i32,
  units: i32,
  sums: usize,
  output: i32,
  state: usize,
): void {
  let factors: usize = step.align + (output << 5);
  let bias: usize = step.bias + (output << 5);
  const rightShift = step.rightShift;
  const rounding = i32x4.splat(isShifted ? 1 << (rightShift - 1) : 0);
  const hasTokens = step.tokenScale != 0;
  let scale = i32x4.splat(0);
  let tokenBias = i32x4.splat(0);
  let scaleRounding = i32x4.splat(0);
  const scaleShift = step.scaleShift;
  if (hasTokens) {
    scale = v128.load_splat<i32>(step.tokenScale + ((token as usize) << 2));
    tokenBias = v128.load_splat<i32>(step.tokenBias + ((token as usize) << 2));
    scaleRounding = i32x4.splat(scaleShift > 0 ? 1 << (scaleShift - 1) : 0);
  }
  const first = firstUnit << 5;
  let residual: usize = step.residual;
  const hasResidual = residual != 0;
  const residualShort = step.residualShort;
  if (hasResidual) residual += (token * step.residualRow + t * step.residualTime + first) >> residualShort;
  let current: usize = step.current;
  const hasCurrent = current != 0;
  const currentShort = step.currentShort;
  if (hasCurrent) current += (token * step.currentRow + t * step.currentTime + first) >> currentShort;
  let membranes: usize = step.membranes;
  if (membranes != 0) membranes += token * step.membranesRow + t * step.membranesTime + first;
  const isFiring = step.theta != 0;
  const theta: i32 = isFiring ? load<i32>(step.theta + token * step.thetaStep) : 0;
  const smallest = step.smallest;
  let spikes: usize = step.spikes;
  if (isFiring) spikes += token * step.spikesRow + t * step.spikesTime + firstUnit;

  for (let unit = 0; unit < units; unit++) {
    let low: v128;
    let high: v128;
    if (from == FROM_NARROW) {
      low = v128.load_ext<i16>(sums);
      high = v128.load_ext<i16>(sums, 8);
      sums += 16;
    } else {
      low = v128.load(sums);
      high = v128.load(sums, 16);
      sums += 32;
    }
    if (from != ALIGNED) {
      low = i32x4.mul(low, v128.load(factors));
      high = i32x4.mul(high, v128.load(factors, 16));
      factors += 32;
      if (isShifted) {
        low = i32x4.shr_s(i32x4.add(low, rounding), rightShift);
        high = i32x4.shr_s(i32x4.add(high, rounding), rightShift);
      }
    }
    low = i32x4.add(low, v128.load(bias));
    high = i32x4.add(high, v128.load(bias, 16));
    bias += 32;
    if (hasTokens) {
      low = i32x4.add(i32x4.shr_s(i32x4.add(i32x4.mul(low, scale), scaleRounding), scaleShift), tokenBias);
      high = i32x4.add(i32x4.shr_s(i32x4.add(i32x4.mul(high, scale), scaleRounding), scaleShift), tokenBias);
    }
    if (hasResidual) {
      if (residualShort) {
        low = i32x4.add(low, v128.load_ext<i16>(residual));
        high = i32x4.add(high, v128.load_ext<i16>(residual, 8));
      } else {
        low = i32x4.add(low, v128.load(residual));
        high = i32x4.add(high, v128.load(residual, 16));
      }
      residual += 32 >> residualShort;
    }
    if (hasCurrent) {
      if (currentShort) v128.store(current, i16x8.narrow_i32x4_s(low, high));
      else {
        v128.store(current, low);
        v128.store(current, high, 16);
      }
      current += 32 >> currentShort;
    }
    if (!isFiring) continue;
    const fired = isNarrow
      ? fireNarrow(low, high, theta, smallest, state, membranes)
      : fireWide(low, high, theta, smallest, state, membranes);
    store<u8>(spikes, fired);
    spikes += 1;
    state += 32;
    if (membranes != 0) membranes += 32;
  }
  if (isFiring) clearSurplus(step, spikes, firstUnit + units);
}

/** Lanes behind the last channel may have fired too. @param spikes behind the last byte. */
@inline
export function clearSurplus(step: Step, spikes: usize, endUnit: i32): void {
  const surplus = (endUnit << 3) - step.outputs;
  if (surplus > 0) store<u8>(spikes - 1, (load<u8>(spikes - 1) as i32) & (0xff >> surplus));
}

/**
 * Finishes `units` units (8 channels each) of one token at one timestep.
 *
 * @param sums int16 for each channel, or int32 if isWide.
 * @param output unit of Step.align and Step.bias that the first channel has.
 * @param state membranes of these channels, kept from timestep to timestep: 32 bytes for each unit, 0 before the first.
 */
export function finish(
  step: Step,
  token: i32,
  t: i32,
  firstUnit: i32,
  units: i32,
  sums: usize,
  isWide: bool,
  output: i32,
  state: usize,
): void {
  const isShifted = step.rightShift > 0;
  if (step.alignMode == 2) {
    alignEach(sums, isWide, step.align + (output << 5), step.aligned, units << 3);
    if (step.narrow) finishUnits(ALIGNED, false, true, step, token, t, firstUnit, units, step.aligned, output, state);
    else finishUnits(ALIGNED, false, false, step, token, t, firstUnit, units, step.aligned, output, state);
  } else if (isWide) {
    if (step.narrow) finishUnits(FROM_WIDE, isShifted, true, step, token, t, firstUnit, units, sums, output, state);
    else finishUnits(FROM_WIDE, isShifted, false, step, token, t, firstUnit, units, sums, output, state);
  } else {
    if (step.narrow) finishUnits(FROM_NARROW, isShifted, true, step, token, t, firstUnit, units, sums, output, state);
    else finishUnits(FROM_NARROW, isShifted, false, step, token, t, firstUnit, units, sums, output, state);
  }
}
