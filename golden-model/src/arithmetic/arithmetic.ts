/**
 * What a number system has to offer so that the data flow (data-flow.ts) can run on it. There are three: binary64
 * (the published network), integers (semantics version 1), and intervals (static bounds of the integers).
 */
import type { Layer } from '../network.js';
import type { Spikes } from '../spikes.js';

/** Result of a LIF population. */
export interface Fired<V> {
  readonly spikes: Spikes;
  /** Membranes after each timestep, [T, token, channel]. */
  readonly membranes: V;
}

/** V holds one real number for each element of a [T, token, channel] map. Nothing is changed in place. */
export interface Arithmetic<V> {
  /** A weighted layer: the spike-gated sums, each brought to the common unit, plus the bias of its output. */
  readonly affine: (layer: Layer, input: Spikes) => V;
  readonly add: (a: V, b: V) => V;
  /** Joins maps of `channels` channels each by their channels. */
  readonly join: (parts: readonly V[], channels: number) => V;
  /** Batch norm over tokens of a first Linear. It is up to `fire` of the same layer what units this gives. */
  readonly firstLinear: (layer: Layer, values: V) => V;
  /** Batch norm over tokens of a second Linear, back to the common unit. */
  readonly secondLinear: (layer: Layer, values: V) => V;
  /** The LIF neurons behind `layer` (channels of `layer.output`), from a membrane of 0 through all timesteps. */
  readonly fire: (layer: Layer, currents: V) => Fired<V>;
  /** The head: one logit for each class. */
  readonly score: (layer: Layer, input: Spikes) => V;
}
