/** Bit maps: listing, counting and joining the spikes of one row. */

/** Mask of the bits of a 64-bit word that belong to the row, `channels` bits being left. */
@inline
function maskOf(channels: i32): u64 {
  return channels >= 64 ? -1 : ((1 as u64) << (channels as u64)) - 1;
}

/**
 * Writes the number of the weight row of every set bit as uint16. Each byte copies all its 8 places in a table, and the
 * next one writes over what was too much: no branch depends on the spikes.
 *
 * @param row number of the weight row of channel 0.
 * @param list up to 16 bytes behind its end are written.
 * @param table Step.bitTable.
 * @returns the end of the list.
 */
@inline
export function listRows(bits: usize, channels: i32, row: i32, list: usize, table: usize): usize {
  const end = bits + ((channels + 7) >> 3);
  let first = i16x8.splat(row as i16);
  const next = i16x8.splat(8);
  while (bits + 4 <= end) {
    const word = load<u32>(bits);
    list = listByte(word & 0xff, first, list, table);
    first = i16x8.add(first, next);
    list = listByte((word >> 8) & 0xff, first, list, table);
    first = i16x8.add(first, next);
    list = listByte((word >> 16) & 0xff, first, list, table);
    first = i16x8.add(first, next);
    list = listByte(word >> 24, first, list, table);
    first = i16x8.add(first, next);
    bits += 4;
  }
  while (bits < end) {
    list = listByte(load<u8>(bits), first, list, table);
    bits += 1;
    first = i16x8.add(first, next);
  }
  return list;
}

@inline
function listByte(byte: u32, first: v128, list: usize, table: usize): usize {
  v128.store(list, i16x8.add(v128.load(table + ((byte as usize) << 4)), first));
  return list + ((popcnt<u32>(byte) as usize) << 1);
}

/** Adds 1 to the uint32 counter of every set bit. */
export function countRows(bits: usize, channels: i32, counts: usize): void {
  while (channels > 0) {
    let word = load<u64>(bits) & maskOf(channels);
    while (word != 0) {
      const counter = counts + ((ctz(word) as usize) << 2);
      store<u32>(counter, load<u32>(counter) + 1);
      word &= word - 1;
    }
    bits += 8;
    channels -= 64;
    counts += 256;
  }
}

/** Number of set bits of a row. */
export function countBits(bits: usize, channels: i32): i32 {
  let count: i32 = 0;
  while (channels > 0) {
    count += popcnt(load<u64>(bits) & maskOf(channels)) as i32;
    bits += 8;
    channels -= 64;
  }
  return count;
}

/**
 * Copies `rows` rows of `channels` bits behind the first `offset` bits of other rows, whose bits from there on are 0.
 * Padding bits of the source are 0, so whole bytes may be taken.
 */
export function joinBits(
  from: usize, fromRow: i32, channels: i32, to: usize, toRow: i32, offset: i32, rows: i32,
): void {
  const bytes = (channels + 7) >> 3;
  const shift = offset & 7;
  for (let row = 0; row < rows; row++) {
    let target = to + (offset >> 3);
    for (let i = 0; i < bytes; i++) {
      const bits = (load<u8>(from + i) as u32) << shift;
      store<u8>(target, load<u8>(target) | bits);
      if (bits > 0xff) store<u8>(target + 1, load<u8>(target + 1) | (bits >> 8));
      target += 1;
    }
    from += fromRow;
    to += toRow;
  }
}

/** Copies `rows` rows of `bytes` bytes between maps of different row lengths. */
export function copyRows(from: usize, fromRow: i32, bytes: i32, to: usize, toRow: i32, rows: i32): void {
  for (let row = 0; row < rows; row++) {
    memory.copy(to, from, bytes);
    from += fromRow;
    to += toRow;
  }
}
