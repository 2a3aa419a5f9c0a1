/**
 * The spike-gated accumulation that all layers share: an input that spikes adds its row of weights to the outputs, an
 * input that does not adds nothing. Which inputs reach which outputs is all that differs between the layers.
 */
import type { Layer } from '../network.js';
import type { Spikes } from '../spikes.js';
import type { Numbers } from './numbers.js';

/** The weights of one layer, transposed: row i holds what input i adds to each output. */
export interface WeightRows<N extends Numbers> {
  readonly rows: N;
  /** Length of a row. */
  readonly outputs: number;
  /** How often each row was added: the spikes of each input, summed over everything that shares the weights. */
  readonly additions: Uint32Array;
}

/**
 * Adds row `input` to the sums at `start`, `start + stride`, ...
 *
 * @param stride distance of the outputs of one site in `sums`: 1 where the outputs are channels.
 */
export function addRow<N extends Numbers>(
  weights: WeightRows<N>,
  input: number,
  sums: N,
  start: number,
  stride: number,
): void {
  const { rows, outputs, additions } = weights;
  const row = input * outputs;
  for (let output = 0; output < outputs; output++) sums[start + output * stride]! += rows[row + output]!;
  additions[input]! += 1;
}

/** Token of the input map under a kernel tap of an output token; -1 where the tap lies on the padding. */
export function tapToken(layer: Layer, row: number, column: number, tap: number): number {
  const { input, kernel, stride, padding } = layer;
  const y = row * stride - padding + Math.floor(tap / kernel);
  const x = column * stride - padding + (tap % kernel);
  return y < 0 || y >= input.height || x < 0 || x >= input.width ? -1 : y * input.width + x;
}

/**
 * Convolution of one round (timestep or bit plane): every spike under the kernel adds its row to the output token.
 * Row tap * I + i belongs to channel i under tap kh * kernel + kw. A kernel of 1 makes it a layer on tokens.
 *
 * @param sums [token, output] of this round, in `sums` from `start` on.
 */
export function convolve<N extends Numbers>(
  layer: Layer,
  weights: WeightRows<N>,
  input: Spikes,
  round: number,
  sums: N,
  start: number,
): void {
  const { channels, data } = input;
  const { height, width } = layer.output;
  const firstSite = round * input.height * input.width;
  const taps = layer.kernel * layer.kernel;
  for (let token = 0; token < height * width; token++) {
    for (let tap = 0; tap < taps; tap++) {
      const source = tapToken(layer, Math.floor(token / width), token % width, tap);
      if (source < 0) continue;
      const site = (firstSite + source) * channels;
      for (let channel = 0; channel < channels; channel++) {
        if (data[site + channel] === 0) continue;
        addRow(weights, tap * channels + channel, sums, start + token * weights.outputs, 1);
      }
    }
  }
}

/** `convolve` at every timestep. */
export function convolveTimesteps<N extends Numbers>(
  layer: Layer,
  weights: WeightRows<N>,
  input: Spikes,
  sums: N,
): void {
  const size = sums.length / input.rounds;
  for (let t = 0; t < input.rounds; t++) convolve(layer, weights, input, t, sums, t * size);
}

/**
 * Transposes weights to rows.
 *
 * @param shape [O, I, kh, kw], [O, I], or [C]: the weights of the identity branch, rows of one output each.
 * @param weight row-major in that shape.
 * @param rows receives row tap * I + i, outputs fastest.
 */
export function transposeToRows(shape: readonly number[], weight: ArrayLike<number>, rows: Numbers): void {
  const [outputs, inputs, height, width] = shape.length === 1 ? [1, shape[0]!, 1, 1] : [...shape, 1, 1];
  const taps = height! * width!;
  for (let output = 0; output < outputs!; output++) {
    for (let input = 0; input < inputs!; input++) {
      for (let tap = 0; tap < taps; tap++) {
        rows[(tap * inputs! + input) * outputs! + output] = weight[(output * inputs! + input) * taps + tap]!;
      }
    }
  }
}
