/** Layers whose spikes are events: SPE convolutions, patch steps, fuse, both Linears. */
import { countRows, listRows } from './bits';
import { clearState, finish } from './finish';
import { sumRows16, sumRows8, widenSums } from './row-sums';
import { Step } from './step';

const SEGMENT_BYTES = 16;

/** Lists the events of one output token at one timestep; counts them if that is asked for. */
function listToken(step: Step, token: i32, t: i32, list: usize): usize {
  const width = step.outputWidth;
  const kernel = step.kernel;
  const top = (token / width) * step.stride - step.padding;
  const left = (token % width) * step.stride - step.padding;
  const segmentsEnd = step.segments + step.segmentCount * SEGMENT_BYTES;
  for (let tap = 0; tap < kernel * kernel; tap++) {
    const y = top + tap / kernel;
    const x = left + (tap % kernel);
    if (y < 0 || y >= step.inputHeight || x < 0 || x >= step.inputWidth) continue;
    const source = y * step.inputWidth + x;
    let row = tap * step.tapRows;
    for (let segment = step.segments; segment < segmentsEnd; segment += SEGMENT_BYTES) {
      const channels = load<i32>(segment, 12);
      const bits = load<usize>(segment) + source * load<i32>(segment, 4) + t * load<i32>(segment, 8);
      list = listRows(bits, channels, row, list, step.bitTable);
      if (step.counts != 0) countRows(bits, channels, step.counts + ((row as usize) << 2));
      row += channels;
    }
  }
  return list;
}

/**
 * Sums the rows of one list in the tile.
 * @returns true if the sums are 32-bit ones, which stand 1 KiB behind the 16-bit ones.
 */
@inline
function sumList(step: Step, event: usize, end: usize, tile: usize): bool {
  const sums = step.sums;
  const registers = step.registers;
  if (step.byteLanes) {
    sumRows8(registers, event, end, step.rowsPerSpill, tile, sums);
    return false;
  }
  const spillBytes = (step.rowsPerSpill as usize) << 1;
  if (end - event <= spillBytes) {
    sumRows16(registers, event, end, tile, sums);
    return false;
  }
  let isFirst = true;
  while (event < end) {
    const stop = end - event > spillBytes ? event + spillBytes : end;
    sumRows16(registers, event, stop, tile, sums);
    widenSums(isFirst, sums, sums + 1024, registers << 3);
    isFirst = false;
    event = stop;
  }
  return true;
}

/** All timesteps of the tokens of a block in one tile of outputs. */
function runTile(step: Step, tile: i32, firstToken: i32, endToken: i32): void {
  const timesteps = step.timesteps;
  const tileUnits = step.registers << step.byteLanes;
  const firstUnit = tile * tileUnits;
  const allUnits = (step.outputs + 7) >> 3;
  const units = min(tileUnits, allUnits - firstUnit);
  const rows = step.rows + tile * step.tileBytes;
  let start = step.starts;
  for (let token = firstToken; token < endToken; token++) {
    clearState(step.state, units);
    for (let t = 0; t < timesteps; t++) {
      const isWide = sumList(step, load<u32>(start), load<u32>(start, 4), rows);
      const sums = isWide ? step.sums + 1024 : step.sums;
      finish(step, token, t, firstUnit, units, sums, isWide, firstUnit, step.state);
      start += 4;
    }
  }
}

/**
 * Runs one layer on all tokens and timesteps. Tokens go in blocks whose lists fit the scratch memory; a tile of weights
 * serves all of a block, and all timesteps of a token, before the next one is touched.
 */
export function runRows(step: Step): void {
  const tokens = step.outputHeight * step.outputWidth;
  const longest = (step.timesteps * step.kernel * step.kernel * step.tapRows) << 1;
  const limit = step.lists + step.listBytes;
  let token = 0;
  while (token < tokens) {
    const first = token;
    let list = step.lists;
    let start = step.starts;
    do {
      for (let t = 0; t < step.timesteps; t++) {
        store<u32>(start, list as u32);
        start += 4;
        list = listToken(step, token, t, list);
      }
      token++;
    } while (token < tokens && token - first < step.blockTokens && list + longest <= limit);
    store<u32>(start, list as u32);
    for (let tile = 0; tile < step.tiles; tile++) runTile(step, tile, first, token);
  }
}
