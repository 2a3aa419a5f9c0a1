/** Implementations of the integer arithmetic that may stand for each other: every spike, sum and logit is the same. */
import type { QuantizedNetwork } from '../quantized-network.js';
import { type RunOptions, type RunResult, runNetwork } from '../run.js';
import { wasmBackend } from './wasm/wasm-backend.js';

/** spec: the specification, plain TypeScript. wasm: vector kernels in WebAssembly, for speed. */
export const BACKENDS = ['spec', 'wasm'] as const;
export type BackendName = (typeof BACKENDS)[number];

/** The back-end where nothing else is asked for. */
export const DEFAULT_BACKEND: BackendName = 'wasm';

export interface Backend {
  readonly name: BackendName;
  /**
   * Runs one image from reset.
   *
   * @param image uint8 pixels [channel, row, column].
   * @throws SpikemillError INVALID_IMAGES for an image of the wrong size.
   */
  readonly run: (image: Uint8Array, options?: RunOptions) => RunResult<Int32Array>;
}

/**
 * A back-end with a network loaded.
 *
 * @throws SpikemillError INVALID_TENSOR for a network whose values could leave int32.
 */
export function openBackend(network: QuantizedNetwork, name: BackendName = DEFAULT_BACKEND): Backend {
  if (name === 'wasm') return { name, run: wasmBackend(network) };
  return { name, run: (image, options) => runNetwork(network, image, options) };
}
