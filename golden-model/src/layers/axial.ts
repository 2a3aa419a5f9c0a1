/**
 * The two axial branches. For every channel and column, axial-h maps the H spikes of the column to H outputs by one
 * H x H matrix; axial-w does the same along the row. The batch norm runs over the output row (column), so it folds
 * into the matrix, and so do exponents and biases: one for each row (column), not for each channel.
 */
import { addRow, type WeightRows } from '../arithmetic/accumulate.js';
import { foldOutputNorm } from '../arithmetic/batch-norm.js';
import type { Numbers } from '../arithmetic/numbers.js';
import type { Layer } from '../network.js';
import type { Spikes } from '../spikes.js';
import { COMMON_RULE, COMMON_SHAPE, type LayerDefinition } from './definition.js';

/** Every spike adds its row of weights along the column in which it sits. */
function accumulateColumns<N extends Numbers>(_layer: Layer, weights: WeightRows<N>, input: Spikes, sums: N): void {
  const { rounds, height, width, channels, data } = input;
  const rowSize = width * channels;
  for (let t = 0; t < rounds; t++) {
    const start = t * height * rowSize;
    for (let row = 0; row < height; row++) {
      for (let inRow = 0; inRow < rowSize; inRow++) {
        if (data[start + row * rowSize + inRow] === 1) addRow(weights, row, sums, start + inRow, rowSize);
      }
    }
  }
}

/** Every spike adds its row of weights along the row in which it sits. */
function accumulateRows<N extends Numbers>(_layer: Layer, weights: WeightRows<N>, input: Spikes, sums: N): void {
  const { rounds, height, width, channels, data } = input;
  for (let line = 0; line < rounds * height; line++) {
    const start = line * width * channels;
    for (let column = 0; column < width; column++) {
      for (let channel = 0; channel < channels; channel++) {
        if (data[start + column * channels + channel] === 1) addRow(weights, column, sums, start + channel, channels);
      }
    }
  }
}

export const axialH: LayerDefinition = {
  ...COMMON_SHAPE,
  fold: foldOutputNorm,
  quantization: COMMON_RULE,
  accumulate: accumulateColumns,
  outputStride: ({ output }) => output.width * output.channels,
};

export const axialW: LayerDefinition = {
  ...COMMON_SHAPE,
  fold: foldOutputNorm,
  quantization: COMMON_RULE,
  accumulate: accumulateRows,
  outputStride: ({ output }) => output.channels,
};
