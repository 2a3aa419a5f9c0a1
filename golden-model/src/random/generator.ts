/** Reproducible randomness: the same numbers for the same seed on every machine. */

export interface Generator {
  /** Uniform in [0, 1), 32 bits (mulberry32). */
  readonly uniform: () => number;
  /** Normal with mean 0 and deviation 1. */
  readonly gaussian: () => number;
}

export function makeGenerator(seed: number): Generator {
  let state = seed >>> 0;
  const uniform = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let x = Math.imul(state ^ (state >>> 15), state | 1);
    x ^= x + Math.imul(x ^ (x >>> 7), x | 61);
    return ((x ^ (x >>> 14)) >>> 0) / 2 ** 32;
  };
  const gaussian = (): number => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
  return { uniform, gaussian };
}
