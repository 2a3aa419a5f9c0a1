/** Patch step of the variant without SPE: a 2 x 2 convolution of stride 2 over the spikes, with batch norm. */
import { convolveTimesteps } from '../arithmetic/accumulate.js';
import { foldOutputNorm } from '../arithmetic/batch-norm.js';
import { COMMON_RULE, COMMON_SHAPE, type LayerDefinition } from './definition.js';

export const patchStep: LayerDefinition = {
  ...COMMON_SHAPE,
  fold: foldOutputNorm,
  quantization: COMMON_RULE,
  accumulate: convolveTimesteps,
};
