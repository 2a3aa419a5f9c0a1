/** What a kind of layer has to state about itself. `LAYERS` (table.ts) holds one of these for every kind. */
import type { WeightRows } from '../arithmetic/accumulate.js';
import type { Numbers } from '../arithmetic/numbers.js';
import type { FloatCheckpoint } from '../checkpoint.js';
import type { FoldedLayer } from '../folded-network.js';
import type { Layer, NetworkConfig } from '../network.js';
import type { Spikes } from '../spikes.js';

export interface LayerDefinition {
  /** Float64 weights with the batch norm folded in, where it folds. */
  readonly fold: (checkpoint: FloatCheckpoint, layer: Layer) => FoldedLayer;
  readonly quantization: QuantizationRule;
  /**
   * Spike-gated sums: adds, for every input spike, its row of weights to the outputs that it reaches.
   *
   * @param input the map `layer.input`; for the patch embedding the 8 bit planes of the image.
   * @param sums zeros in, sums out: [T, token, channel] of `layer.output`; for the head one for each class.
   */
  readonly accumulate: <N extends Numbers>(layer: Layer, weights: WeightRows<N>, input: Spikes, sums: N) => void;
  /**
   * Distance in a [token, channel] map between neighbouring outputs of the weights, each with its own exponent and
   * bias: 1 where the outputs are channels.
   */
  readonly outputStride: (layer: Layer) => number;
  /** Largest factor that one weight meets in a sum: 255 for a pixel, T * L for a spike count, else 1. */
  readonly largestInput: (layer: Layer, config: NetworkConfig) => number;
  /** How often an image passes through the weights of every output: T times, but for the two ends of the network. */
  readonly passes: (layer: Layer, config: NetworkConfig) => number;
}

/** How the weights of a layer are quantized. */
export interface QuantizationRule {
  /** 8: always 8 bits; 'chosen': B of the user. */
  readonly weightBits: 8 | 'chosen';
  /** 'shared': one exponent for all outputs. */
  readonly exponent: 'per-output' | 'shared';
  /** Whether bias correction, where asked for, applies. */
  readonly biasCorrected: boolean;
  /** The bias is counted in units of 1 / this. */
  readonly biasScale: (layer: Layer, config: NetworkConfig, fractionBits: number, exponent: number) => number;
}

/** The rule of most layers: B bits, an exponent for each output, bias in units of 2^-F. */
export const COMMON_RULE: QuantizationRule = {
  weightBits: 'chosen',
  exponent: 'per-output',
  biasCorrected: true,
  biasScale: (_layer, _config, fractionBits) => 2 ** fractionBits,
};

/** Facets of a layer whose outputs are channels and whose inputs are the spikes of each timestep. */
export const COMMON_SHAPE = {
  outputStride: () => 1,
  largestInput: () => 1,
  passes: (_layer: Layer, config: NetworkConfig) => config.timesteps,
};
