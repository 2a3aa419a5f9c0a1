/**
 * Random networks of any shape whose neurons fire at a wanted rate. Weights are normal numbers; every batch norm takes
 * the mean and variance of what it meets while an image passes for the first time, and then moves by what makes the
 * neurons behind it fire at the wanted rate.
 */

import type { Arithmetic, Fired } from '../arithmetic/arithmetic.js';
import { startSums, transposeAll } from '../arithmetic/gated-sums.js';
import { addNumbers, changeByOutput, joinNumbers, newFloats } from '../arithmetic/numbers.js';
import {
  BATCH_NORM_EPSILON,
  checkpointShapes,
  type FloatCheckpoint,
  type FloatTensor,
  layerKeys,
} from '../checkpoint.js';
import { makeDataFlow } from '../data-flow.js';
import { imageShape, listLayers } from '../layer-list.js';
import { normalizeTokens } from '../layers/channel.js';
import { fireFloats } from '../layers/lif.js';
import { bitPlanes } from '../layers/patch-embedding.js';
import { LAYERS } from '../layers/table.js';
import type { Layer, NetworkConfig } from '../network.js';
import { fanIn } from '../operations.js';
import { joinSpikes } from '../spikes.js';
import { type Generator, makeGenerator } from './generator.js';

export interface RandomNetworkOptions {
  readonly config: NetworkConfig;
  /** Spikes per neuron and timestep, 0..1, that every population is brought to. */
  readonly density: number;
  readonly seed: number;
  /** The image that calibrates, uint8 [channel, row, column]. */
  readonly image: Uint8Array;
  readonly onLayer?: (layer: Layer) => void;
}

/** Batch norms start as the identity: gamma 1, beta 0, mean 0, variance 1 - epsilon. */
function neutral(key: string): number {
  if (key.endsWith('.weight')) return 1;
  return key.endsWith('.running_var') ? 1 - BATCH_NORM_EPSILON : 0;
}

function drawTensors(layer: Layer, { gaussian }: Generator): [string, FloatTensor][] {
  const { weight } = layerKeys(layer);
  const deviation = 1 / Math.sqrt(fanIn(layer));
  return [...checkpointShapes(layer)].map(([key, shape]) => {
    const length = shape.reduce((product, size) => product * size, 1);
    const draw = key === weight ? () => Math.fround(deviation * gaussian()) : () => neutral(key);
    return [key, { shape, data: Float64Array.from({ length }, draw) }];
  });
}

/** Share of the mean variance below which a channel is not blown up. */
const LEAST_VARIANCE_SHARE = 0.05;
const SCALE_SPREAD = 0.2;

interface Norm {
  readonly gamma: Float64Array;
  readonly beta: Float64Array;
  readonly mean: Float64Array;
  readonly variance: Float64Array;
}

function normOf({ tensors }: FloatCheckpoint, layer: Layer): Norm {
  const { norm } = layerKeys(layer);
  const tensor = (name: string): Float64Array => tensors.get(`${norm}.${name}`)!.data;
  return {
    gamma: tensor('weight'),
    beta: tensor('bias'),
    mean: tensor('running_mean'),
    variance: tensor('running_var'),
  };
}

/** Takes mean and variance from the values; `stride` is that of the axis of the norm, see changeByOutput. */
function measureNorm(norm: Norm, values: Float64Array, stride: number, { gaussian }: Generator): void {
  const { gamma, mean, variance } = norm;
  const sums = new Float64Array(mean.length);
  const squares = new Float64Array(mean.length);
  changeByOutput(values, stride, mean.length, (x, i) => {
    sums[i]! += x;
    squares[i]! += x * x;
    return x;
  });
  const count = values.length / mean.length;
  const variances = squares.map((square, i) => Math.max(0, square / count - (sums[i]! / count) ** 2));
  const least = (LEAST_VARIANCE_SHARE * variances.reduce((a, b) => a + b, 0)) / mean.length;
  for (let i = 0; i < mean.length; i++) {
    mean[i] = Math.fround(sums[i]! / count);
    variance[i] = Math.fround(Math.max(variances[i]!, least, BATCH_NORM_EPSILON));
    gamma[i] = Math.fround(Math.exp(SCALE_SPREAD * gaussian()));
  }
}

const SHIFT_STEPS = 16;
const LARGEST_SHIFT = 8;

