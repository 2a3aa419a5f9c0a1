import type { FloatCheckpoint } from './checkpoint.js';
import type { FoldedNetwork } from './folded-network.js';
import { listLayers } from './layer-list.js';
import { LAYERS } from './layers/table.js';

/**
 * Folds the batch norms and the pixel normalisation of a float checkpoint into its weights, in binary64. What stays
 * is the batch norm over tokens behind the Linears of the channel blocks; see the layer files.
 *
 * @throws SpikemillError INVALID_TENSOR if a tensor is missing; everything else was checked at import.
 */
export function foldNetwork(checkpoint: FloatCheckpoint): FoldedNetwork {
  const { config } = checkpoint;
  const folded = listLayers(config).map((layer) => [layer.name, LAYERS[layer.kind].fold(checkpoint, layer)] as const);
  return { config, layers: new Map(folded) };
}
