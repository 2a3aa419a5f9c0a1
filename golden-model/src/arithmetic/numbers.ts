/** Arrays of the two executable number systems. */
import { copyChannels } from '../spikes.js';

/** int32 in the integer mode, binary64 in the float mode. */
export type Numbers = Int32Array | Float64Array;

export type NewNumbers<N extends Numbers> = (length: number) => N;
export const newIntegers: NewNumbers<Int32Array> = (length) => new Int32Array(length);
export const newFloats: NewNumbers<Float64Array> = (length) => new Float64Array(length);

/**
 * Replaces every value by `change(value, output)`, where `output` is the output of the weights that made it.
 *
 * @param stride LayerDefinition.outputStride: how far outputs are apart in a [token, channel] map.
 * @param outputs number of outputs; stride * outputs divides the length.
 */
export function changeByOutput<N extends Numbers>(
  values: N,
  stride: number,
  outputs: number,
  change: (value: number, output: number) => number,
): void {
  for (let start = 0; start < values.length; start += stride * outputs) {
    for (let output = 0; output < outputs; output++) {
      const first = start + output * stride;
      for (let i = first; i < first + stride; i++) values[i] = change(values[i]!, output);
    }
  }
}

export function addNumbers<N extends Numbers>(a: N, b: N): N {
  const sum = a.slice() as N;
  for (let i = 0; i < sum.length; i++) sum[i]! += b[i]!;
  return sum;
}

export function joinNumbers<N extends Numbers>(parts: readonly N[], channels: number, create: NewNumbers<N>): N {
  const joined = create(parts.reduce((length, part) => length + part.length, 0));
  parts.forEach((part, i) => {
    copyChannels(part, channels, joined, channels * parts.length, i * channels);
  });
  return joined;
}
