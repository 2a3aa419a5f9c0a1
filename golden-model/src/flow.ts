/** An arithmetic together with somebody who watches what the layers hand on. */
import type { Arithmetic, Fired } from './arithmetic/arithmetic.js';
import type { Layer } from './network.js';
import type { Spikes } from './spikes.js';

/**
 * Sees what each layer hands on.
 *
 * @param current the input of the layer's LIF; for a layer that has none, the sum that it contributes to.
 * @param fired null for a layer that has no LIF.
 */
export type Observer<V, S = Spikes> = (layer: Layer, current: V, fired: Fired<V, S> | null) => void;

/** An arithmetic under observation. */
export interface Flow<V, S = Spikes> {
  readonly arithmetic: Arithmetic<V, S>;
  readonly affine: (layer: Layer, input: S) => V;
  readonly fire: (layer: Layer, current: V) => S;
  /** Shows a sum that no LIF reads, and returns it. */
  readonly handOn: (layer: Layer, current: V) => V;
}

export function observed<V, S>(arithmetic: Arithmetic<V, S>, observe: Observer<V, S>): Flow<V, S> {
  return {
    arithmetic,
    affine: arithmetic.affine,
    fire: (layer, current) => {
      const fired = arithmetic.fire(layer, current);
      observe(layer, current, fired);
      return fired.spikes;
    },
    handOn: (layer, current) => {
      observe(layer, current, null);
      return current;
    },
  };
}
