/**
 * From 16-bit sums to spikes in 16 bits, all timesteps of a token at a time: ALIGN, bias, batch norm over tokens, what is
 * added, neurons. Membranes stay in a register from timestep to timestep. Only number maps may have 32 bits.
 *
 * What is added may saturate, in favour of the same spike: see neurons.ts and src/backend/wasm/short-maps.ts.
 */
import { clearSurplus } from './finish';
import { belowTheta } from './neurons';
import { Step } from './step';

/**
 * What follows ALIGN: maps of 16 bits, which may be added or written; maps of any width; sign and bias of the batch norm
 * over tokens, which may saturate too; its scale and bias, and then a map of 16 bits.
 */
const SHORT_MAPS = 0;
const ANY_MAPS = 1;
const SIGN = 2;
const SCALE = 3;

/** Fractional bits of the scale, S: the default one is compiled in; any other is not short. */
const SCALE_SHIFT = 4;

/** Right shifts of ALIGN: none, by one, any. */
const BY_NONE = 0;
const BY_ONE = 1;
const BY_ANY = 2;

@inline
function areMapsShort(step: Step): bool {
  return (step.residual == 0 || step.residualShort != 0) && (step.current == 0 || step.currentShort != 0);
}

/** Whether the layer may be finished here. */
export function isAllShort(step: Step): bool {
  if (step.shortAlign == 0 || step.membranes != 0) return false;
  if (step.tokenScale == 0) return true;
  if (step.shortTokens == 0 || step.current != 0 || step.theta == 0) return false;
  return step.scaleShift == 0 ? step.residual == 0 : step.residual != 0 && step.residualShort != 0;
}

/** (lanes * scale + 8) >> 4 in 32 bits, which fits 16 again. @param scale pairs of the scale and the 8. */
@inline
function scaleLanes(lanes: v128, scale: v128): v128 {
  const ones = i16x8.splat(1);
  const low = i8x16.shuffle(lanes, ones, 0, 1, 16, 17, 2, 3, 18, 19, 4, 5, 20, 21, 6, 7, 22, 23);
  const high = i8x16.shuffle(lanes, ones, 8, 9, 24, 25, 10, 11, 26, 27, 12, 13, 28, 29, 14, 15, 30, 31);
  return i16x8.narrow_i32x4_s(
    i32x4.shr_s(i32x4.dot_i16x8_s(low, scale), SCALE_SHIFT), i32x4.shr_s(i32x4.dot_i16x8_s(high, scale), SCALE_SHIFT),
  );
}

/** The sum with what is added, saturated; stored as it is. An address is 0 where nothing is added or stored. */
@inline
function addWide(lanes: v128, residual: usize, residualShort: i32, current: usize, currentShort: i32): v128 {
  let low = i32x4.extend_low_i16x8_s(lanes);
  let high = i32x4.extend_high_i16x8_s(lanes);
  if (residual != 0) {
    low = i32x4.add(low, residualShort ? v128.load_ext<i16>(residual) : v128.load(residual));
    high = i32x4.add(high, residualShort ? v128.load_ext<i16>(residual, 8) : v128.load(residual, 16));
  }
  const sum = i16x8.narrow_i32x4_s(low, high);
  if (current != 0) {
    if (currentShort) v128.store(current, sum);
    else {
      v128.store(current, low);
      v128.store(current, high, 16);
    }
  }
  return sum;
}