/** Neurons that the search looks at. */
const SAMPLE = 20_000;

/** Every n-th neuron of a population with all its timesteps, so that at most SAMPLE are left. */
function sampleNeurons(currents: Float64Array, timesteps: number): Float64Array {
  const size = currents.length / timesteps;
  const step = Math.ceil(size / SAMPLE);
  const count = Math.ceil(size / step);
  return Float64Array.from({ length: timesteps * count }, (_, i) => {
    return currents[Math.floor(i / count) * size + (i % count) * step]!;
  });
}

/** What must be added to all currents for the wanted share of spikes: by bisection, the share only grows. */
function findShift(currents: Float64Array, timesteps: number, density: number): number {
  const sample = sampleNeurons(currents, timesteps);
  const shape = { channels: sample.length / timesteps, height: 1, width: 1 };
  let low = -LARGEST_SHIFT;
  let high = LARGEST_SHIFT;
  for (let i = 0; i < SHIFT_STEPS; i++) {
    const middle = (low + high) / 2;
    const { spikes } = fireFloats(
      shape,
      sample.map((x) => x + middle),
    );
    const fired = spikes.data.reduce((sum, spike) => sum + spike, 0);
    if (fired < density * spikes.data.length) low = middle;
    else high = middle;
  }
  return Math.fround((low + high) / 2);
}

function calibratingArithmetic(checkpoint: FloatCheckpoint, options: RandomNetworkOptions): Arithmetic<Float64Array> {
  const { config, density } = options;
  const generator = makeGenerator(options.seed + 1);
  /** Float64 sums of one layer, with the batch norm still neutral. */
  const affine: Arithmetic<Float64Array>['affine'] = (layer, input) => {
    options.onLayer?.(layer);
    const folded = LAYERS[layer.kind].fold(checkpoint, layer);
    const rows = transposeAll(new Map([[layer.name, folded]]), newFloats);
    const values = startSums(config, rows, newFloats).sums(layer, input);
    const stride = LAYERS[layer.kind].outputStride(layer);
    changeByOutput(values, stride, folded.bias.length, (sum, o) => sum + folded.bias[o]!);
    if (folded.tokens !== null) return values;
    const norm = normOf(checkpoint, layer);
    measureNorm(norm, values, stride, generator);
    const scale = norm.gamma.map((g, i) => g / Math.sqrt(norm.variance[i]! + BATCH_NORM_EPSILON));
    changeByOutput(values, stride, scale.length, (x, i) => scale[i]! * (x - norm.mean[i]!));
    return values;
  };
  const normalize = (layer: Layer, values: Float64Array): Float64Array => {
    const norm = normOf(checkpoint, layer);
    const { channels } = layer.output;
    measureNorm(norm, values, channels, generator);
    const scale = norm.gamma.map((g, i) => g / Math.sqrt(norm.variance[i]! + BATCH_NORM_EPSILON));
    return normalizeTokens(values, channels, { scale, mean: norm.mean, beta: norm.beta });
  };
  const fire = (layer: Layer, currents: Float64Array): Fired<Float64Array> => {
    const shift = findShift(currents, config.timesteps, density);
    normOf(checkpoint, layer).beta.fill(shift);
    // The currents themselves are shared with other layers (h, h + tok), which add them as they now are.
    for (let i = 0; i < currents.length; i++) currents[i]! += shift;
    return fireFloats(layer.output, currents);
  };
  return {
    affine,
    add: addNumbers,
    join: (parts, channels) => joinNumbers(parts, channels, newFloats),
    joinSpikes,
    firstLinear: normalize,
    secondLinear: normalize,
    fire,
    score: () => new Float64Array(config.numClasses),
  };
}

/** A calibrated random network; every number is a binary32 number. The same options give the same network. */
export function randomNetwork(options: RandomNetworkOptions): FloatCheckpoint {
  const { config, image, seed } = options;
  const generator = makeGenerator(seed);
  const tensors = new Map(listLayers(config).flatMap((layer) => drawTensors(layer, generator)));
  const checkpoint = { config, tensors };
  const arithmetic = calibratingArithmetic(checkpoint, options);
  makeDataFlow(config).run(arithmetic, bitPlanes(image, imageShape(config)), () => undefined);
  return checkpoint;
}
