/**
 * Sums of weight rows in registers: the inner loops of every layer whose inputs are events.
 *
 * The weights of a layer are cut into tiles of up to 120 outputs. A tile holds, for every input, one byte or one nibble for
 * each of its outputs side by side, so one row is a few vector loads, and the sums of the tile stay in registers while the
 * events pass. An event is the number of its row, uint16.
 *
 * The functions with a parameter `R` are templates: R, the registers of a row, is a constant at every call, so what is
 * under `if (R > n)` is compiled or left out. V8 loads a whole row before it adds it: sums and row share 15 registers.
 */
import { Step } from './step';

/** Rows of bytes 0 to 255 that 16 bits bear: 256 * 255 < 2^16. */
const ROWS_PER_WORD = 256;

/** Writes two vectors of 16-bit sums, or adds them to those that are there. */
@inline
function putSums(isFirst: bool, sums: usize, low: v128, high: v128): void {
  if (!isFirst) {
    low = i16x8.add(low, v128.load(sums));
    high = i16x8.add(high, v128.load(sums, 16));
  }
  v128.store(sums, low);
  v128.store(sums, high, 16);
}

/** The same for 8 sums that become 32-bit ones. */
@inline
function putWide(isFirst: bool, sums: usize, lanes: v128): void {
  let low = i32x4.extend_low_i16x8_s(lanes);
  let high = i32x4.extend_high_i16x8_s(lanes);
  if (!isFirst) {
    low = i32x4.add(low, v128.load(sums));
    high = i32x4.add(high, v128.load(sums, 16));
  }
  v128.store(sums, low);
  v128.store(sums, high, 16);
}

/**
 * Takes 16 sums apart.
 *
 * @param all sum of the pairs of bytes as 16-bit numbers: 256 * upper + lower, modulo 2^16.
 * @param upper sum of the upper bytes of the pairs: the second 8 outputs.
 * @param bias what the rows together have too much: a constant is added to every weight in memory.
 */
@inline
function splitSums(isWide: bool, isFirst: bool, all: v128, upper: v128, bias: v128, sums: usize): void {
  const low = i16x8.sub(i16x8.sub(all, i16x8.shl(upper, 8)), bias);
  const high = i16x8.sub(upper, bias);
  if (isWide) {
    putWide(isFirst, sums, low);
    putWide(isFirst, sums + 32, high);
  } else {
    putSums(isFirst, sums, low, high);
  }
}

/**
 * Any int8 weights, q + 128: one load, one shift and two additions for 16 outputs.
 *
 * @param isWide 32-bit sums come out, else 16-bit ones modulo 2^16.
 * @param start where the ends of the lists stand, one list for each timestep.
 * @param sumsTime bytes from timestep to timestep.
 */
@inline
function sumBiased(R: i32, isWide: bool, start: usize, timesteps: i32, tile: usize, sums: usize, sumsTime: i32): void {
  const rowBytes: usize = R << 4;
  const spillBytes: usize = ROWS_PER_WORD << 1;
  const next: usize = isWide ? 64 : 32;
  for (let t = 0; t < timesteps; t++) {
    let event: usize = load<u32>(start);
    const end: usize = load<u32>(start, 4);
    start += 4;
    let isFirst = true;
    do {
      const stop = end - event > spillBytes ? event + spillBytes : end;
      const bias = i16x8.splat((((stop - event) as i32) << 6) as i16);
      let a0 = i16x8.splat(0);
      let a1 = i16x8.splat(0);
      let a2 = i16x8.splat(0);
      let a3 = i16x8.splat(0);
      let b0 = i16x8.splat(0);
      let b1 = i16x8.splat(0);
      let b2 = i16x8.splat(0);
      let b3 = i16x8.splat(0);
      while (event < stop) {
        const row = tile + (load<u16>(event) as usize) * rowBytes;
        const v0 = v128.load(row);
        a0 = i16x8.add(a0, v0);
        b0 = i16x8.add(b0, i16x8.shr_u(v0, 8));
        if (R > 1) {
          const v1 = v128.load(row, 16);
          a1 = i16x8.add(a1, v1);
          b1 = i16x8.add(b1, i16x8.shr_u(v1, 8));
        }
        if (R > 2) {
          const v2 = v128.load(row, 32);
          a2 = i16x8.add(a2, v2);
          b2 = i16x8.add(b2, i16x8.shr_u(v2, 8));
        }
        if (R > 3) {
          const v3 = v128.load(row, 48);
          a3 = i16x8.add(a3, v3);
          b3 = i16x8.add(b3, i16x8.shr_u(v3, 8));
        }
        event += 2;
      }
      splitSums(isWide, isFirst, a0, b0, bias, sums);
      if (R > 1) splitSums(isWide, isFirst, a1, b1, bias, sums + next);
      if (R > 2) splitSums(isWide, isFirst, a2, b2, bias, sums + 2 * next);
      if (R > 3) splitSums(isWide, isFirst, a3, b3, bias, sums + 3 * next);
      isFirst = false;
    } while (event < end);
    sums += sumsTime;
  }
}

