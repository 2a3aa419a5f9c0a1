/**
 * The neuron: leaky integrate and fire, tau 2, decaying input, hard reset to 0, threshold 1.
 *
 * Published, on reals: H = V + (I - V) / 2; fires if H >= 1; V' = 0 if it fired, else H.
 *
 * On integers of unit 2^-F: acc = v + I; fires if acc >= theta2, twice the threshold; v' = 0 if it fired, else
 * max(acc >> 1, -2^(M-1)). The floor of the shift never changes a spike, so this is the published neuron on integer
 * currents, but for the clamp of strongly negative membranes. Always 2 * v < theta2.
 */
import type { Fired } from '../arithmetic/arithmetic.js';
import { tokenCount } from '../layer-list.js';
import type { Layer, MapShape } from '../network.js';
import type { QuantizedNetwork } from '../quantized-network.js';
import type { Spikes } from '../spikes.js';

function silentSpikes(shape: MapShape, timesteps: number): Spikes {
  const { channels, height, width } = shape;
  return { channels, height, width, rounds: timesteps, data: new Uint8Array(timesteps * tokenCount(shape) * channels) };
}

/** theta2 of the neurons behind a layer, units 2^-F: one for each token behind a first Linear, else one for all. */
export function theta2Of({ format, firstLinearTokens }: QuantizedNetwork, layer: Layer): Int32Array {
  const tokens = firstLinearTokens.get(layer.name);
  return tokens === undefined ? Int32Array.of(2 ** (format.fractionBits + 1)) : tokens.theta2;
}

/** Smallest membrane that M bits hold. */
export function smallestMembrane(membraneBits: number): number {
  return -(2 ** (membraneBits - 1));
}

/**
 * Integer neurons of one population.
 *
 * @param currents I, [T, token, channel], units 2^-F; abs(v + I) stays within int32.
 * @param theta2 one for each token, or one for all.
 * @param smallest -2^(M-1).
 */
export function fireIntegers(
  shape: MapShape,
  currents: Int32Array,
  theta2: Int32Array,
  smallest: number,
): Fired<Int32Array> {
  const size = tokenCount(shape) * shape.channels;
  const neuronsPerTheta = size / theta2.length;
  const spikes = silentSpikes(shape, currents.length / size);
  const membranes = new Int32Array(currents.length);
  for (let first = 0; first < currents.length; first += neuronsPerTheta) {
    const threshold = theta2[(first % size) / neuronsPerTheta]!;
    for (let i = first; i < first + neuronsPerTheta; i++) {
      const v = i < size ? 0 : membranes[i - size]!;
      const acc = v + currents[i]!;
      if (acc >= threshold) spikes.data[i] = 1;
      else membranes[i] = Math.max(acc >> 1, smallest);
    }
  }
  return { spikes, membranes };
}

/** The published neurons of one population on currents [T, token, channel]. */
export function fireFloats(shape: MapShape, currents: Float64Array): Fired<Float64Array> {
  const size = tokenCount(shape) * shape.channels;
  const timesteps = currents.length / size;
  const spikes = silentSpikes(shape, timesteps);
  const membranes = new Float64Array(currents.length);
  for (let i = 0; i < currents.length; i++) {
    const v = i < size ? 0 : membranes[i - size]!;
    const h = v + (currents[i]! - v) / 2;
    if (h >= 1) spikes.data[i] = 1;
    else membranes[i] = h;
  }
  return { spikes, membranes };
}
