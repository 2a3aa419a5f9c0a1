/**
 * The axial branches. Lanes are 16 neighbouring channels; the weights of an output row are the same for all of them, so
 * the sum of any 4 inputs is one of 16 numbers, and a byte shuffle looks it up for 16 channels at once.
 *
 * First the bits of each group of 4 positions along the axis are transposed into nibbles, one for each channel. A table
 * of 16 bytes for each output and group holds the sums of the subsets. Where they fit, one table of the sums themselves
 * (one plane); else two: sum = 64 * high + low with high in -8..7 and low in 0..63. Exact for any int8 weights.
 */
import { countBits } from './bits';
import { clearState, finish } from './finish';
import { isAllShort } from './finish-short';
import { belowTheta } from './neurons';
import { Step } from './step';

/** Groups that 16-bit sums bear: 60 * 4 * 128 < 2^15. */
const GROUPS_PER_CHUNK = 60;
/** Groups that the 8 bits of the high plane bear, 12 * 8 < 128, and those of the low plane, 4 * 63 < 256. */
const GROUPS_PER_HIGH = 12;
const GROUPS_PER_LOW = 4;

/** 16 bits as a byte each, 0xff where set. */
@inline
function expandBits(bits: i32): v128 {
  const selectors = i8x16(1, 2, 4, 8, 16, 32, 64, -128, 1, 2, 4, 8, 16, 32, 64, -128);
  const bytes = i8x16.shuffle(
    i16x8.splat(bits as i16), i16x8.splat(0), 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1,
  );
  return i8x16.eq(v128.and(bytes, selectors), selectors);
}

/** Nibbles of 16 channels, 16 bytes for each group, of one line at one timestep. */
function transposeNibbles(bits: usize, axisBytes: i32, length: i32, isWholeGroup: bool, nibbles: usize): void {
  for (let first = 0; first < length; first += 4) {
    let nibble = i8x16.splat(0);
    const end = min(first + 4, length);
    for (let position = first; position < end; position++) {
      const at = bits + position * axisBytes;
      const word: i32 = isWholeGroup ? (load<u16>(at) as i32) : (load<u8>(at) as i32);
      const weight: i32 = 1 << (position - first);
      nibble = v128.or(nibble, v128.and(expandBits(word), i8x16.splat(weight as i8)));
    }
    v128.store(nibbles, nibble);
    nibbles += 16;
  }
}

/** Adds up to GROUPS_PER_CHUNK groups from one plane to the 16-bit sums at `sums`. */
@inline
function sumOnePlane(tables: usize, nibbles: usize, groups: i32, groupsPerSpill: i32, sums: usize): void {
  let low = i16x8.splat(0);
  let high = i16x8.splat(0);
  while (groups > 0) {
    const count = min(groups, groupsPerSpill);
    const end = tables + (count << 4);
    let lanes = i8x16.splat(0);
    while (tables < end) {
      lanes = i8x16.add(lanes, i8x16.swizzle(v128.load(tables), v128.load(nibbles)));
      tables += 16;
      nibbles += 16;
    }
    low = i16x8.add(low, i16x8.extend_low_i8x16_s(lanes));
    high = i16x8.add(high, i16x8.extend_high_i8x16_s(lanes));
    groups -= count;
  }
  v128.store(sums, low);
  v128.store(sums, high, 16);
}

/** The same from two planes, high then low of each group. */
@inline
function sumTwoPlanes(tables: usize, nibbles: usize, groups: i32, sums: usize): void {
  let low = i16x8.splat(0);
  let high = i16x8.splat(0);
  while (groups > 0) {
    let some = min(groups, GROUPS_PER_HIGH);
    groups -= some;
    let upper = i8x16.splat(0);
    while (some > 0) {
      const few = min(some, GROUPS_PER_LOW);
      const end = tables + (few << 5);
      some -= few;
      let lower = i8x16.splat(0);
      while (tables < end) {
        const nibble = v128.load(nibbles);
        upper = i8x16.add(upper, i8x16.swizzle(v128.load(tables), nibble));
        lower = i8x16.add(lower, i8x16.swizzle(v128.load(tables, 16), nibble));
        tables += 32;
        nibbles += 16;
      }
      low = i16x8.add(low, i16x8.extend_low_i8x16_u(lower));
      high = i16x8.add(high, i16x8.extend_high_i8x16_u(lower));
    }
    low = i16x8.add(low, i16x8.shl(i16x8.extend_low_i8x16_s(upper), 6));
    high = i16x8.add(high, i16x8.shl(i16x8.extend_high_i8x16_s(upper), 6));
  }
  v128.store(sums, low);
  v128.store(sums, high, 16);
}

