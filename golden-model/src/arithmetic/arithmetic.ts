/**
 * What a number system has to offer so that the data flow (data-flow.ts) can run on it. There are four: binary64
 * (the published network), integers (semantics version 1), intervals (static bounds of the integers), and the recorder
 * that turns the flow into a program of fast kernels (backend/wasm).
 */
import type { Layer } from '../network.js';
import type { Spikes } from '../spikes.js';

/** Result of a LIF population. */
export interface Fired<V, S = Spikes> {
  readonly spikes: S;
  /** Membranes after each timestep, [T, token, channel]. */
  readonly membranes: V;
}

/** V holds one real number for each element of a [T, token, channel] map, S one bit. Nothing is changed in place. */
export interface Arithmetic<V, S = Spikes> {
  /** A weighted layer: the spike-gated sums, each brought to the common unit, plus the bias of its output. */
  readonly affine: (layer: Layer, input: S) => V;
  readonly add: (a: V, b: V) => V;
  /** Joins maps of `channels` channels each by their channels. */
  readonly join: (parts: readonly V[], channels: number) => V;
  /** Joins maps by their channels, in the order given. */
  readonly joinSpikes: (parts: readonly S[]) => S;
  /** Batch norm over tokens of a first Linear. It is up to `fire` of the same layer what units this gives. */
  readonly firstLinear: (layer: Layer, values: V) => V;
  /** Batch norm over tokens of a second Linear, back to the common unit. */
  readonly secondLinear: (layer: Layer, values: V) => V;
  /** The LIF neurons behind `layer` (channels of `layer.output`), from a membrane of 0 through all timesteps. */
  readonly fire: (layer: Layer, currents: V) => Fired<V, S>;
  /** The head: one logit for each class. */
  readonly score: (layer: Layer, input: S) => V;
}
