/**
 * Intervals: what the integers of a network can become over all spikes, whatever the image. The smallest sum of an
 * output adds its negative weights only, the largest its positive ones; taps on the padding never add. Every function
 * behind a sum is monotone, so its ends go to the ends. All inputs of a layer are taken as independent.
 */
import { SpikemillError } from '../errors.js';
import { tokenCount } from '../layer-list.js';
import { firstLinearCurrent, secondLinearCurrent, secondLinearProduct } from '../layers/channel.js';
import { smallestMembrane, theta2Of } from '../layers/lif.js';
import { LAYERS } from '../layers/table.js';
import type { Layer } from '../network.js';
import type { QuantizedNetwork, QuantizedWeights } from '../quantized-network.js';
import { copyChannels } from '../spikes.js';
import { tapToken } from './accumulate.js';
import { align } from './align.js';
import type { Arithmetic } from './arithmetic.js';

/** Both ends of every element of one [token, channel] map; the same at every timestep. */
export interface Intervals {
  readonly min: Float64Array;
  readonly max: Float64Array;
}

/** Quantities of a layer that have bounds. */
export type Bounded = 'accumulator' | 'shifted' | 'aligned' | 'product' | 'membrane';
export type Recorder = (layer: Layer, quantity: Bounded, intervals: Intervals) => void;

/** Accumulators stay below, so that the rounding constant of ALIGN can be added in int32. */
const ACCUMULATOR_LIMIT = 2 ** 30;
const INT32_LIMIT = 2 ** 31;

function makeIntervals(length: number): Intervals {
  return { min: new Float64Array(length), max: new Float64Array(length) };
}

/** @throws SpikemillError INVALID_TENSOR if an end lies beyond +-limit. */
function assertWithin(layer: Layer, quantity: string, { min, max }: Intervals, limit = INT32_LIMIT): void {
  const isWithin = (end: number): boolean => end > -limit && end < limit;
  const outside = min.find((end) => !isWithin(end)) ?? max.find((end) => !isWithin(end));
  if (outside === undefined) return;
  throw new SpikemillError('INVALID_TENSOR', `${quantity} of ${layer.name} can leave int32`, {
    where: layer.name,
    expected: `between -${limit} and ${limit}`,
    actual: `${outside}`,
    suggestions: ['quantize with fewer fractional bits', 'check the exponents and the batch norms of this layer'],
  });
}

/** Applies a function that is monotone in its first argument to both ends; `index` counts the elements. */
function mapEnds({ min, max }: Intervals, f: (end: number, index: number) => number): Intervals {
  const mapped = makeIntervals(min.length);
  for (let i = 0; i < min.length; i++) {
    const a = f(min[i]!, i);
    const b = f(max[i]!, i);
    mapped.min[i] = Math.min(a, b);
    mapped.max[i] = Math.max(a, b);
  }
  return mapped;
}

/** For each tap and output the sums of its negative and of its positive weights: [tap, output]. */
function boundTaps(layer: Layer, { weight }: QuantizedWeights): Intervals {
  const outputs = layer.weightShape[0]!;
  const taps = layer.kernel * layer.kernel;
  const fanIn = weight.length / outputs;
  const bounds = makeIntervals(taps * outputs);
  weight.forEach((q, i) => {
    const index = (i % taps) * outputs + Math.floor(i / fanIn);
    if (q < 0) bounds.min[index]! += q;
    else bounds.max[index]! += q;
  });
  return bounds;
}

/** Bounds of the accumulators of a whole map, [token, channel]. */
function boundSums(layer: Layer, weights: QuantizedWeights, largestInput: number): Intervals {
  const { height, width, channels } = layer.output;
  const outputs = layer.weightShape[0]!;
  const stride = LAYERS[layer.kind].outputStride(layer);
  const taps = boundTaps(layer, weights);
  const sums = makeIntervals(height * width * channels);
  for (let token = 0; token < height * width; token++) {
    for (let tap = 0; tap < layer.kernel * layer.kernel; tap++) {
      if (tapToken(layer, Math.floor(token / width), token % width, tap) < 0) continue;
      for (let i = token * channels; i < (token + 1) * channels; i++) {
        const index = tap * outputs + (Math.floor(i / stride) % outputs);
        sums.min[i]! += largestInput * taps.min[index]!;
        sums.max[i]! += largestInput * taps.max[index]!;
      }
    }
  }
  return sums;
}

/** ALIGN in place of which a left shift beyond int32 becomes a number that `assertWithin` rejects. */
function alignEnd(sum: number, shift: number): number {
  return shift > 0 && Math.abs(sum) * 2 ** shift >= INT32_LIMIT ? Math.sign(sum) * INT32_LIMIT : align(sum, shift);
}