@inline
function addWide(isFirst: bool, sums: usize, wide: usize): void {
  for (let i: usize = 0; i < 4; i++) {
    let lanes = v128.load_ext<i16>(sums + 8 * i);
    if (!isFirst) lanes = i32x4.add(lanes, v128.load(wide + 16 * i));
    v128.store(wide + 16 * i, lanes);
  }
}

/** Sums of one output for 16 channels. @returns true if they are 32-bit ones, which stand behind the 16-bit ones. */
@inline
function sumOutput(step: Step, tables: usize, nibbles: usize, groups: i32): bool {
  const sums = step.sums;
  const isOnePlane = step.byteLanes != 0;
  const isWide = groups > GROUPS_PER_CHUNK;
  let isFirst = true;
  while (groups > 0) {
    const count = min(groups, GROUPS_PER_CHUNK);
    if (isOnePlane) sumOnePlane(tables, nibbles, count, step.rowsPerSpill, sums);
    else sumTwoPlanes(tables, nibbles, count, sums);
    if (isWide) addWide(isFirst, sums, sums + 32);
    isFirst = false;
    tables += (count << 5) >> step.byteLanes;
    nibbles += count << 4;
    groups -= count;
  }
  return isWide;
}

/**
 * All timesteps of one output for up to 16 channels, in 16 bits; only spikes come out. Template.
 *
 * @param nibbles of the first timestep.
 * @param spikes where those of the output go at the first timestep.
 * @param mask of the lanes that are channels.
 */
@inline
function fireOutput(
  isOnePlane: bool,
  isShifted: bool,
  step: Step,
  output: i32,
  groups: i32,
  nibbles: usize,
  spikes: usize,
  units: i32,
  mask: i32,
): void {
  const firstTable = step.rows + output * step.rowBytes;
  const endTable = firstTable + ((groups as usize) << (isOnePlane ? 4 : 5));
  const factor = v128.load_splat<i16>(step.shortAlign + (output << 5));
  const bias = v128.load_splat<i16>(step.shortBias + (output << 5));
  const rightShift = step.rightShift;
  const half: i32 = isShifted ? 1 << (rightShift - 1) : 0;
  const rounding = i16x8.splat(half as i16);
  const below = belowTheta(step.theta);
  const smallest = i16x8.splat(step.smallest as i16);
  const spillBytes = (step.rowsPerSpill as usize) << 4;
  const time = step.spikesTime;
  const endSpikes = spikes + step.timesteps * time;
  let left = i16x8.splat(0);
  let right = i16x8.splat(0);
  while (spikes < endSpikes) {
    let low = i16x8.splat(0);
    let high = i16x8.splat(0);
    let table = firstTable;
    while (table < endTable) {
      if (isOnePlane) {
        const end = min(table + spillBytes, endTable);
        let lanes = i8x16.splat(0);
        do {
          lanes = i8x16.add(lanes, i8x16.swizzle(v128.load(table), v128.load(nibbles)));
          table += 16;
          nibbles += 16;
        } while (table < end);
        low = i16x8.add(low, i16x8.extend_low_i8x16_s(lanes));
        high = i16x8.add(high, i16x8.extend_high_i8x16_s(lanes));
      } else {
        const end = min(table + (GROUPS_PER_LOW << 5), endTable);
        let upper = i8x16.splat(0);
        let lower = i8x16.splat(0);
        do {
          const nibble = v128.load(nibbles);
          upper = i8x16.add(upper, i8x16.swizzle(v128.load(table), nibble));
          lower = i8x16.add(lower, i8x16.swizzle(v128.load(table, 16), nibble));
          table += 32;
          nibbles += 16;
        } while (table < end);
        low = i16x8.add(low, i16x8.extend_low_i8x16_u(lower));
        high = i16x8.add(high, i16x8.extend_high_i8x16_u(lower));
        low = i16x8.add(low, i16x8.shl(i16x8.extend_low_i8x16_s(upper), 6));
        high = i16x8.add(high, i16x8.shl(i16x8.extend_high_i8x16_s(upper), 6));
      }
    }
    low = i16x8.mul(low, factor);
    high = i16x8.mul(high, factor);
    if (isShifted) {
      low = i16x8.shr_s(i16x8.add(low, rounding), rightShift);
      high = i16x8.shr_s(i16x8.add(high, rounding), rightShift);
    }
    left = i16x8.add_sat_s(left, i16x8.add(low, bias));
    right = i16x8.add_sat_s(right, i16x8.add(high, bias));
    const leftFired = i16x8.gt_s(left, below);
    const rightFired = i16x8.gt_s(right, below);
    left = v128.andnot(i16x8.max_s(i16x8.shr_s(left, 1), smallest), leftFired);
    right = v128.andnot(i16x8.max_s(i16x8.shr_s(right, 1), smallest), rightFired);
    const fired = i8x16.bitmask(i8x16.narrow_i16x8_s(leftFired, rightFired)) & mask;
    if (units == 2) store<u16>(spikes, fired);
    else store<u8>(spikes, fired);
    spikes += time;
  }
}

