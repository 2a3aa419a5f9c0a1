/** From sums of weights to spikes: ALIGN, bias, batch norm over tokens, what is added, neurons. */
import { align } from './align';
import { fireNarrow, fireWide } from './neurons';
import { Step } from './step';

/**
 * Finishes `units` units (8 channels each) of one token at one timestep.
 *
 * @param sums int16 for each channel, or int32 if isWide.
 * @param factors, bias for these channels; see Step.align.
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
  factors: usize,
  bias: usize,
  state: usize,
): void {
  const mode = step.alignMode;
  const rightShift = step.rightShift;
  const rounding = i32x4.splat(rightShift > 0 ? 1 << (rightShift - 1) : 0);
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
  if (residual != 0) residual += token * step.residualRow + t * step.residualTime + first;
  let current: usize = step.current;
  if (current != 0) current += token * step.currentRow + t * step.currentTime + first;
  let membranes: usize = step.membranes;
  if (membranes != 0) membranes += token * step.membranesRow + t * step.membranesTime + first;
  const isFiring = step.theta != 0;
  const theta: i32 = isFiring ? load<i32>(step.theta + token * step.thetaStep) : 0;
  let spikes: usize = step.spikes;
  if (isFiring) spikes += token * step.spikesRow + t * step.spikesTime + firstUnit;
  const isNarrow = step.narrow != 0;
  const lastUnit = ((step.outputs + 7) >> 3) - 1 - firstUnit;
  const lastMask: i32 = 0xff >> ((8 - (step.outputs & 7)) & 7);

  for (let unit = 0; unit < units; unit++) {
    let low: v128;
    let high: v128;
    if (isWide) {
      low = v128.load(sums);
      high = v128.load(sums, 16);
      sums += 32;
    } else {
      low = v128.load_ext<i16>(sums);
      high = v128.load_ext<i16>(sums, 8);
      sums += 16;
    }
    low = i32x4.add(align(mode, low, v128.load(factors), rounding, rightShift), v128.load(bias));
    high = i32x4.add(align(mode, high, v128.load(factors, 16), rounding, rightShift), v128.load(bias, 16));
    factors += 32;
    bias += 32;
    if (hasTokens) {
      low = i32x4.add(i32x4.shr_s(i32x4.add(i32x4.mul(low, scale), scaleRounding), scaleShift), tokenBias);
      high = i32x4.add(i32x4.shr_s(i32x4.add(i32x4.mul(high, scale), scaleRounding), scaleShift), tokenBias);
    }
    if (residual != 0) {
      low = i32x4.add(low, v128.load(residual));
      high = i32x4.add(high, v128.load(residual, 16));
      residual += 32;
    }
    if (current != 0) {
      v128.store(current, low);
      v128.store(current, high, 16);
      current += 32;
    }
    if (!isFiring) continue;
    const fired = isNarrow
      ? fireNarrow(low, high, theta, step.smallest, state, membranes)
      : fireWide(low, high, theta, step.smallest, state, membranes);
    store<u8>(spikes, unit == lastUnit ? fired & lastMask : fired);
    spikes += 1;
    state += 32;
    if (membranes != 0) membranes += 32;
  }
}
