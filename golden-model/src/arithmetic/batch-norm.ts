/** Batch normalisation with running statistics: y = scale * (x - mean) + beta. */
import { BATCH_NORM_EPSILON, type FloatCheckpoint, layerKeys } from '../checkpoint.js';
import { SpikemillError } from '../errors.js';
import type { BatchNorm, FoldedLayer } from '../folded-network.js';
import type { Layer } from '../network.js';

/** One tensor of a checkpoint; a complete checkpoint never throws here. */
export function checkpointTensor({ tensors }: FloatCheckpoint, key: string): Float64Array {
  const tensor = tensors.get(key);
  if (tensor === undefined) throw new SpikemillError('INVALID_TENSOR', `the tensor ${key} is missing`, { where: key });
  return tensor.data;
}

/** Weights of a layer as they come, before any folding. */
export function checkpointWeights(checkpoint: FloatCheckpoint, layer: Layer): Float64Array {
  const { weight } = layerKeys(layer);
  if (weight === null) throw new SpikemillError('INTERNAL', `${layer.name} has no weights of its own`);
  return checkpointTensor(checkpoint, weight);
}

/** Bias of a layer as it comes; zeros where it has none. */
export function checkpointBias(checkpoint: FloatCheckpoint, layer: Layer): Float64Array {
  const { bias } = layerKeys(layer);
  return bias === null ? new Float64Array(layer.weightShape[0]!) : checkpointTensor(checkpoint, bias);
}

/** The batch norm that belongs to a layer, with scale = gamma / sqrt(variance + epsilon). */
export function checkpointNorm(checkpoint: FloatCheckpoint, layer: Layer): BatchNorm {
  const { norm } = layerKeys(layer);
  const gamma = checkpointTensor(checkpoint, `${norm}.weight`);
  const variance = checkpointTensor(checkpoint, `${norm}.running_var`);
  return {
    scale: gamma.map((g, i) => g / Math.sqrt(variance[i]! + BATCH_NORM_EPSILON)),
    mean: checkpointTensor(checkpoint, `${norm}.running_mean`),
    beta: checkpointTensor(checkpoint, `${norm}.bias`),
  };
}

/**
 * Folds the batch norm behind a layer, which runs over the outputs of the weights:
 * W <- scale * W, b <- beta + scale * (b - mean).
 */
export function foldOutputNorm(checkpoint: FloatCheckpoint, layer: Layer): FoldedLayer {
  const { scale, mean, beta } = checkpointNorm(checkpoint, layer);
  const weight = checkpointWeights(checkpoint, layer);
  const inputs = weight.length / scale.length;
  return {
    shape: layer.weightShape,
    weight: weight.map((w, i) => scale[Math.floor(i / inputs)]! * w),
    bias: checkpointBias(checkpoint, layer).map((b, o) => beta[o]! + scale[o]! * (b - mean[o]!)),
    tokens: null,
  };
}
