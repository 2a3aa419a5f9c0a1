/** From sums of weights to spikes: ALIGN, bias, batch norm over tokens, what is added, neurons. */
import { alignEach } from './align';
import { fireNarrow, fireShort, fireWide } from './neurons';
import { Step } from './step';

/** How the sums of a call are brought to the common unit. */
const FROM_WIDE = 0; // int32 sums, in int32
const FROM_NARROW = 1; // int16 sums, in int32
const SHORT = 2; // int16 sums, in int16: Step.shortAlign
const ALIGNED = 3; // int32, aligned already

const ANYTHING = 0;
const SPIKES = 1;
const SPIKES_AND_CURRENT = 2;

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
 * @param from one of the four above.
 * @param isShifted ALIGN has a right shift.
 * @param writes ANYTHING, or what the layer is known to write beside its spikes, while something is added to it.
 */
@inline
function finishUnits(
  from: i32,
  isShifted: bool,
  hasTokens: bool,
  isNarrow: bool,
  writes: i32,
  step: Step,
  token: i32,
  t: i32,
  firstUnit: i32,
  units: i32,
  sums: usize,
  output: i32,
  state: usize,
): void {
  const isShort = from == SHORT;
  let factors: usize = isShort ? step.shortAlign + (output << 4) : step.align + (output << 5);
  let bias: usize = isShort ? step.shortBias + (output << 4) : step.bias + (output << 5);
  const rightShift = step.rightShift;
  const half: i32 = isShifted ? 1 << (rightShift - 1) : 0;
  const rounding = isShort ? i16x8.splat(half as i16) : i32x4.splat(half);
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
  const hasResidual: bool = writes != ANYTHING || residual != 0;
  if (hasResidual) residual += token * step.residualRow + t * step.residualTime + first;
  let current: usize = step.current;
  const hasCurrent: bool = writes == ANYTHING ? current != 0 : writes == SPIKES_AND_CURRENT;
  if (hasCurrent) current += token * step.currentRow + t * step.currentTime + first;
  let membranes: usize = writes == ANYTHING ? step.membranes : 0;
  if (membranes != 0) membranes += token * step.membranesRow + t * step.membranesTime + first;
  const isFiring: bool = writes != ANYTHING || step.theta != 0;
  const theta: i32 = isFiring ? load<i32>(step.theta + token * step.thetaStep) : 0;
  const smallest = step.smallest;
  let spikes: usize = step.spikes;
  if (isFiring) spikes += token * step.spikesRow + t * step.spikesTime + firstUnit;

  for (let unit = 0; unit < units; unit++) {
    let low: v128;
    let high: v128;
    if (isShort) {
      let both = i16x8.mul(v128.load(sums), v128.load(factors));
      if (isShifted) both = i16x8.shr_s(i16x8.add(both, rounding), rightShift);
      both = i16x8.add(both, v128.load(bias));
      low = i32x4.extend_low_i16x8_s(both);
      high = i32x4.extend_high_i16x8_s(both);
      sums += 16;
      factors += 16;
      bias += 16;
    } else {
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
    }
    if (hasTokens) {
      low = i32x4.add(i32x4.shr_s(i32x4.add(i32x4.mul(low, scale), scaleRounding), scaleShift), tokenBias);
      high = i32x4.add(i32x4.shr_s(i32x4.add(i32x4.mul(high, scale), scaleRounding), scaleShift), tokenBias);
    }
    if (hasResidual) {
      low = i32x4.add(low, v128.load(residual));
      high = i32x4.add(high, v128.load(residual, 16));
      residual += 32;
    }
    if (hasCurrent) {
      v128.store(current, low);
      v128.store(current, high, 16);
      current += 32;
    }
    if (!isFiring) continue;
    const fired = isNarrow
      ? fireNarrow(low, high, theta, smallest, state, membranes)
      : fireWide(low, high, theta, smallest, state, membranes);
    store<u8>(spikes, fired);
    spikes += 1;
    state += 32;
    if (writes == ANYTHING && membranes != 0) membranes += 32;
  }
  if (isFiring) clearSurplus(step, spikes, firstUnit + units);
}

/** Lanes behind the last channel may have fired too. @param spikes behind the last byte. */
@inline
function clearSurplus(step: Step, spikes: usize, endUnit: i32): void {
  const surplus = (endUnit << 3) - step.outputs;
  if (surplus > 0) store<u8>(spikes - 1, (load<u8>(spikes - 1) as i32) & (0xff >> surplus));
}

/**
 * Template for layers that only fire, all in 16 bits. Of the batch norm over tokens only sign and bias, and the bias is
 * added with saturation: what saturates does so in favour of the same spike (see neurons.ts).
 */
