/** Random networks of the family, reproducible from a seed: any variant, shape and depth, height unlike width. */
import {
  checkpointShapes,
  type FloatCheckpoint,
  type FloatTensor,
  foldNetwork,
  imageShape,
  listLayers,
  type NetworkConfig,
  type QuantizedNetwork,
  type QuantizeOptions,
  quantizeNetwork,
  stageShapes,
  tokenCount,
} from '@spikemill/golden-model';
import * as fc from 'fast-check';

/** Uniform in [0, 1), the same sequence for the same seed (mulberry32). */
export function randomGenerator(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let x = Math.imul(state ^ (state >>> 15), state | 1);
    x ^= x + Math.imul(x ^ (x >>> 7), x | 61);
    return ((x ^ (x >>> 14)) >>> 0) / 2 ** 32;
  };
}

function gaussian(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

type RandomNumber = (random: () => number) => number;

/** Batch norm scales of both signs, some of them 0; weights of a size that makes neurons fire now and then. */
function distribution(key: string, shape: readonly number[]): RandomNumber {
  const isNormScale = shape.length === 1 && key.endsWith('.weight');
  if (key.endsWith('.running_var')) return (random) => 0.2 + 2 * random();
  if (key.endsWith('.running_mean')) return (random) => 0.3 * gaussian(random);
  if (isNormScale) return (random) => (random() < 0.1 ? 0 : 1.5 * gaussian(random));
  if (shape.length === 1) return (random) => 0.3 + 0.6 * gaussian(random);
  const fanIn = shape.slice(1).reduce((product, length) => product * length, 1);
  return (random) => (2 * gaussian(random)) / Math.sqrt(fanIn);
}

export function randomCheckpoint(config: NetworkConfig, seed: number): FloatCheckpoint {
  const random = randomGenerator(seed);
  const tensors = new Map<string, FloatTensor>();
  for (const layer of listLayers(config)) {
    for (const [key, shape] of checkpointShapes(layer)) {
      const draw = distribution(key, shape);
      const length = shape.reduce((product, size) => product * size, 1);
      tensors.set(key, { shape, data: Float64Array.from({ length }, () => draw(random)) });
    }
  }
  return { config, tensors };
}

export function randomQuantized(config: NetworkConfig, seed: number, options: QuantizeOptions = {}): QuantizedNetwork {
  return quantizeNetwork(foldNetwork(randomCheckpoint(config, seed)), options);
}

/** One image of random pixels, with many of them at the ends 0 and 255. */
export function randomImage(config: NetworkConfig, seed: number): Uint8Array {
  const random = randomGenerator(seed);
  const shape = imageShape(config);
  return Uint8Array.from({ length: tokenCount(shape) * shape.channels }, () => {
    const pick = random();
    return pick < 0.2 ? 0 : pick < 0.4 ? 255 : Math.floor(random() * 256);
  });
}

/** A small configuration: T 3, two stages of one and two blocks, height unlike width in both. */
export function smallConfig(changes: Partial<NetworkConfig> = {}): NetworkConfig {
  return {
    spe: true,
    inChannels: 2,
    dim: 3,
    alpha: 2,
    numClasses: 4,
    patchSize: 2,
    imageHeight: 9,
    imageWidth: 14,
    depths: [1, 2],
    timesteps: 3,
    mean: [0.4, 0.5],
    std: [0.3, 0.2],
    ...changes,
  };
}

/** Any small configuration of the family, odd sizes and leftover pixels included. */
export const anyConfig: fc.Arbitrary<NetworkConfig> = fc
  .record({
    spe: fc.boolean(),
    inChannels: fc.integer({ min: 1, max: 3 }),
    dim: fc.integer({ min: 1, max: 2 }),
    alpha: fc.integer({ min: 1, max: 3 }),
    numClasses: fc.integer({ min: 2, max: 5 }),
    patchSize: fc.integer({ min: 1, max: 3 }),
    imageHeight: fc.integer({ min: 3, max: 13 }),
    imageWidth: fc.integer({ min: 3, max: 13 }),
    depths: fc.array(fc.integer({ min: 1, max: 2 }), { minLength: 1, maxLength: 3 }),
    timesteps: fc.integer({ min: 1, max: 5 }),
  })
  .map((drawn) => ({
    ...drawn,
    dim: drawn.spe ? 3 * drawn.dim : 2 * drawn.dim,
    mean: Array.from({ length: drawn.inChannels }, (_, channel) => 0.4 + 0.1 * channel),
    std: Array.from({ length: drawn.inChannels }, (_, channel) => 0.3 - 0.05 * channel),
  }))
  .filter((config) => stageShapes(config).every((shape) => tokenCount(shape) > 0));
