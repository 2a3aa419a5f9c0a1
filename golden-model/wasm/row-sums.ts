/**
 * Sums of weight rows in registers: the inner loops of every layer whose inputs are events.
 *
 * The weights of a layer are cut into tiles of outputs. A tile holds, for every input, the int8 weights of its outputs
 * side by side, so one row is a few vector loads, and the sums of the tile stay in registers while the events pass.
 * An event is the number of its row, uint16.
 *
 * The functions with a parameter `R` are templates: R is a constant at every call, so what is under `if (R > n)` is
 * compiled or left out.
 */

/**
 * 16-bit lanes, 8 outputs a register: adds at most 255 rows (255 * 128 fits), or any number if the static bounds of the
 * layer fit 16 bits.
 */
@inline
function addRows16(R: i32, event: usize, end: usize, tile: usize, sums: usize): void {
  const rowBytes: usize = R << 3;
  let a0 = i16x8.splat(0);
  let a1 = i16x8.splat(0);
  let a2 = i16x8.splat(0);
  let a3 = i16x8.splat(0);
  let a4 = i16x8.splat(0);
  let a5 = i16x8.splat(0);
  let a6 = i16x8.splat(0);
  while (event < end) {
    const row = tile + (load<u16>(event) as usize) * rowBytes;
    a0 = i16x8.add(a0, v128.load_ext<i8>(row));
    if (R > 1) a1 = i16x8.add(a1, v128.load_ext<i8>(row, 8));
    if (R > 2) a2 = i16x8.add(a2, v128.load_ext<i8>(row, 16));
    if (R > 3) a3 = i16x8.add(a3, v128.load_ext<i8>(row, 24));
    if (R > 4) a4 = i16x8.add(a4, v128.load_ext<i8>(row, 32));
    if (R > 5) a5 = i16x8.add(a5, v128.load_ext<i8>(row, 40));
    if (R > 6) a6 = i16x8.add(a6, v128.load_ext<i8>(row, 48));
    event += 2;
  }
  v128.store(sums, a0);
  if (R > 1) v128.store(sums, a1, 16);
  if (R > 2) v128.store(sums, a2, 32);
  if (R > 3) v128.store(sums, a3, 48);
  if (R > 4) v128.store(sums, a4, 64);
  if (R > 5) v128.store(sums, a5, 80);
  if (R > 6) v128.store(sums, a6, 96);
}

/** Writes the 16 bytes of `lanes` as 16-bit numbers, or adds them to those that are there. */
@inline
function spill(isFirst: bool, sums: usize, lanes: v128): void {
  let low = i16x8.extend_low_i8x16_s(lanes);
  let high = i16x8.extend_high_i8x16_s(lanes);
  if (!isFirst) {
    low = i16x8.add(low, v128.load(sums));
    high = i16x8.add(high, v128.load(sums, 16));
  }
  v128.store(sums, low);
  v128.store(sums, high, 16);
}

/** 8-bit lanes, 16 outputs a register, spilled to 16 bits every `rowsPerSpill` rows. */
@inline
function addRows8(R: i32, event: usize, end: usize, rowsPerSpill: i32, tile: usize, sums: usize): void {
  const rowBytes: usize = R << 4;
  const spillBytes = (rowsPerSpill as usize) << 1;
  let isFirst = true;
  do {
    let stop = end;
    if (end - event > spillBytes) stop = event + spillBytes;
    let a0 = i8x16.splat(0);
    let a1 = i8x16.splat(0);
    let a2 = i8x16.splat(0);
    let a3 = i8x16.splat(0);
    let a4 = i8x16.splat(0);
    let a5 = i8x16.splat(0);
    let a6 = i8x16.splat(0);
    while (event < stop) {
      const row = tile + (load<u16>(event) as usize) * rowBytes;
      a0 = i8x16.add(a0, v128.load(row));
      if (R > 1) a1 = i8x16.add(a1, v128.load(row, 16));
      if (R > 2) a2 = i8x16.add(a2, v128.load(row, 32));
      if (R > 3) a3 = i8x16.add(a3, v128.load(row, 48));
      if (R > 4) a4 = i8x16.add(a4, v128.load(row, 64));
      if (R > 5) a5 = i8x16.add(a5, v128.load(row, 80));
      if (R > 6) a6 = i8x16.add(a6, v128.load(row, 96));
      event += 2;
    }
    spill(isFirst, sums, a0);
    if (R > 1) spill(isFirst, sums + 32, a1);
    if (R > 2) spill(isFirst, sums + 64, a2);
    if (R > 3) spill(isFirst, sums + 96, a3);
    if (R > 4) spill(isFirst, sums + 128, a4);
    if (R > 5) spill(isFirst, sums + 160, a5);
    if (R > 6) spill(isFirst, sums + 192, a6);
    isFirst = false;
  } while (event < end);
}

/** addRows16 for any number of registers, 1 to 7: as many rows as sums are in registers at a time, and there are 15. */
export function sumRows16(registers: i32, event: usize, end: usize, tile: usize, sums: usize): void {
  switch (registers) {
    case 1: addRows16(1, event, end, tile, sums); break;
    case 2: addRows16(2, event, end, tile, sums); break;
    case 3: addRows16(3, event, end, tile, sums); break;
    case 4: addRows16(4, event, end, tile, sums); break;
    case 5: addRows16(5, event, end, tile, sums); break;
    case 6: addRows16(6, event, end, tile, sums); break;
    case 7: addRows16(7, event, end, tile, sums); break;
    default: unreachable();
  }
}

/** addRows8 for any number of registers, 1 to 7: as many rows as sums are in registers at a time, and there are 15. */
export function sumRows8(
  registers: i32, event: usize, end: usize, rowsPerSpill: i32, tile: usize, sums: usize,
): void {
  switch (registers) {
    case 1: addRows8(1, event, end, rowsPerSpill, tile, sums); break;
    case 2: addRows8(2, event, end, rowsPerSpill, tile, sums); break;
    case 3: addRows8(3, event, end, rowsPerSpill, tile, sums); break;
    case 4: addRows8(4, event, end, rowsPerSpill, tile, sums); break;
    case 5: addRows8(5, event, end, rowsPerSpill, tile, sums); break;
    case 6: addRows8(6, event, end, rowsPerSpill, tile, sums); break;
    case 7: addRows8(7, event, end, rowsPerSpill, tile, sums); break;
    default: unreachable();
  }
}

/** Adds `count` 16-bit sums to 32-bit ones behind them in memory; count is a multiple of 8. */
export function widenSums(isFirst: bool, sums: usize, wide: usize, count: i32): void {
  for (let i = 0; i < count; i += 8) {
    const lanes = v128.load(sums + ((i as usize) << 1));
    const to = wide + ((i as usize) << 2);
    let low = i32x4.extend_low_i16x8_s(lanes);
    let high = i32x4.extend_high_i16x8_s(lanes);
    if (!isFirst) {
      low = i32x4.add(low, v128.load(to));
      high = i32x4.add(high, v128.load(to, 16));
    }
    v128.store(to, low);
    v128.store(to, high, 16);
  }
}
