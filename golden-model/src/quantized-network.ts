/** The quantized network in memory: what a quantized model file (semantics, version 1) holds. Integers only. */
import type { LayerKind, NetworkConfig } from './network.js';

/** Number formats of the whole network. */
export interface NumberFormat {
  /** F: fractional bits of every current, bias, residual and membrane. */
  readonly fractionBits: number;
  /** M: stored membrane bits; the membrane is clamped at -2^(M-1). */
  readonly membraneBits: number;
  /** S: fractional bits of the per-token scale of the second channel Linear. */
  readonly scaleFractionBits: number;
  /** B of each layer kind. */
  readonly weightBits: Readonly<Record<LayerKind, number>>;
}

/** Weights of one layer: the value of weight [o, ...] is `weight * 2^-exponent[o]`. */
export interface QuantizedWeights {
  /** [O, I, kh, kw], [O, I] or [C]; see Layer.weightShape. */
  readonly shape: readonly number[];
  readonly weight: Int8Array;
  /** One per output; a shared one is repeated. */
  readonly exponent: Int8Array;
  /** Units 2^-F; for the head B_k, units 2^-e. */
  readonly bias: Int32Array;
}

/** Batch norm over tokens in front of the LIF of a first Linear: [L] each. */
export interface FirstLinearTokens {
  /** Units 2^-F. */
  readonly bias: Int32Array;
  /** theta2_n, units 2^-F: twice the threshold. */
  readonly theta2: Int32Array;
  /** 1 where the current is negated. */
  readonly negate: Uint8Array;
}

/** Batch norm over tokens behind a second Linear: [L] each. */
export interface SecondLinearTokens {
  /** m_n, units 2^-S: a sum of few signed powers of two. */
  readonly scale: Int32Array;
  /** Units 2^-F. */
  readonly bias: Int32Array;
}

export interface QuantizedNetwork {
  readonly config: NetworkConfig;
  readonly format: NumberFormat;
  /** By Layer.name. */
  readonly layers: ReadonlyMap<string, QuantizedWeights>;
  /** By Layer.name of the fc1 layers. */
  readonly firstLinearTokens: ReadonlyMap<string, FirstLinearTokens>;
  /** By Layer.name of the fc2 layers. */
  readonly secondLinearTokens: ReadonlyMap<string, SecondLinearTokens>;
  /** Informative: how the file was made, measured accuracy. */
  readonly method: string | null;
  readonly accuracy: number | null;
}
