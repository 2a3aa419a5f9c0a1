/** What runs in a worker thread: one image of the network that the thread was started with. */
import { workerData } from 'node:worker_threads';
import { type BackendName, openBackend } from '../backend/backend.js';
import type { FoldedNetwork } from '../folded-network.js';
import { type ImageOutcome, measureImage } from '../measure-image.js';
import type { QuantizedNetwork } from '../quantized-network.js';
import { isQuantized, type RunOptions, type RunResult, runNetwork } from '../run.js';

/** Of all threads of a pool. */
export interface WorkerSetup {
  readonly network: QuantizedNetwork | FoldedNetwork;
  readonly backend: BackendName;
}

/** A function that runs images as the setup says. */
export function openRun({ network, backend }: WorkerSetup): (image: Uint8Array, options: RunOptions) => RunResult {
  if (isQuantized(network)) return openBackend(network, backend).run;
  return (image, options) => runNetwork(network, image, options);
}

let opened: ReturnType<typeof openRun> | null = null;

/** A thread pool puts its own data in front of what it was given. */
function findSetup(): WorkerSetup {
  const data: unknown = Array.isArray(workerData) ? workerData.at(-1) : workerData;
  return data as WorkerSetup;
}

/** The task of the pool. */
export function runImage(image: Uint8Array): ImageOutcome {
  const setup = findSetup();
  opened ??= openRun(setup);
  return measureImage(setup.network.config, opened, image).outcome;
}
