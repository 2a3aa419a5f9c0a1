/** Binary maps: what runs between the layers. */
import type { MapShape } from './network.js';

/** Spikes of one map, or the bit planes of an image. */
export interface Spikes extends MapShape {
  /** Timesteps T; for an image its 8 bit planes, least significant first. */
  readonly rounds: number;
  /** 0 or 1, [round, token, channel], channel fastest. */
  readonly data: Uint8Array;
}

/** Joins maps of the same size by their channels, in the order given. */
export function joinSpikes(parts: readonly Spikes[]): Spikes {
  const { rounds, height, width } = parts[0]!;
  const channels = parts.reduce((sum, part) => sum + part.channels, 0);
  const data = new Uint8Array(rounds * height * width * channels);
  let offset = 0;
  for (const part of parts) {
    copyChannels(part.data, part.channels, data, channels, offset);
    offset += part.channels;
  }
  return { rounds, height, width, channels, data };
}

type Elements = Uint8Array | Int32Array | Float64Array;

/**
 * Copies [site, channel] values into a map with more channels.
 *
 * @param from `channels` values for each site.
 * @param to `toChannels` values for each site, of which those from `firstChannel` on are overwritten.
 */
export function copyChannels<A extends Elements>(
  from: A,
  channels: number,
  to: A,
  toChannels: number,
  firstChannel: number,
): void {
  const sites = from.length / channels;
  for (let site = 0; site < sites; site++) {
    to.set(from.subarray(site * channels, (site + 1) * channels), site * toChannels + firstChannel);
  }
}

/**
 * Packed bits as bytes 0 or 1, [T, token, channel].
 *
 * @param bits rows of ceil(channels / 8) bytes; channel c is bit c & 7 of byte c >> 3.
 */
export function unpackBits(bits: Uint8Array, channels: number): Uint8Array {
  const row = Math.ceil(channels / 8);
  const rows = bits.length / row;
  const bytes = new Uint8Array(rows * channels);
  for (let i = 0; i < rows; i++) {
    for (let c = 0; c < channels; c++) bytes[i * channels + c] = (bits[i * row + (c >> 3)]! >> (c & 7)) & 1;
  }
  return bytes;
}

/** The inverse of unpackBits; padding bits are 0. */
export function packBits(bytes: Uint8Array, channels: number): Uint8Array {
  const row = Math.ceil(channels / 8);
  const rows = bytes.length / channels;
  const bits = new Uint8Array(rows * row);
  for (let i = 0; i < rows; i++) {
    for (let c = 0; c < channels; c++) bits[i * row + (c >> 3)]! |= bytes[i * channels + c]! << (c & 7);
  }
  return bits;
}
