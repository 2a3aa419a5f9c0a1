/** Many images over many threads. Results come in the order of the images and do not depend on the threads. */
import { fileURLToPath } from 'node:url';
import { Tinypool } from 'tinypool';
import { type ImageOutcome, measureImage } from '../measure-image.js';
import { openRun, type WorkerSetup } from './worker.js';

export interface RunImagesOptions extends WorkerSetup {
  /** Threads; 1 runs in this one. */
  readonly workers: number;
  /** Ends the run: the iteration throws what the signal was aborted with. */
  readonly signal?: AbortSignal;
}

/** Images that each thread has waiting: none idles, and memory does not grow with the number of images. */
const IMAGES_IN_FLIGHT = 4;

/** Sources run as they are in development, compiled otherwise. */
const WORKER_NAME = import.meta.url.endsWith('.ts') ? './worker-source.mjs' : './worker.js';
const WORKER_FILE = fileURLToPath(new URL(WORKER_NAME, import.meta.url));

async function* runHere(images: Iterable<Uint8Array>, options: RunImagesOptions): AsyncGenerator<ImageOutcome> {
  const run = openRun(options);
  for (const image of images) {
    options.signal?.throwIfAborted();
    yield measureImage(options.network.config, run, image).outcome;
  }
}

async function* runInPool(images: Iterable<Uint8Array>, options: RunImagesOptions): AsyncGenerator<ImageOutcome> {
  const { network, backend, workers, signal } = options;
  const pool = new Tinypool({
    filename: WORKER_FILE,
    runtime: 'worker_threads',
    minThreads: workers,
    maxThreads: workers,
    workerData: { network, backend },
  });
  const waiting: Promise<ImageOutcome>[] = [];
  const next = images[Symbol.iterator]();
  const send = (): void => {
    const { value, done } = next.next();
    if (done === true) return;
    const sent = pool.run(Uint8Array.from(value), { name: 'runImage', ...(signal === undefined ? {} : { signal }) });
    sent.catch(() => undefined); // reported when its turn comes
    waiting.push(sent);
  };
  try {
    for (let i = 0; i < workers * IMAGES_IN_FLIGHT; i++) send();
    while (waiting.length > 0) {
      signal?.throwIfAborted();
      const outcome = await waiting.shift()!;
      send();
      yield outcome;
    }
  } finally {
    await pool.destroy();
  }
}

/**
 * Runs images and hands on what statistics need of each, in their order. Ending the iteration early stops the threads.
 *
 * @throws as Backend.run, at the image that is at fault.
 */
export function runImages(images: Iterable<Uint8Array>, options: RunImagesOptions): AsyncGenerator<ImageOutcome> {
  return options.workers > 1 ? runInPool(images, options) : runHere(images, options);
}
