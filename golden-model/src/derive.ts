/**
 * derive(): the one place that computes static ranges and operation counts from a quantized network.
 * Planner, emitter, cost model and reports read these; none re-derives them.
 */
import type { Layer, LifShape } from './network.js';

/** Closed integer interval. */
export interface Range {
  readonly min: number;
  readonly max: number;
}

export interface DerivedLayer {
  readonly layer: Layer;
  /**
   * Accumulator range over all outputs: [sum of negative q, sum of positive q]. For the patch embedding the same
   * times 255 (bit planes of uint8 pixels), for the head the same times T * L, without B_k.
   */
  readonly accumulator: Range;
  /** s = F - e over all outputs (ALIGN shifts left by s, or right with rounding when negative). Head: 0..0. */
  readonly shift: Range;
  /** Of `ALIGN(acc, e)` without bias, units 2^-F, over all outputs. Head: equal to `accumulator`. */
  readonly shifted: Range;
  /** Of `ALIGN(acc, e) + bias` alone, units 2^-F, over all outputs. Head: the logit, acc + B_k. */
  readonly aligned: Range;
  /** fc2: of the product p = y * m_n before its rounding shift; every other layer: equal to `aligned`. */
  readonly product: Range;
  /**
   * Of the current that this layer hands on, units 2^-F: with token scale, token bias, sign, and with everything
   * added that semantics.md adds (SPE: the summands so far; fuse: h + tok; fc2: h + tok + channel).
   */
  readonly current: Range;
  /** Dense synaptic operations per image: all T timesteps, padding taps counted; patch embedding and head once. */
  readonly denseOperations: number;
  /** Updates of LIF neurons per image, T timesteps each; 0 if `layer.lif` is null. */
  readonly lifUpdates: number;
}

export interface Derived {
  /** In the order of execution. */
  readonly layers: readonly DerivedLayer[];
  readonly lifs: readonly LifShape[];
  /** Largest theta2 of any LIF (2^(F+1) or a token threshold). */
  readonly maxTheta2: number;
  /** Weight memory in bits, unpadded, by Layer.name. */
  readonly weightBits: ReadonlyMap<string, number>;
}
