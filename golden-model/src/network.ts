/**
 * What a network of the family is made of: its configuration and the ordered list of its weighted layers.
 * Shapes only; no weights here. Everything else (folding, quantizing, running, planning) walks this list.
 */

/** Everything that the data flow needs to know beside the weights. Immutable. */
export interface NetworkConfig {
  /** true: stages 1.. start with an SPE cell; false: with a 2x2 patch step, and fuse reads LIF(BN(x)). */
  readonly spe: boolean;
  /** Pixel channels of an image. */
  readonly inChannels: number;
  /** Channels of stage 0; stage i has dim * 2^i. */
  readonly dim: number;
  /** Hidden width of a channel block over its width. */
  readonly alpha: number;
  readonly numClasses: number;
  /** Side of a (square) patch in pixels. */
  readonly patchSize: number;
  readonly imageHeight: number;
  readonly imageWidth: number;
  /** Blocks of each stage. */
  readonly depths: readonly number[];
  /** T, 1..16. */
  readonly timesteps: number;
  /** Per pixel channel: x = (uint8 / 255 - mean) / std. */
  readonly mean: readonly number[];
  readonly std: readonly number[];
}

/** The kinds of weighted layers. Each has a file of its name at every level. */
export const LAYER_KINDS = [
  'patch-embedding',
  'spe',
  'patch-step',
  'identity',
  'axial-h',
  'axial-w',
  'fuse',
  'fc1',
  'fc2',
  'head',
] as const;
export type LayerKind = (typeof LAYER_KINDS)[number];

/** Shape of a map: tokens are numbered row by row, token = row * width + column. */
export interface MapShape {
  readonly channels: number;
  readonly height: number;
  readonly width: number;
}

/** One weighted layer, in the order of execution. */
export interface Layer {
  /** Key of the layer in a quantized model file, such as `token_mix.0.fuse`. */
  readonly name: string;
  readonly kind: LayerKind;
  readonly stage: number;
  /** Block number over all stages (the k of the state-dict keys); null in a patch encoding and the head. */
  readonly block: number | null;
  /**
   * The map that is read. For the inner SPE convolutions that is the node's channels alone
   * (`node1_node2` reads n channels). For fuse: 3C channels. For axial layers the whole map.
   */
  readonly input: MapShape;
  /** The map that is written: `channels` counts this layer's own outputs (n for an SPE convolution). */
  readonly output: MapShape;
  /** Square kernel; 1, 1, 0 for everything that is not a convolution. */
  readonly kernel: number;
  readonly stride: number;
  readonly padding: number;
  /** Shape of the weight tensor as in the quantized file, such as [O, I, kh, kw]. */
  readonly weightShape: readonly number[];
  /**
   * Name of the LIF whose input this layer completes, as in the reference files (`token_mix.0.proj_h.3`); null for
   * a layer whose current is only a summand (SPE `cell2node.1`, `cell2node.2`) and for the head.
   */
  readonly lif: string | null;
  /** First channel of `lif` that this layer drives: 0, n or 2n for the nodes of an SPE cell, else 0. */
  readonly lifOffset: number;
}

/** A LIF population of the network. Its spikes are `[T, token, channel]`, flat, channel fastest. */
export interface LifShape extends MapShape {
  readonly name: string;
  readonly stage: number;
}
