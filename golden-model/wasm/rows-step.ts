/** Layers whose spikes are events: SPE convolutions, patch steps, fuse, both Linears. */
import { countRows, listRows } from './bits';
import { clearState, finish } from './finish';
import { finishTimesteps, isAllShort } from './finish-short';
import { sumLists } from './row-sums';
import { Step } from './step';

const SEGMENT_BYTES = 16;

/** Lists the events of one input token at one timestep; counts them if that is asked for. @param row of channel 0. */
@inline
function listSource(step: Step, source: i32, t: i32, row: i32, list: usize): usize {
  const segmentsEnd = step.segments + step.segmentCount * SEGMENT_BYTES;
  for (let segment = step.segments; segment < segmentsEnd; segment += SEGMENT_BYTES) {
    const channels = load<i32>(segment, 12);
    const bits = load<usize>(segment) + source * load<i32>(segment, 4) + t * load<i32>(segment, 8);
    list = listRows(bits, channels, row, list, step.bitTable);
    if (step.counts != 0) countRows(bits, channels, step.counts + ((row as usize) << 2));
    row += channels;
  }
  return list;
}

/** Lists the events of one output token at one timestep. */
function listToken(step: Step, token: i32, t: i32, list: usize): usize {
  const kernel = step.kernel;
  // A kernel of one tap has stride 1 and no padding.
  if (kernel == 1) return listSource(step, token, t, 0, list);
  const width = step.outputWidth;
  const top = (token / width) * step.stride - step.padding;
  const left = (token % width) * step.stride - step.padding;
  let row = 0;
  for (let y = top; y < top + kernel; y++) {
    for (let x = left; x < left + kernel; x++) {
      if (y >= 0 && y < step.inputHeight && x >= 0 && x < step.inputWidth) {
        list = listSource(step, y * step.inputWidth + x, t, row, list);
      }
      row += step.tapRows;
    }
  }
  return list;
}

/** Units of a tile; of nibbles the last of the fourth units is used up by the others, see row-sums.ts. */
@inline
function unitsOf(step: Step, registers: i32): i32 {
  return step.byteLanes ? (registers << 2) - 1 : registers << 1;
}

/** All timesteps of the tokens of a block in one tile of outputs. @param rows of the tile. */
function runTile(step: Step, registers: i32, rows: usize, firstUnit: i32, firstToken: i32, endToken: i32): void {
  const units = min(unitsOf(step, registers), ((step.outputs + 7) >> 3) - firstUnit);
  const sumsTime = registers << (step.wideSums | step.byteLanes ? 6 : 5);
  const startTime = step.timesteps << 2;
  const isShort = isAllShort(step);
  let start = step.starts;
  for (let token = firstToken; token < endToken; token++) {
    sumLists(step, registers, start, rows, sumsTime);
    start += startTime;
    if (isShort) finishTimesteps(step, token, firstUnit, units, sumsTime);
    else {
      clearState(step.state, units);
      let sums = step.sums;
      for (let t = 0; t < step.timesteps; t++) {
        finish(step, token, t, firstUnit, units, sums, step.wideSums != 0, firstUnit, step.state);
        sums += sumsTime;
      }
    }
  }
}

/** All tiles of a block of tokens. */
function runTiles(step: Step, firstToken: i32, endToken: i32): void {
  let rows = step.rows;
  let unit = 0;
  for (let tile = 0; tile < step.tiles; tile++) {
    const registers = tile < step.largeTiles ? step.registers : step.registers - 1;
    runTile(step, registers, rows, unit, firstToken, endToken);
    rows += registers * step.registerBytes;
    unit += unitsOf(step, registers);
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
    runTiles(step, first, token);
  }
}
