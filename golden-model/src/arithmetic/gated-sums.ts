/** The weighted layers of one network, ready to be accumulated in one number system. */
import { tokenCount } from '../layer-list.js';
import { LAYERS } from '../layers/table.js';
import type { Layer, NetworkConfig } from '../network.js';
import type { Spikes } from '../spikes.js';
import { transposeToRows } from './accumulate.js';
import type { NewNumbers, Numbers } from './numbers.js';

/** Transposed weights by layer name; made once for a network. */
export type RowsByLayer<N extends Numbers> = ReadonlyMap<string, N>;

export function transposeAll<N extends Numbers>(
  layers: ReadonlyMap<string, { readonly shape: readonly number[]; readonly weight: ArrayLike<number> }>,
  create: NewNumbers<N>,
): RowsByLayer<N> {
  const rows = new Map<string, N>();
  for (const [name, { shape, weight }] of layers) {
    const transposed = create(weight.length);
    transposeToRows(shape, weight, transposed);
    rows.set(name, transposed);
  }
  return rows;
}

/** Accumulates layers, and counts the additions of every row of weights. */
export interface GatedSums<N extends Numbers> {
  /** Spike-gated sums of a layer, [T, token, channel]; for the head one for each class. */
  readonly sums: (layer: Layer, input: Spikes) => N;
  /** By layer name: how often each row was added so far; see WeightRows. */
  readonly additions: ReadonlyMap<string, Uint32Array>;
}

export function startSums<N extends Numbers>(
  config: NetworkConfig,
  rowsByLayer: RowsByLayer<N>,
  create: NewNumbers<N>,
): GatedSums<N> {
  const additions = new Map<string, Uint32Array>();
  const sums = (layer: Layer, input: Spikes): N => {
    const rows = rowsByLayer.get(layer.name)!;
    const outputs = layer.weightShape.length === 1 ? 1 : layer.weightShape[0]!;
    const counts = new Uint32Array(rows.length / outputs);
    additions.set(layer.name, counts);
    const rounds = layer.kind === 'head' ? 1 : config.timesteps;
    const result = create(rounds * tokenCount(layer.output) * layer.output.channels);
    LAYERS[layer.kind].accumulate(layer, { rows, outputs, additions: counts }, input, result);
    return result;
  };
  return { sums, additions };
}