/** Membranes after 1 to T steps and after a reset. */
function boundMembranes(currents: Intervals, theta2: Int32Array, smallest: number, timesteps: number): Intervals {
  const { min, max } = currents;
  const membranes = makeIntervals(min.length);
  const neuronsPerTheta = min.length / theta2.length;
  for (let i = 0; i < min.length; i++) {
    const largestSilent = theta2[Math.floor(i / neuronsPerTheta)]! - 1;
    let low = 0;
    let high = 0;
    for (let t = 0; t < timesteps; t++) {
      const smallestSum = low + min[i]!;
      low = smallestSum > largestSilent ? 0 : Math.min(0, Math.max(smallestSum >> 1, smallest));
      high = Math.max(0, Math.min(high + max[i]!, largestSilent) >> 1);
      membranes.min[i] = Math.min(membranes.min[i]!, low);
      membranes.max[i] = Math.max(membranes.max[i]!, high);
    }
  }
  return membranes;
}

function add(a: Intervals, b: Intervals): Intervals {
  return { min: a.min.map((end, i) => end + b.min[i]!), max: a.max.map((end, i) => end + b.max[i]!) };
}

function join(parts: readonly Intervals[], channels: number): Intervals {
  const joined = makeIntervals(parts.reduce((length, { min }) => length + min.length, 0));
  const joinedChannels = channels * parts.length;
  parts.forEach(({ min, max }, i) => {
    copyChannels(min, channels, joined.min, joinedChannels, i * channels);
    copyChannels(max, channels, joined.max, joinedChannels, i * channels);
  });
  return joined;
}

/**
 * @param record is given the intervals of every layer as they arise; those that the layers hand on go to the observer
 *   of the data flow.
 */
export function intervalArithmetic(network: QuantizedNetwork, record: Recorder): Arithmetic<Intervals> {
  const { config, format } = network;
  const note = (layer: Layer, quantity: Bounded, intervals: Intervals, limit?: number): Intervals => {
    assertWithin(layer, `the ${quantity} value`, intervals, limit);
    record(layer, quantity, intervals);
    return intervals;
  };
  const accumulators = (layer: Layer): Intervals => {
    const largestInput = LAYERS[layer.kind].largestInput(layer, config);
    const sums = boundSums(layer, network.layers.get(layer.name)!, largestInput);
    return note(layer, 'accumulator', sums, ACCUMULATOR_LIMIT);
  };
  return {
    affine: (layer) => {
      const { exponent, bias } = network.layers.get(layer.name)!;
      const stride = LAYERS[layer.kind].outputStride(layer);
      const outputOf = (i: number): number => Math.floor(i / stride) % bias.length;
      const shifted = mapEnds(accumulators(layer), (sum, i) => {
        return alignEnd(sum, format.fractionBits - exponent[outputOf(i)]!);
      });
      note(layer, 'shifted', shifted);
      const aligned = mapEnds(shifted, (end, i) => end + bias[outputOf(i)]!);
      return note(layer, 'product', note(layer, 'aligned', aligned));
    },
    add,
    join,
    firstLinear: (layer, values) => {
      const { bias, negate } = network.firstLinearTokens.get(layer.name)!;
      const tokenOf = (i: number): number => Math.floor(i / layer.output.channels);
      return mapEnds(values, (j, i) => firstLinearCurrent(j, negate[tokenOf(i)]!, bias[tokenOf(i)]!));
    },
    secondLinear: (layer, values) => {
      const { bias, scale } = network.secondLinearTokens.get(layer.name)!;
      const tokenOf = (i: number): number => Math.floor(i / layer.output.channels);
      const products = mapEnds(values, (y, i) => secondLinearProduct(y, scale[tokenOf(i)]!));
      note(layer, 'product', products);
      return mapEnds(products, (p, i) => secondLinearCurrent(p, format.scaleFractionBits, bias[tokenOf(i)]!));
    },
    fire: (layer, currents) => {
      const smallest = smallestMembrane(format.membraneBits);
      assertWithin(layer, 'the current', currents, INT32_LIMIT + smallest);
      const membranes = boundMembranes(currents, theta2Of(network, layer), smallest, config.timesteps);
      note(layer, 'membrane', membranes);
      const { channels, height, width } = layer.output;
      const data = new Uint8Array(tokenCount(layer.output) * channels);
      return { spikes: { rounds: 1, channels, height, width, data }, membranes };
    },
    score: (layer) => {
      const { bias } = network.layers.get(layer.name)!;
      const sums = note(layer, 'shifted', accumulators(layer));
      const logits = mapEnds(sums, (sum, k) => sum + bias[k]!);
      return note(layer, 'product', note(layer, 'aligned', logits));
    },
  };
}
