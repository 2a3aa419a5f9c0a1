/**
 * Identity branch of the variant without SPE: fuse reads LIF(BN(x)) in place of x. A batch norm of a spike is one
 * weight for each channel, all with one exponent: I_c = ALIGN(x_c ? q_c : 0, e) + bias_c.
 */
import { addRow, type WeightRows } from '../arithmetic/accumulate.js';
import { checkpointNorm } from '../arithmetic/batch-norm.js';
import type { Numbers } from '../arithmetic/numbers.js';
import type { FloatCheckpoint } from '../checkpoint.js';
import type { FoldedLayer } from '../folded-network.js';
import type { Layer } from '../network.js';
import type { Spikes } from '../spikes.js';
import { COMMON_RULE, COMMON_SHAPE, type LayerDefinition } from './definition.js';

function fold(checkpoint: FloatCheckpoint, layer: Layer): FoldedLayer {
  const { scale, mean, beta } = checkpointNorm(checkpoint, layer);
  const bias = beta.map((b, channel) => b - scale[channel]! * mean[channel]!);
  return { shape: layer.weightShape, weight: scale, bias, tokens: null };
}

/** The row of an input is a single weight, and it goes to the same channel of the same token. */
function accumulate<N extends Numbers>(_layer: Layer, weights: WeightRows<N>, input: Spikes, sums: N): void {
  input.data.forEach((spike, i) => {
    if (spike === 1) addRow(weights, i % input.channels, sums, i, 1);
  });
}

export const identity: LayerDefinition = {
  ...COMMON_SHAPE,
  fold,
  quantization: { ...COMMON_RULE, weightBits: 8, exponent: 'shared', biasCorrected: false },
  accumulate,
};