/** All outputs of one line for up to 16 channels; see fireOutput. */
@inline
function fireLine(
  isOnePlane: bool, isShifted: bool, step: Step, length: i32, axis: i32, groups: i32, lineToken: i32, unit: i32, units: i32,
): void {
  const isLast = unit + units == (step.outputs + 7) >> 3;
  const mask: i32 = isLast ? (1 << (step.outputs - (unit << 3))) - 1 : 0xffff;
  let spikes = step.spikes + lineToken * step.spikesRow + unit;
  for (let output = 0; output < length; output++) {
    fireOutput(isOnePlane, isShifted, step, output, groups, step.lists, spikes, units, mask);
    spikes += axis * step.spikesRow;
  }
}

/** fireLine with the templates that the layer needs. */
function fireLines(
  step: Step, length: i32, axis: i32, groups: i32, lineToken: i32, unit: i32, units: i32,
): void {
  if (step.rightShift > 0) {
    if (step.byteLanes) fireLine(true, true, step, length, axis, groups, lineToken, unit, units);
    else fireLine(false, true, step, length, axis, groups, lineToken, unit, units);
  } else {
    if (step.byteLanes) fireLine(true, false, step, length, axis, groups, lineToken, unit, units);
    else fireLine(false, false, step, length, axis, groups, lineToken, unit, units);
  }
}

/** Counts the spikes of every position along the axis. */
function countPositions(step: Step, bits: usize, row: i32, time: i32, length: i32, axis: i32, lines: i32, line: i32): void {
  for (let t = 0; t < step.timesteps; t++) {
    for (let position = 0; position < length; position++) {
      const counter = step.counts + ((position as usize) << 2);
      let count = load<u32>(counter);
      for (let i = 0; i < lines; i++) {
        count += countBits(bits + t * time + (position * axis + i * line) * row, step.outputs);
      }
      store<u32>(counter, count);
    }
  }
}

/**
 * @param length positions along the axis; `axis` tokens lie between two of them.
 * @param lines parallel lines; `line` tokens lie between two of them.
 */
export function runAxial(step: Step, length: i32, axis: i32, lines: i32, line: i32): void {
  const timesteps = step.timesteps;
  const bits = load<usize>(step.segments);
  const row = load<i32>(step.segments, 4);
  const time = load<i32>(step.segments, 8);
  const groups = (length + 3) >> 2;
  const units = (step.outputs + 7) >> 3;
  const nibbleBytes = groups << 4;
  const isShort = isAllShort(step) && step.current == 0 && groups <= GROUPS_PER_CHUNK;
  if (step.counts != 0) countPositions(step, bits, row, time, length, axis, lines, line);
  for (let lineToken = 0; lineToken < lines * line; lineToken += line) {
    for (let unit = 0; unit < units; unit += 2) {
      const some = min(2, units - unit);
      const from = bits + lineToken * row + unit;
      for (let t = 0; t < timesteps; t++) {
        transposeNibbles(from + t * time, axis * row, length, some == 2, step.lists + t * nibbleBytes);
      }
      if (isShort) {
        fireLines(step, length, axis, groups, lineToken, unit, some);
        continue;
      }
      for (let output = 0; output < length; output++) {
        const token = lineToken + output * axis;
        clearState(step.state, 2);
        for (let t = 0; t < timesteps; t++) {
          const isWide = sumOutput(step, step.rows + output * step.rowBytes, step.lists + t * nibbleBytes, groups);
          const sums = isWide ? step.sums + 32 : step.sums;
          finish(step, token, t, unit, some, sums, isWide, output << 1, step.state);
        }
      }
    }
  }
}
