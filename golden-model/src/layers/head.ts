/**
 * Head: batch norm of the spikes, mean over tokens, Linear, mean over timesteps. All of it is linear, so it becomes
 * one sum for each class over every spike of the last map, and no division: logit_k = B_k + sum of q_kc, in units of
 * 2^-e / (T * L).
 */
import { addRow, type WeightRows } from '../arithmetic/accumulate.js';
import { checkpointBias, checkpointNorm, checkpointWeights } from '../arithmetic/batch-norm.js';
import type { Numbers } from '../arithmetic/numbers.js';
import type { FloatCheckpoint } from '../checkpoint.js';
import type { FoldedLayer } from '../folded-network.js';
import { tokenCount } from '../layer-list.js';
import type { Layer, NetworkConfig } from '../network.js';
import type { Spikes } from '../spikes.js';
import { COMMON_SHAPE, type LayerDefinition } from './definition.js';

/** Spikes that one channel can have in an image, T * L. */
export function sitesPerChannel(layer: Layer, config: NetworkConfig): number {
  return config.timesteps * tokenCount(layer.input);
}

/** The batch norm is in front of the Linear: b <- b + W * (beta - scale * mean), W <- W * diag(scale). */
function fold(checkpoint: FloatCheckpoint, layer: Layer): FoldedLayer {
  const { scale, mean, beta } = checkpointNorm(checkpoint, layer);
  const weight = checkpointWeights(checkpoint, layer);
  const channels = layer.input.channels;
  const bias = checkpointBias(checkpoint, layer).map((b, k) => {
    const row = weight.subarray(k * channels, (k + 1) * channels);
    return row.reduce((sum, w, c) => sum + w * (beta[c]! - scale[c]! * mean[c]!), b);
  });
  return { shape: layer.weightShape, weight: weight.map((w, i) => w * scale[i % channels]!), bias, tokens: null };
}

function accumulate<N extends Numbers>(_layer: Layer, weights: WeightRows<N>, input: Spikes, sums: N): void {
  input.data.forEach((spike, i) => {
    if (spike === 1) addRow(weights, i % input.channels, sums, 0, 1);
  });
}

export const head: LayerDefinition = {
  ...COMMON_SHAPE,
  fold,
  quantization: {
    weightBits: 8,
    exponent: 'shared',
    biasCorrected: false,
    biasScale: (layer, config, _fractionBits, exponent) => 2 ** exponent * sitesPerChannel(layer, config),
  },
  accumulate,
  largestInput: sitesPerChannel,
  passes: sitesPerChannel,
};
