/** A float network in memory: what an imported checkpoint holds, before any folding. */
import type { Layer, NetworkConfig } from './network.js';

export interface FloatTensor {
  readonly shape: readonly number[];
  /** Row-major, every value finite. */
  readonly data: Float64Array;
}

/** Complete and checked: every tensor that the configuration asks for is there in its shape. */
export interface FloatCheckpoint {
  readonly config: NetworkConfig;
  /** By official state-dict key, such as `token_mix.0.fuse.0.weight`. */
  readonly tensors: ReadonlyMap<string, FloatTensor>;
}

/** Added to the variance by every batch norm of the family. */
export const BATCH_NORM_EPSILON = 1e-5;

/** State-dict keys that belong to one weighted layer. */
export interface LayerKeys {
  /** null for the identity branch, which is a batch norm alone. Shape: see checkpointShapes. */
  readonly weight: string | null;
  /** null where the layer has no bias of its own. */
  readonly bias: string | null;
  /** Prefix of the batch norm: `.weight`, `.bias`, `.running_mean`, `.running_var`. For the head the one before it. */
  readonly norm: string;
}

/** Tensor names of a batch norm. */
export const NORM_TENSORS = ['weight', 'bias', 'running_mean', 'running_var'] as const;

/** Where the official state dict keeps the float tensors of `layer`. */
export function layerKeys({ kind, name, block }: Layer): LayerKeys {
  switch (kind) {
    case 'patch-embedding':
    case 'spe':
    case 'patch-step':
    case 'fuse':
      return { weight: `${name}.0.weight`, bias: null, norm: `${name}.1` };
    case 'identity':
      return { weight: null, bias: null, norm: name };
    case 'axial-h':
    case 'axial-w':
      return { weight: `${name}.1.weight`, bias: `${name}.1.bias`, norm: `${name}.2` };
    case 'fc1':
      return { weight: `${name}.weight`, bias: `${name}.bias`, norm: `channel_mix.${block}.1.net.1` };
    case 'fc2':
      return { weight: `${name}.weight`, bias: `${name}.bias`, norm: `channel_mix.${block}.1.net.4` };
    case 'head':
      return { weight: `${name}.1.weight`, bias: `${name}.1.bias`, norm: 'batch_norm' };
  }
}

/** Length of the axis that the batch norm of `layer` runs over. */
function normLength({ kind, input, output, weightShape }: Layer): number {
  if (kind === 'fc1' || kind === 'fc2') return output.height * output.width;
  return kind === 'head' ? input.channels : weightShape[0]!;
}

/** Every tensor of `layer` in a checkpoint with its shape. 1x1 convolutions are stored as [O, I, 1, 1]. */
export function checkpointShapes(layer: Layer): ReadonlyMap<string, readonly number[]> {
  const { weight, bias, norm } = layerKeys(layer);
  const shapes = new Map<string, readonly number[]>();
  const isPointwise = layer.kind === 'axial-h' || layer.kind === 'axial-w' || layer.kind === 'fuse';
  if (weight !== null) shapes.set(weight, isPointwise ? [...layer.weightShape, 1, 1] : layer.weightShape);
  if (bias !== null) shapes.set(bias, [layer.weightShape[0]!]);
  for (const name of NORM_TENSORS) shapes.set(`${norm}.${name}`, [normLength(layer)]);
  return shapes;
}
