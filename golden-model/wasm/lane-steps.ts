/** The two layers that are neither events nor tables: the patch embedding and the identity branch; and the head's counts. */
import { countRows } from './bits';
import { clearState, finish } from './finish';
import { Step } from './step';

/**
 * Patch embedding: products of pixels and weights, two inputs at a time. The sum over bit planes of shifted sums is the
 * sum of products.
 *
 * @param pixels uint8 [channel, row, column].
 * Step.rows: int16, for each unit, each pair of inputs, each of 8 outputs the two weights. Step.lists: scratch for the
 * pixels of one patch as int16.
 */
export function runPatchEmbedding(step: Step, pixels: usize): void {
  const kernel = step.kernel;
  const plane = step.inputHeight * step.inputWidth;
  const inputs = step.tapRows * kernel * kernel;
  const pairs = (inputs + 1) >> 1;
  const units = (step.outputs + 7) >> 3;
  const patch = step.lists;
  store<u16>(patch + ((inputs as usize) << 1), 0);
  for (let token = 0; token < step.outputHeight * step.outputWidth; token++) {
    const corner =
      pixels + (token / step.outputWidth) * kernel * step.inputWidth + (token % step.outputWidth) * kernel;
    let to = patch;
    for (let channel = 0; channel < step.tapRows; channel++) {
      for (let y = 0; y < kernel; y++) {
        const from = corner + channel * plane + y * step.inputWidth;
        for (let x = 0; x < kernel; x++) {
          store<u16>(to, load<u8>(from + x));
          to += 2;
        }
      }
    }
    let weights = step.rows;
    for (let unit = 0; unit < units; unit++) {
      let low = i32x4.splat(0);
      let high = i32x4.splat(0);
      for (let pair = 0; pair < pairs; pair++) {
        const values = v128.load_splat<i32>(patch + ((pair as usize) << 2));
        low = i32x4.add(low, i32x4.dot_i16x8_s(v128.load(weights), values));
        high = i32x4.add(high, i32x4.dot_i16x8_s(v128.load(weights, 16), values));
        weights += 32;
      }
      const sums = step.sums + ((unit as usize) << 5);
      v128.store(sums, low);
      v128.store(sums, high, 16);
    }
    clearState(step.state, units);
    for (let t = 0; t < step.timesteps; t++) {
      finish(step, token, t, 0, units, step.sums, true, 0, step.state);
    }
  }
}

/** Identity branch: every channel has one weight, int32 at Step.rows. */
export function runIdentity(step: Step): void {
  const tokens = step.outputHeight * step.outputWidth;
  const units = (step.outputs + 7) >> 3;
  const selectLow = i32x4(1, 2, 4, 8);
  const selectHigh = i32x4(16, 32, 64, 128);
  const bits = load<usize>(step.segments);
  const row = load<i32>(step.segments, 4);
  const time = load<i32>(step.segments, 8);
  for (let token = 0; token < tokens; token++) {
    clearState(step.state, units);
    for (let t = 0; t < step.timesteps; t++) {
      const from = bits + token * row + t * time;
      if (step.counts != 0) countRows(from, step.outputs, step.counts);
      for (let unit = 0; unit < units; unit++) {
        const spikes = i32x4.splat(load<u8>(from + unit) as i32);
        const at = (unit as usize) << 5;
        const low = i32x4.eq(v128.and(spikes, selectLow), selectLow);
        const high = i32x4.eq(v128.and(spikes, selectHigh), selectHigh);
        v128.store(step.sums + at, v128.and(low, v128.load(step.rows + at)));
        v128.store(step.sums + at, v128.and(high, v128.load(step.rows + at, 16)), 16);
      }
      finish(step, token, t, 0, units, step.sums, true, 0, step.state);
    }
  }
}

/** Spikes of every channel over `rows` rows, uint32, added to `counts`. */
export function countChannels(bits: usize, row: i32, channels: i32, rows: i32, counts: usize): void {
  for (let i = 0; i < rows; i++) countRows(bits + i * row, channels, counts);
}
