/**
 * Patch embedding: a p x p convolution of stride p over the uint8 pixels, with batch norm. The same at every timestep,
 * so it is computed once. Pixels beyond the last whole patch are not read.
 */
import { convolve, type WeightRows } from '../arithmetic/accumulate.js';
import { foldOutputNorm } from '../arithmetic/batch-norm.js';
import type { Numbers } from '../arithmetic/numbers.js';
import type { FloatCheckpoint } from '../checkpoint.js';
import type { FoldedLayer } from '../folded-network.js';
import type { Layer, MapShape } from '../network.js';
import type { Spikes } from '../spikes.js';
import { COMMON_RULE, COMMON_SHAPE, type LayerDefinition } from './definition.js';

const PIXEL_BITS = 8;
const LARGEST_PIXEL = 2 ** PIXEL_BITS - 1;

/**
 * The bits of an image as 8 binary maps, least significant first.
 *
 * @param image uint8 pixels [channel, row, column].
 */
export function bitPlanes(image: Uint8Array, shape: MapShape): Spikes {
  const { channels, height, width } = shape;
  const pixels = height * width;
  const data = new Uint8Array(PIXEL_BITS * pixels * channels);
  for (let channel = 0; channel < channels; channel++) {
    for (let pixel = 0; pixel < pixels; pixel++) {
      const value = image[channel * pixels + pixel]!;
      for (let bit = 0; bit < PIXEL_BITS; bit++) {
        data[(bit * pixels + pixel) * channels + channel] = (value >> bit) & 1;
      }
    }
  }
  return { ...shape, rounds: PIXEL_BITS, data };
}

/**
 * Folds the batch norm, then the pixel normalisation x = (pixel / 255 - mean) / std into the weights. Exact, because
 * without padding every output reads every weight.
 */
function fold(checkpoint: FloatCheckpoint, layer: Layer): FoldedLayer {
  const { shape, weight, bias } = foldOutputNorm(checkpoint, layer);
  const { mean, std } = checkpoint.config;
  const taps = layer.kernel * layer.kernel;
  const inputs = layer.input.channels * taps;
  const channelOf = (index: number): number => Math.floor((index % inputs) / taps);
  const shifted = bias.slice();
  weight.forEach((w, i) => {
    const channel = channelOf(i);
    shifted[Math.floor(i / inputs)]! -= (w * mean[channel]!) / std[channel]!;
  });
  const scaled = weight.map((w, i) => w / (LARGEST_PIXEL * std[channelOf(i)]!));
  return { shape, weight: scaled, bias: shifted, tokens: null };
}

/**
 * acc = sum over bit planes b of (sum over inputs of q_i * p_i[b]) << b, most significant plane first, so that each
 * further plane doubles what is there. All timesteps receive the same sums.
 */
function accumulate<N extends Numbers>(layer: Layer, weights: WeightRows<N>, planes: Spikes, sums: N): void {
  const size = layer.output.height * layer.output.width * layer.output.channels;
  for (let bit = planes.rounds - 1; bit >= 0; bit--) {
    for (let i = 0; i < size; i++) sums[i]! *= 2;
    convolve(layer, weights, planes, bit, sums, 0);
  }
  for (let start = size; start < sums.length; start += size) sums.copyWithin(start, 0, size);
}

export const patchEmbedding: LayerDefinition = {
  ...COMMON_SHAPE,
  fold,
  quantization: { ...COMMON_RULE, weightBits: 8, biasCorrected: false },
  accumulate,
  largestInput: () => LARGEST_PIXEL,
  passes: () => PIXEL_BITS,
};
