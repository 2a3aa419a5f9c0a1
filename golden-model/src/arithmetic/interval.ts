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
import { type Range, rangeOf } from '../range.js';
import { joinSpikes } from '../spikes.js';
import { tapToken } from './accumulate.js';
import { align } from './align.js';
import type { Arithmetic } from './arithmetic.js';
import { addNumbers, changeByOutput, joinNumbers, newFloats } from './numbers.js';

/** Both ends of every element of one [token, channel] map; the same at every timestep. */
export interface Intervals {
  readonly min: Float64Array;
  readonly max: Float64Array;
}

/** Quantities of a layer that have bounds. */
export type Bounded = 'accumulator' | 'shifted' | 'aligned' | 'product' | 'current' | 'membrane';
export type Recorder = (layer: Layer, quantity: Bounded, range: Range) => void;

/** Accumulators stay below, so that the rounding constant of ALIGN can be added in int32. */
const ACCUMULATOR_LIMIT = 2 ** 30;
const INT32_LIMIT = 2 ** 31;

function makeIntervals(length: number): Intervals {
  return { min: new Float64Array(length), max: new Float64Array(length) };
}

/** From the smallest to the largest of all elements. */
export function spanOf({ min, max }: Intervals): Range {
  return { min: rangeOf(min).min, max: rangeOf(max).max };
}

/** @throws SpikemillError INVALID_TENSOR if the range reaches beyond int32, or the limit. */
function assertWithin(layer: Layer, quantity: Bounded, { min, max }: Range, limit: number): void {
  if (min > -limit && max < limit) return;
  throw new SpikemillError('INVALID_TENSOR', `the ${quantity} value of ${layer.name} can leave int32`, {
    where: layer.name,
    expected: `between -${limit} and ${limit}`,
    actual: `${min} to ${max}`,
    suggestions: ['quantize with fewer fractional bits', 'check the exponents and the batch norms of this layer'],
  });
}

/**
 * Applies a function that is monotone in its first argument to both ends of every element.
 *
 * @param stride distance between elements of neighbouring `index`, and `count` of them, as in changeByOutput.
 */
function mapEnds(
  { min, max }: Intervals,
  stride: number,
  count: number,
  f: (end: number, index: number) => number,
): Intervals {
  const mapped = { min: min.slice(), max: max.slice() };
  changeByOutput(mapped.min, stride, count, f);
  changeByOutput(mapped.max, stride, count, f);
  for (let i = 0; i < min.length; i++) {
    const a = mapped.min[i]!;
    const b = mapped.max[i]!;
    if (a <= b) continue;
    mapped.min[i] = b;
    mapped.max[i] = a;
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
      for (let channel = 0; channel < channels; channel++) {
        const i = token * channels + channel;
        const index = tap * outputs + (stride === 1 ? channel : Math.floor(i / stride) % outputs);
        sums.min[i]! += largestInput * taps.min[index]!;
        sums.max[i]! += largestInput * taps.max[index]!;
      }
    }
  }
  return sums;
}

/** ALIGN, but for a left shift beyond int32, which gives a number that `assertWithin` rejects. */
function alignEnd(sum: number, shift: number): number {
  const LARGEST = INT32_LIMIT - 1;
  const isTooLarge = shift > 0 && Math.abs(sum) > LARGEST >> Math.min(shift, 31);
  return isTooLarge ? Math.sign(sum) * INT32_LIMIT : align(sum, shift);
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
    }
    membranes.min[i] = low;
    membranes.max[i] = high;
  }
  return membranes;
}

function add(a: Intervals, b: Intervals): Intervals {
  return { min: addNumbers(a.min, b.min), max: addNumbers(a.max, b.max) };
}

function join(parts: readonly Intervals[], channels: number): Intervals {
  const ends = (end: keyof Intervals): Float64Array[] => parts.map((part) => part[end]);
  return { min: joinNumbers(ends('min'), channels, newFloats), max: joinNumbers(ends('max'), channels, newFloats) };
}

/**
 * @param record is given the range of every quantity of every layer as it arises; of the currents those that a LIF
 *   reads.
 */
export function intervalArithmetic(network: QuantizedNetwork, record: Recorder): Arithmetic<Intervals> {
  const { config, format } = network;
  const note = (layer: Layer, quantity: Bounded, intervals: Intervals, limit = INT32_LIMIT): Intervals => {
    const range = spanOf(intervals);
    assertWithin(layer, quantity, range, limit);
    record(layer, quantity, range);
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
      const shifted = mapEnds(accumulators(layer), stride, bias.length, (sum, output) => {
        return alignEnd(sum, format.fractionBits - exponent[output]!);
      });
      note(layer, 'shifted', shifted);
      const aligned = mapEnds(shifted, stride, bias.length, (end, output) => end + bias[output]!);
      return note(layer, 'product', note(layer, 'aligned', aligned));
    },
    add,
    join,
    joinSpikes,
    firstLinear: (layer, values) => {
      const { bias, negate } = network.firstLinearTokens.get(layer.name)!;
      return mapEnds(values, layer.output.channels, bias.length, (j, n) => firstLinearCurrent(j, negate[n]!, bias[n]!));
    },
    secondLinear: (layer, values) => {
      const { bias, scale } = network.secondLinearTokens.get(layer.name)!;
      const { channels } = layer.output;
      const products = mapEnds(values, channels, scale.length, (y, n) => secondLinearProduct(y, scale[n]!));
      note(layer, 'product', products);
      return mapEnds(products, channels, bias.length, (p, n) => {
        return secondLinearCurrent(p, format.scaleFractionBits, bias[n]!);
      });
    },
    fire: (layer, currents) => {
      const smallest = smallestMembrane(format.membraneBits);
      note(layer, 'current', currents, INT32_LIMIT + smallest);
      const membranes = boundMembranes(currents, theta2Of(network, layer), smallest, config.timesteps);
      note(layer, 'membrane', membranes);
      const { channels, height, width } = layer.output;
      const data = new Uint8Array(tokenCount(layer.output) * channels);
      return { spikes: { rounds: 1, channels, height, width, data }, membranes };
    },
    score: (layer) => {
      const { bias } = network.layers.get(layer.name)!;
      const sums = note(layer, 'shifted', accumulators(layer));
      const logits = mapEnds(sums, 1, bias.length, (sum, k) => sum + bias[k]!);
      return note(layer, 'product', note(layer, 'aligned', logits));
    },
  };
}
