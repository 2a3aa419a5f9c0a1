/**
 * Sums of weight rows in registers: the inner loops of every layer whose inputs are events.
 *
 * The weights of a layer are cut into tiles of 16 to 80 outputs. A tile holds, for every input, one byte for each of its
 * outputs side by side, so one row is a few vector loads, and the sums of the tile stay in registers while the events
 * pass. An event is the number of its row, uint16.
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

/**
 * Small weights: sums of up to `rowsPerSpill` rows stay in bytes, which then go to 16-bit lanes as above. One load and one
 * addition for 16 outputs.
 *
 * @param rowBias was added to every weight. Other parameters as above.
 */
@inline
function sumBytes(
  R: i32, start: usize, timesteps: i32, rowsPerSpill: i32, rowBias: i32, tile: usize, sums: usize, sumsTime: i32,
): void {
  const rowBytes: usize = R << 4;
  const spillBytes = (rowsPerSpill as usize) << 1;
  for (let t = 0; t < timesteps; t++) {
    let event: usize = load<u32>(start);
    const end: usize = load<u32>(start, 4);
    start += 4;
    const bias = i16x8.splat((((end - event) as i32 >> 1) * rowBias) as i16);
    let a0 = i16x8.splat(0);
    let a1 = i16x8.splat(0);
    let a2 = i16x8.splat(0);
    let a3 = i16x8.splat(0);
    let a4 = i16x8.splat(0);
    let b0 = i16x8.splat(0);
    let b1 = i16x8.splat(0);
    let b2 = i16x8.splat(0);
    let b3 = i16x8.splat(0);
    let b4 = i16x8.splat(0);
    while (event < end) {
      const stop = end - event > spillBytes ? event + spillBytes : end;
      let v0 = i8x16.splat(0);
      let v1 = i8x16.splat(0);
      let v2 = i8x16.splat(0);
      let v3 = i8x16.splat(0);
      let v4 = i8x16.splat(0);
      do {
        const row = tile + (load<u16>(event) as usize) * rowBytes;
        v0 = i8x16.add(v0, v128.load(row));
        if (R > 1) v1 = i8x16.add(v1, v128.load(row, 16));
        if (R > 2) v2 = i8x16.add(v2, v128.load(row, 32));
        if (R > 3) v3 = i8x16.add(v3, v128.load(row, 48));
        if (R > 4) v4 = i8x16.add(v4, v128.load(row, 64));
        event += 2;
      } while (event < stop);
      a0 = i16x8.add(a0, v0);
      b0 = i16x8.add(b0, i16x8.shr_u(v0, 8));
      if (R > 1) {
        a1 = i16x8.add(a1, v1);
        b1 = i16x8.add(b1, i16x8.shr_u(v1, 8));
      }
      if (R > 2) {
        a2 = i16x8.add(a2, v2);
        b2 = i16x8.add(b2, i16x8.shr_u(v2, 8));
      }
      if (R > 3) {
        a3 = i16x8.add(a3, v3);
        b3 = i16x8.add(b3, i16x8.shr_u(v3, 8));
      }
      if (R > 4) {
        a4 = i16x8.add(a4, v4);
        b4 = i16x8.add(b4, i16x8.shr_u(v4, 8));
      }
    }
    splitSums(false, true, a0, b0, bias, sums);
    if (R > 1) splitSums(false, true, a1, b1, bias, sums + 32);
    if (R > 2) splitSums(false, true, a2, b2, bias, sums + 64);
    if (R > 3) splitSums(false, true, a3, b3, bias, sums + 96);
    if (R > 4) splitSums(false, true, a4, b4, bias, sums + 128);
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

/** 16-bit sums of small weights, 1 to 5 registers; see sumBytes. */
function sumByteLists(
  registers: i32, start: usize, timesteps: i32, rowsPerSpill: i32, rowBias: i32, tile: usize, sums: usize, sumsTime: i32,
): void {
  switch (registers) {
    case 1: sumBytes(1, start, timesteps, rowsPerSpill, rowBias, tile, sums, sumsTime); break;
    case 2: sumBytes(2, start, timesteps, rowsPerSpill, rowBias, tile, sums, sumsTime); break;
    case 3: sumBytes(3, start, timesteps, rowsPerSpill, rowBias, tile, sums, sumsTime); break;
    case 4: sumBytes(4, start, timesteps, rowsPerSpill, rowBias, tile, sums, sumsTime); break;
    case 5: sumBytes(5, start, timesteps, rowsPerSpill, rowBias, tile, sums, sumsTime); break;
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
    sumByteLists(registers, start, timesteps, step.rowsPerSpill, step.rowBias, tile, sums, sumsTime);
  } else if (step.wideSums) sumWideLists(registers, start, timesteps, tile, sums, sumsTime);
  else sumShortLists(registers, start, timesteps, tile, sums, sumsTime);
}
