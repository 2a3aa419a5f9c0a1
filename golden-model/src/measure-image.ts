/** One image with the figures that statistics need of it: plain data that a worker can send. */
import type { Numbers } from './arithmetic/numbers.js';
import { listLayers } from './layer-list.js';
import type { NetworkConfig } from './network.js';
import { effectiveOperations } from './operations.js';
import type { LayerTotals, RunOptions, RunResult } from './run.js';

export interface ImageOutcome<N extends Numbers = Numbers> {
  readonly logits: N;
  readonly classIndex: number;
  /** One for each layer of `listLayers` that has a LIF: the LIF's name and what its neurons did. */
  readonly totals: readonly (readonly [lif: string, totals: LayerTotals])[];
  /** Effective operations, one number for each layer of `listLayers`. */
  readonly operations: readonly number[];
}

/** @param run as Backend.run */
export function measureImage<N extends Numbers>(
  config: NetworkConfig,
  run: (image: Uint8Array, options: RunOptions) => RunResult<N>,
  image: Uint8Array,
): { result: RunResult<N>; outcome: ImageOutcome<N> } {
  const totals: [string, LayerTotals][] = [];
  const result = run(image, {
    observeTotals: (layer, figures) => {
      if (figures !== null) totals.push([layer.lif!, figures]);
    },
  });
  const operations = listLayers(config).map((layer) => effectiveOperations(layer, result.additions.get(layer.name)!));
  const { logits, classIndex } = result;
  return { result, outcome: { logits, classIndex, totals, operations } };
}
