/**
 * Runs one uvu test file in this process: `node --import tsx scripts/run-uvu.mjs FILE`.
 * Unlike a bare `node FILE`, it waits for a file with top-level await before it starts the suites.
 */
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

globalThis.UVU_DEFER = 1;
const { exec } = await import('uvu');
const file = resolve(process.argv[2]);
globalThis.UVU_QUEUE = [[file]];
globalThis.UVU_INDEX = 0;
await import(pathToFileURL(file).href);
await exec();