/** Writes 8 sums less the bias, or adds them to those that are there. */
@inline
function putUnit(isFirst: bool, sums: usize, lanes: v128, bias: v128): void {
  v128.store(sums, isFirst ? i16x8.sub(lanes, bias) : i16x8.add(lanes, v128.load(sums)));
}

/** 16 bytes to the 16-bit sums of two units: those in even places to the first, the others to the second. */
@inline
function putBytes(isFirst: bool, bytes: v128, bias: v128, even: usize, odd: usize): void {
  putUnit(isFirst, even, v128.and(bytes, i16x8.splat(0xff)), bias);
  putUnit(isFirst, odd, i16x8.shr_u(bytes, 8), bias);
}

/**
 * Takes the sums of the nibbles of a vector apart: four units of the tile. Three stand behind each other; the fourth, with
 * its lanes 3 and 7 empty, behind all of these.
 *
 * @param r which vector of the row.
 * @param all the sum of the vectors, in 64-bit lanes.
 * @param low the sum of their low nibbles, in bytes.
 */
@inline
function putNibbles(isFirst: bool, R: i32, r: i32, all: v128, low: v128, bias: v128, sums: usize): void {
  const high = i64x2.shr_u(i64x2.sub(all, low), 4);
  putBytes(isFirst, low, bias, sums + 48 * r, sums + 48 * r + 16);
  putBytes(isFirst, high, bias, sums + 48 * r + 32, sums + 48 * R + 16 * r);
}

/** The same for all vectors of a row. */
@inline
function putRow(
  isFirst: bool, R: i32, a0: v128, a1: v128, a2: v128, a3: v128, b0: v128, b1: v128, b2: v128, b3: v128, bias: v128,
  sums: usize,
): void {
  putNibbles(isFirst, R, 0, a0, b0, bias, sums);
  if (R > 1) putNibbles(isFirst, R, 1, a1, b1, bias, sums);
  if (R > 2) putNibbles(isFirst, R, 2, a2, b2, bias, sums);
  if (R > 3) putNibbles(isFirst, R, 3, a3, b3, bias, sums);
}

/** Fills lanes 3 and 7 of the fourth units from that of the last vector, which is used up thereby. */
@inline
function mendUnits(R: i32, sums: usize): void {
  const mixed = sums + 48 * R;
  const last = v128.load(mixed + 16 * (R - 1));
  if (R > 1) {
    v128.store(mixed, i16x8.shuffle(v128.load(mixed), last, 0, 1, 2, 8, 4, 5, 6, 9));
  }
  if (R > 2) {
    v128.store(mixed + 16, i16x8.shuffle(v128.load(mixed + 16), last, 0, 1, 2, 10, 4, 5, 6, 12));
  }
  if (R > 3) {
    v128.store(mixed + 32, i16x8.shuffle(v128.load(mixed + 32), last, 0, 1, 2, 13, 4, 5, 6, 14));
  }
}

/**
 * Weights of up to 4 bits, two in a byte, none negative. One load, one mask and two additions for 30 outputs: the sum of
 * the low nibbles, in bytes, and that of everything, in 64-bit lanes. Their difference is 16 times the sums of the high
 * nibbles, each of which fits a byte; but the uppermost would leave the 64 bits, so that nibble is empty.
 *
 * @param rowsPerSpill rows that the bytes bear.
 * @param rowBias was added to every weight.
 * @param sums 4 R units. Other parameters as above.
 */
