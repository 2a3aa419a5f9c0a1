/** The worker from its TypeScript source, for development: threads do not inherit the loader of the main thread. */
import { register } from 'tsx/esm/api';

register();
export const { runImage } = await import('./worker.ts');
