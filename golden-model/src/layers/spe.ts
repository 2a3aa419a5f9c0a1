/**
 * SPE cell, which leads into a stage: five 3 x 3 convolutions with batch norm around three nodes of a third of the
 * channels each. cell2node reads the map before at stride 2, node_node the spikes of the node before at stride 1.
 */
import { convolveTimesteps } from '../arithmetic/accumulate.js';
import { foldOutputNorm } from '../arithmetic/batch-norm.js';
import type { Flow } from '../flow.js';
import type { Layer } from '../network.js';
import { COMMON_RULE, COMMON_SHAPE, type LayerDefinition } from './definition.js';

export const spe: LayerDefinition = {
  ...COMMON_SHAPE,
  fold: foldOutputNorm,
  quantization: COMMON_RULE,
  accumulate: convolveTimesteps,
};

/**
 * The cell on the spikes `x`: n1 = c1, n2 = c2 + c12, n3 = c3 + n1 + c23, where c12 reads LIF(n1) and c23 LIF(n2).
 *
 * @param layers the five convolutions in the order of execution: c1, c2, c12, c3, c23.
 * @returns h, the three nodes joined by their channels, and its spikes.
 */
export function speCell<V, S>(flow: Flow<V, S>, layers: readonly Layer[], x: S): { h: V; spikes: S } {
  const [c1, c2, c12, c3, c23] = layers as [Layer, Layer, Layer, Layer, Layer];
  const { add } = flow.arithmetic;
  const n1 = flow.affine(c1, x);
  const spikes1 = flow.fire(c1, n1);
  const n2 = add(flow.handOn(c2, flow.affine(c2, x)), flow.affine(c12, spikes1));
  const spikes2 = flow.fire(c12, n2);
  const n3 = add(flow.handOn(c3, add(flow.affine(c3, x), n1)), flow.affine(c23, spikes2));
  const spikes3 = flow.fire(c23, n3);
  return {
    h: flow.arithmetic.join([n1, n2, n3], c1.output.channels),
    spikes: flow.arithmetic.joinSpikes([spikes1, spikes2, spikes3]),
  };
}
