/** Maps in the memory of the kernels. Their layout is stated in wasm/step.ts. */
import { tokenCount } from '../../layer-list.js';
import type { Layer, MapShape } from '../../network.js';

const UNIT_CHANNELS = 8;
const UNIT_BYTES = 4 * UNIT_CHANNELS;

/** One bit for each timestep, token and channel. */
export interface BitMap extends MapShape {
  readonly timesteps: number;
  address: number;
}

/** One int32 for each timestep, token and channel; one timestep if it is the same at all of them. */
export interface NumberMap extends MapShape {
  readonly timesteps: number;
  address: number;
}

/** Units of 8 channels. */
export function unitCount(channels: number): number {
  return Math.ceil(channels / UNIT_CHANNELS);
}

/** Bytes of one row of a bit map. */
export function bitRow({ channels }: MapShape): number {
  return unitCount(channels);
}

/** Bytes of one row of a number map. */
export function numberRow({ channels }: MapShape): number {
  return UNIT_BYTES * unitCount(channels);
}

/** Bytes of all rows. */
export function bitBytes(map: BitMap): number {
  return map.timesteps * tokenCount(map) * bitRow(map);
}

export function numberBytes(map: NumberMap): number {
  return map.timesteps * tokenCount(map) * numberRow(map);
}

/** Distance from timestep to timestep; 0 if all are the same. */
export function numberTime(map: NumberMap): number {
  return map.timesteps === 1 ? 0 : tokenCount(map) * numberRow(map);
}

/** A number map of all timesteps for what a layer writes. */
export function fullMap({ output: { channels, height, width } }: Layer, timesteps: number): NumberMap {
  return { channels, height, width, timesteps, address: 0 };
}

/** Rows of a number map without their padding, [T, token, channel]. */
export function unpackNumbers(numbers: Int32Array, map: NumberMap, timesteps: number): Int32Array {
  const { channels } = map;
  const row = UNIT_CHANNELS * unitCount(channels);
  const rows = numbers.length / row;
  const unpacked = new Int32Array((timesteps / map.timesteps) * rows * channels);
  for (let i = 0; i < rows; i++) unpacked.set(numbers.subarray(i * row, i * row + channels), i * channels);
  const size = rows * channels;
  for (let start = size; start < unpacked.length; start += size) unpacked.copyWithin(start, 0, size);
  return unpacked;
}
