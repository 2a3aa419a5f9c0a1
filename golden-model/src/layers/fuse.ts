/** Fuse: a linear map at every token from the channels [x, x_h, x_w] (3C) to C channels, with batch norm. */
import { convolveTimesteps } from '../arithmetic/accumulate.js';
import { foldOutputNorm } from '../arithmetic/batch-norm.js';
import { COMMON_RULE, COMMON_SHAPE, type LayerDefinition } from './definition.js';

export const fuse: LayerDefinition = {
  ...COMMON_SHAPE,
  fold: foldOutputNorm,
  quantization: COMMON_RULE,
  accumulate: convolveTimesteps,
};
