/** Synaptic operations: additions of one weight to one accumulator. */
import { tokenCount } from './layer-list.js';
import { LAYERS } from './layers/table.js';
import type { Layer, NetworkConfig } from './network.js';

/** Weights that one output of a layer reads. */
export function fanIn({ weightShape }: Layer): number {
  return weightShape.slice(1).reduce((product, length) => product * length, 1);
}

/** Input bits that the outputs of a layer look at in one image, padding counted: one for each row of weights. */
export function inputReads(layer: Layer, config: NetworkConfig): number {
  return denseOperations(layer, config) / rowLength(layer);
}

/** Operations of one image if every input bit were set; see DerivedLayer.denseOperations. */
export function denseOperations(layer: Layer, config: NetworkConfig): number {
  const outputs = tokenCount(layer.output) * layer.output.channels;
  return LAYERS[layer.kind].passes(layer, config) * outputs * fanIn(layer);
}

/** Operations of one image for its set input bits alone. @param additions of the layer, from RunResult.additions. */
export function effectiveOperations(layer: Layer, additions: Uint32Array): number {
  return rowLength(layer) * additions.reduce((sum, count) => sum + count, 0);
}

/** Outputs that one input bit reaches at a time; an identity branch maps each input to its own output. */
function rowLength({ weightShape }: Layer): number {
  return weightShape.length === 1 ? 1 : weightShape[0]!;
}
