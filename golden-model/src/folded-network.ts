/** The float64 network after folding: every batch norm that can go into weights is gone. */
import type { NetworkConfig } from './network.js';

/** Batch norm, y = scale_n * (x - mean_n) + beta_n, one value for each n of the axis that it runs over. */
export interface BatchNorm {
  readonly scale: Float64Array;
  readonly mean: Float64Array;
  readonly beta: Float64Array;
}

export interface FoldedLayer {
  /** Layer.weightShape: [O, I, kh, kw], [O, I], or [C] for the identity branch. */
  readonly shape: readonly number[];
  /** Row-major. The patch embedding takes pixels 0..255. */
  readonly weight: Float64Array;
  /** One per output. */
  readonly bias: Float64Array;
  /** The batch norm behind the Linears of a channel block (fc1, fc2), which stays; null for every other layer. */
  readonly tokens: BatchNorm | null;
}

export interface FoldedNetwork {
  readonly config: NetworkConfig;
  /** By Layer.name, in the order of execution. */
  readonly layers: ReadonlyMap<string, FoldedLayer>;
}