@inline
function finishShort(
  isShifted: bool,
  hasTokens: bool,
  step: Step,
  token: i32,
  t: i32,
  firstUnit: i32,
  units: i32,
  sums: usize,
  output: i32,
  state: usize,
): void {
  let factors = step.shortAlign + (output << 4);
  let bias = step.shortBias + (output << 4);
  const rightShift = step.rightShift;
  const half: i32 = isShifted ? 1 << (rightShift - 1) : 0;
  const rounding = i16x8.splat(half as i16);
  let sign = i16x8.splat(0);
  let tokenBias = i16x8.splat(0);
  if (hasTokens) {
    sign = v128.load_splat<i16>(step.tokenScale + ((token as usize) << 2));
    tokenBias = v128.load_splat<i16>(step.tokenBias + ((token as usize) << 2));
  }
  const theta = v128.load_splat<i16>(step.theta + token * step.thetaStep);
  const smallest = i16x8.splat(step.smallest as i16);
  let spikes = step.spikes + token * step.spikesRow + t * step.spikesTime + firstUnit;
  for (let unit = 0; unit < units; unit++) {
    let current = i16x8.mul(v128.load(sums), v128.load(factors));
    if (isShifted) current = i16x8.shr_s(i16x8.add(current, rounding), rightShift);
    current = i16x8.add(current, v128.load(bias));
    if (hasTokens) current = i16x8.add_sat_s(i16x8.mul(current, sign), tokenBias);
    store<u8>(spikes, fireShort(current, theta, smallest, state));
    sums += 16;
    factors += 16;
    bias += 16;
    state += 32;
    spikes += 1;
  }
  clearSurplus(step, spikes, firstUnit + units);
}

/** Layers that align in 16 bits and add in 32. */
function finishPartlyShort(
  step: Step, token: i32, t: i32, firstUnit: i32, units: i32, sums: usize, output: i32, state: usize,
): void {
  const hasTokens = step.tokenScale != 0;
  const isShifted = step.rightShift > 0;
  if (step.residual == 0 || step.theta == 0 || step.membranes != 0) {
    finishUnits(SHORT, isShifted, hasTokens, true, ANYTHING, step, token, t, firstUnit, units, sums, output, state);
  } else if (step.current == 0) {
    if (!hasTokens) finishUnits(SHORT, isShifted, false, true, SPIKES, step, token, t, firstUnit, units, sums, output, state);
    else if (isShifted) finishUnits(SHORT, true, true, true, SPIKES, step, token, t, firstUnit, units, sums, output, state);
    else finishUnits(SHORT, false, true, true, SPIKES, step, token, t, firstUnit, units, sums, output, state);
  } else if (isShifted) {
    finishUnits(SHORT, true, hasTokens, true, SPIKES_AND_CURRENT, step, token, t, firstUnit, units, sums, output, state);
  } else {
    if (hasTokens) finishUnits(SHORT, false, true, true, SPIKES_AND_CURRENT, step, token, t, firstUnit, units, sums, output, state);
    else finishUnits(SHORT, false, false, true, SPIKES_AND_CURRENT, step, token, t, firstUnit, units, sums, output, state);
  }
}

/** Whether nothing but spikes is wanted of a layer that computes in 16 bits. */
@inline
export function isSpikesOnly(step: Step): bool {
  const isSigned = step.tokenScale == 0 || step.scaleShift == 0;
  return (
    step.shortAlign != 0 && isSigned && step.theta != 0 && step.residual == 0 && step.current == 0 && step.membranes == 0
  );
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
  const hasTokens = step.tokenScale != 0;
  const isShifted = step.rightShift > 0;
  if (step.alignMode == 2) {
    alignEach(sums, isWide, step.align + (output << 5), step.aligned, units << 3);
    if (step.narrow) {
      finishUnits(ALIGNED, false, hasTokens, true, ANYTHING, step, token, t, firstUnit, units, step.aligned, output, state);
    } else {
      finishUnits(ALIGNED, false, hasTokens, false, ANYTHING, step, token, t, firstUnit, units, step.aligned, output, state);
    }
  } else if (isWide) {
    if (step.narrow) {
      finishUnits(FROM_WIDE, isShifted, hasTokens, true, ANYTHING, step, token, t, firstUnit, units, sums, output, state);
    } else {
      finishUnits(FROM_WIDE, isShifted, hasTokens, false, ANYTHING, step, token, t, firstUnit, units, sums, output, state);
    }
  } else if (isSpikesOnly(step)) {
    if (isShifted) {
      if (hasTokens) finishShort(true, true, step, token, t, firstUnit, units, sums, output, state);
      else finishShort(true, false, step, token, t, firstUnit, units, sums, output, state);
    } else {
      if (hasTokens) finishShort(false, true, step, token, t, firstUnit, units, sums, output, state);
      else finishShort(false, false, step, token, t, firstUnit, units, sums, output, state);
    }
  } else if (step.shortAlign != 0) {
    finishPartlyShort(step, token, t, firstUnit, units, sums, output, state);
  } else if (step.narrow) {
    finishUnits(FROM_NARROW, isShifted, hasTokens, true, ANYTHING, step, token, t, firstUnit, units, sums, output, state);
  } else {
    finishUnits(FROM_NARROW, isShifted, hasTokens, false, ANYTHING, step, token, t, firstUnit, units, sums, output, state);
  }
}
