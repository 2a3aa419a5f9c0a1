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
