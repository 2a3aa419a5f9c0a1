/** Two back-ends side by side on one image, layer by layer. */
import { listLayers } from '../layer-list.js';
import type { QuantizedNetwork } from '../quantized-network.js';
import type { RunResult } from '../run.js';
import type { Backend } from './backend.js';

export interface LayerDifference {
  /** Layer name. */
  readonly layer: string;
  readonly what: 'current' | 'spikes' | 'membranes' | 'additions' | 'logits' | 'packed spikes';
  /** Into [T, token, channel], or the row of the weights. */
  readonly index: number;
  readonly expected: number;
  readonly actual: number;
}

type Values = ArrayLike<number>;
type Part = readonly [layer: string, what: LayerDifference['what'], values: Values];

/** Everything that a back-end can show of one image; runs it twice, because other kernels serve when it is not watched. */
function collect(network: QuantizedNetwork, backend: Backend, image: Uint8Array): Part[] {
  const parts: Part[] = [];
  const watched = backend.run(image, {
    observe: (layer, current, fired) => {
      parts.push([layer.name, 'current', Int32Array.from(current)]);
      if (fired === null) return;
      parts.push([layer.name, 'spikes', fired.spikes.data.slice()]);
      parts.push([layer.name, 'membranes', Int32Array.from(fired.membranes)]);
    },
  });
  const plain = backend.run(image, {
    additions: false,
    observeBits: (lif, bits) => parts.push([lif.name, 'packed spikes', bits.slice()]),
  });
  return [...parts, ...summaryParts(network, watched), ['plain run', 'logits', plain.logits]];
}

function summaryParts(network: QuantizedNetwork, { additions, logits }: RunResult<Int32Array>): Part[] {
  const layers = listLayers(network.config);
  const counts = layers.map(({ name }): Part => [name, 'additions', additions.get(name)!]);
  return [...counts, [layers.at(-1)!.name, 'logits', logits]];
}

function firstDifference(expected: Values, actual: Values): number {
  for (let i = 0; i < Math.max(expected.length, actual.length); i++) if (expected[i] !== actual[i]) return i;
  return -1;
}

/**
 * The first difference of every layer and quantity, in the order of execution; none: the two are equal in every current,
 * spike, membrane, count and logit.
 */
export function compareBackends(
  network: QuantizedNetwork,
  expected: Backend,
  actual: Backend,
  image: Uint8Array,
): LayerDifference[] {
  const right = collect(network, expected, image);
  const left = collect(network, actual, image);
  return right.flatMap(([layer, what, values], i) => {
    const [, , found] = left[i]!;
    const index = firstDifference(values, found);
    return index === -1 ? [] : [{ layer, what, index, expected: values[index]!, actual: found[index]! }];
  });
}