/** Template: `shift` and `form` are constants of the lists above. Parameters: finishTimesteps. */
@inline
function finishUnits(
  shift: i32, form: i32, step: Step, token: i32, firstUnit: i32, units: i32, sumsTime: i32,
): void {
  const timesteps = step.timesteps;
  const rightShift = step.rightShift;
  const half: i32 = shift == BY_NONE ? 0 : shift == BY_ONE ? 1 : 1 << (rightShift - 1);
  const rounding = i16x8.splat(half as i16);
  let scale = i16x8.splat(0);
  let tokenBias = i16x8.splat(0);
  if (form == SIGN) scale = v128.load_splat<i16>(step.tokenScale + ((token as usize) << 2));
  if (form == SCALE) {
    const factor = load<i32>(step.tokenScale + ((token as usize) << 2));
    scale = i32x4.splat((factor & 0xffff) | ((1 << (SCALE_SHIFT - 1)) << 16));
  }
  if (form >= SIGN) tokenBias = v128.load_splat<i16>(step.tokenBias + ((token as usize) << 2));
  const isFiring: bool = form >= SIGN || step.theta != 0;
  const below = isFiring ? belowTheta(step.theta + token * step.thetaStep) : i16x8.splat(0);
  const smallest = i16x8.splat(step.smallest as i16);
  const residualShort = step.residualShort;
  const currentShort = step.currentShort;
  const residualTime = step.residualTime >> residualShort;
  const currentTime = step.currentTime >> currentShort;
  const spikesTime = step.spikesTime;
  const hasResidual: bool = form == SCALE || (form != SIGN && step.residual != 0);
  const hasCurrent: bool = form < SIGN && step.current != 0;
  let factors = step.shortAlign + (firstUnit << 4);
  let bias = step.shortBias + (firstUnit << 4);
  let residuals = step.residual + ((token * step.residualRow + (firstUnit << 5)) >> residualShort);
  let currents = step.current + ((token * step.currentRow + (firstUnit << 5)) >> currentShort);
  let bytes = step.spikes + token * step.spikesRow + firstUnit;
  let from = step.sums;
  for (let unit = 0; unit < units; unit++) {
    const factor = v128.load(factors);
    const offset = v128.load(bias);
    let sums = from;
    let residual = residuals;
    let current = currents;
    let spikes = bytes;
    let state = i16x8.splat(0);
    for (let t = 0; t < timesteps; t++) {
      let lanes = i16x8.mul(v128.load(sums), factor);
      if (shift == BY_ONE) lanes = i16x8.shr_s(i16x8.add(lanes, rounding), 1);
      if (shift == BY_ANY) lanes = i16x8.shr_s(i16x8.add(lanes, rounding), rightShift);
      lanes = i16x8.add(lanes, offset);
      if (form == SIGN) lanes = i16x8.add_sat_s(i16x8.mul(lanes, scale), tokenBias);
      if (form == SCALE) lanes = i16x8.add(scaleLanes(lanes, scale), tokenBias);
      if (form == ANY_MAPS) {
        lanes = addWide(lanes, hasResidual ? residual : 0, residualShort, hasCurrent ? current : 0, currentShort);
      } else {
        if (hasResidual) lanes = i16x8.add_sat_s(lanes, v128.load(residual));
        if (hasCurrent) v128.store(current, lanes);
      }
      if (isFiring) {
        const acc = i16x8.add_sat_s(state, lanes);
        const fired = i16x8.gt_s(acc, below);
        state = v128.andnot(i16x8.max_s(i16x8.shr_s(acc, 1), smallest), fired);
        store<u8>(spikes, i16x8.bitmask(fired));
      }
      sums += sumsTime;
      residual += residualTime;
      current += currentTime;
      spikes += spikesTime;
    }
    factors += 16;
    bias += 16;
    residuals += 32 >> residualShort;
    currents += 32 >> currentShort;
    bytes += 1;
    from += 16;
  }
  if (!isFiring) return;
  for (let t = 0; t < timesteps; t++) {
    clearSurplus(step, bytes, firstUnit + units);
    bytes += spikesTime;
  }
}

/** One function for each form keeps each of them small enough to be compiled well. */
function finishShortMaps(step: Step, token: i32, firstUnit: i32, units: i32, sumsTime: i32): void {
  if (step.rightShift == 0) finishUnits(BY_NONE, SHORT_MAPS, step, token, firstUnit, units, sumsTime);
  else if (step.rightShift == 1) finishUnits(BY_ONE, SHORT_MAPS, step, token, firstUnit, units, sumsTime);
  else finishUnits(BY_ANY, SHORT_MAPS, step, token, firstUnit, units, sumsTime);
}

function finishAnyMaps(step: Step, token: i32, firstUnit: i32, units: i32, sumsTime: i32): void {
  if (step.rightShift == 0) finishUnits(BY_NONE, ANY_MAPS, step, token, firstUnit, units, sumsTime);
  else if (step.rightShift == 1) finishUnits(BY_ONE, ANY_MAPS, step, token, firstUnit, units, sumsTime);
  else finishUnits(BY_ANY, ANY_MAPS, step, token, firstUnit, units, sumsTime);
}

function finishWithSign(step: Step, token: i32, firstUnit: i32, units: i32, sumsTime: i32): void {
  if (step.rightShift == 0) finishUnits(BY_NONE, SIGN, step, token, firstUnit, units, sumsTime);
  else if (step.rightShift == 1) finishUnits(BY_ONE, SIGN, step, token, firstUnit, units, sumsTime);
  else finishUnits(BY_ANY, SIGN, step, token, firstUnit, units, sumsTime);
}

function finishWithScale(step: Step, token: i32, firstUnit: i32, units: i32, sumsTime: i32): void {
  if (step.rightShift == 0) finishUnits(BY_NONE, SCALE, step, token, firstUnit, units, sumsTime);
  else if (step.rightShift == 1) finishUnits(BY_ONE, SCALE, step, token, firstUnit, units, sumsTime);
  else finishUnits(BY_ANY, SCALE, step, token, firstUnit, units, sumsTime);
}

/**
 * Finishes `units` units of one token at all timesteps. Their sums stand at Step.sums.
 *
 * @param sumsTime bytes from timestep to timestep.
 */
export function finishTimesteps(step: Step, token: i32, firstUnit: i32, units: i32, sumsTime: i32): void {
  if (step.tokenScale != 0) {
    if (step.scaleShift == 0) finishWithSign(step, token, firstUnit, units, sumsTime);
    else finishWithScale(step, token, firstUnit, units, sumsTime);
  } else if (areMapsShort(step)) finishShortMaps(step, token, firstUnit, units, sumsTime);
  else finishAnyMaps(step, token, firstUnit, units, sumsTime);
}