@inline
function sumNibbles(
  R: i32, start: usize, timesteps: i32, rowsPerSpill: i32, rowBias: i32, tile: usize, sums: usize, sumsTime: i32,
): void {
  const rowBytes: usize = R << 4;
  const spillBytes = (rowsPerSpill as usize) << 1;
  const mask = i8x16.splat(15);
  for (let t = 0; t < timesteps; t++) {
    let event: usize = load<u32>(start);
    const end: usize = load<u32>(start, 4);
    start += 4;
    const bias = i16x8.splat((((end - event) as i32 >> 1) * rowBias) as i16);
    let isFirst = true;
    do {
      const stop = end - event > spillBytes ? event + spillBytes : end;
      let a0 = i8x16.splat(0);
      let a1 = i8x16.splat(0);
      let a2 = i8x16.splat(0);
      let a3 = i8x16.splat(0);
      let b0 = i8x16.splat(0);
      let b1 = i8x16.splat(0);
      let b2 = i8x16.splat(0);
      let b3 = i8x16.splat(0);
      while (event < stop) {
        const row = tile + (load<u16>(event) as usize) * rowBytes;
        const v0 = v128.load(row);
        a0 = i64x2.add(a0, v0);
        b0 = i8x16.add(b0, v128.and(v0, mask));
        if (R > 1) {
          const v1 = v128.load(row, 16);
          a1 = i64x2.add(a1, v1);
          b1 = i8x16.add(b1, v128.and(v1, mask));
        }
        if (R > 2) {
          const v2 = v128.load(row, 32);
          a2 = i64x2.add(a2, v2);
          b2 = i8x16.add(b2, v128.and(v2, mask));
        }
        if (R > 3) {
          const v3 = v128.load(row, 48);
          a3 = i64x2.add(a3, v3);
          b3 = i8x16.add(b3, v128.and(v3, mask));
        }
        event += 2;
      }
      if (isFirst) putRow(true, R, a0, a1, a2, a3, b0, b1, b2, b3, bias, sums);
      else putRow(false, R, a0, a1, a2, a3, b0, b1, b2, b3, bias, sums);
      isFirst = false;
    } while (event < end);
    mendUnits(R, sums);
    sums += sumsTime;
  }
}

/** 16-bit sums of any weights, 1 to 4 registers; see sumBiased. */
function sumShortLists(registers: i32, start: usize, timesteps: i32, tile: usize, sums: usize, sumsTime: i32): void {
  switch (registers) {
    case 1: sumBiased(1, false, start, timesteps, tile, sums, sumsTime); break;
    case 2: sumBiased(2, false, start, timesteps, tile, sums, sumsTime); break;
    case 3: sumBiased(3, false, start, timesteps, tile, sums, sumsTime); break;
    case 4: sumBiased(4, false, start, timesteps, tile, sums, sumsTime); break;
    default: unreachable();
  }
}

/** 32-bit sums of any weights, 1 to 4 registers; see sumBiased. */
function sumWideLists(registers: i32, start: usize, timesteps: i32, tile: usize, sums: usize, sumsTime: i32): void {
  switch (registers) {
    case 1: sumBiased(1, true, start, timesteps, tile, sums, sumsTime); break;
    case 2: sumBiased(2, true, start, timesteps, tile, sums, sumsTime); break;
    case 3: sumBiased(3, true, start, timesteps, tile, sums, sumsTime); break;
    case 4: sumBiased(4, true, start, timesteps, tile, sums, sumsTime); break;
    default: unreachable();
  }
}

/** 16-bit sums of weights of up to 4 bits, 1 to 4 vectors; see sumNibbles. */
function sumNibbleLists(
  vectors: i32, start: usize, timesteps: i32, rowsPerSpill: i32, rowBias: i32, tile: usize, sums: usize, sumsTime: i32,
): void {
  switch (vectors) {
    case 1: sumNibbles(1, start, timesteps, rowsPerSpill, rowBias, tile, sums, sumsTime); break;
    case 2: sumNibbles(2, start, timesteps, rowsPerSpill, rowBias, tile, sums, sumsTime); break;
    case 3: sumNibbles(3, start, timesteps, rowsPerSpill, rowBias, tile, sums, sumsTime); break;
    case 4: sumNibbles(4, start, timesteps, rowsPerSpill, rowBias, tile, sums, sumsTime); break;
    default: unreachable();
  }
}

/**
 * Sums of one token at all timesteps in one tile, to Step.sums.
 *
 * @param start the lists of the token, one for each timestep.
 * @param sumsTime bytes from timestep to timestep: of 16 numbers of 16 bits, or 32 if Step.wideSums, for each register.
 */
export function sumLists(step: Step, registers: i32, start: usize, tile: usize, sumsTime: i32): void {
  const timesteps = step.timesteps;
  const sums = step.sums;
  if (step.byteLanes) {
    sumNibbleLists(registers, start, timesteps, step.rowsPerSpill, step.rowBias, tile, sums, sumsTime);
  } else if (step.wideSums) sumWideLists(registers, start, timesteps, tile, sums, sumsTime);
  else sumShortLists(registers, start, timesteps, tile, sums, sumsTime);
}
