/** The manifest of a build: what is in it, digests, and the choice that made it. */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { parseJson, readFileChecked, validateJson } from '@spikemill/golden-model';
import type { Manifest } from './generated/manifest.generated.js';
import { manifestSchema } from './generated/manifest.generated.js';
import type { MemoryImage } from './images/memory-image.js';

export type { Manifest };

export const MANIFEST_FILE = 'manifest.json';

type MemoryKind = Manifest['memories'][number]['kind'];

/** Kind of every memory image, by its name. */
const MEMORY_KINDS: Readonly<Record<string, MemoryKind>> = {
  'spike-weights': 'weights',
  'plane-weights': 'weights',
  'axial-weights': 'weights',
  'event-rows': 'weights',
  'axial-rows': 'weights',
  params: 'parameters',
  tokens: 'tokens',
  'head-bias': 'head-bias',
  program: 'program',
};

/** Several segments have memories of the same name. */
const SEGMENT_PREFIX = /^segment-\d+-/;

export function sha256(data: Uint8Array | string): string {
  return createHash('sha256').update(data).digest('hex');
}

/** Behind the name of a memory that has several banks. */
const BANK_NUMBER = /-\d+$/;

export function describeMemory({ name, width, depth }: MemoryImage, file: string): Manifest['memories'][number] {
  const plain = name.replace(SEGMENT_PREFIX, '').replace(BANK_NUMBER, '');
  return { kind: MEMORY_KINDS[plain]!, name, file, width, depth };
}

/**
 * Reads the manifest of a build folder.
 *
 * @throws SpikemillError INVALID_CONFIG if there is none or it is not as its schema says.
 */
export function readManifest(folder: string): Manifest {
  const path = `${folder}/${MANIFEST_FILE}`;
  const advice = ['name a folder that spikemill rtl generate wrote'];
  const text = new TextDecoder().decode(readFileChecked(path, 'INVALID_CONFIG', advice));
  return validateJson<Manifest>(manifestSchema, parseJson(text, path), path);
}

/**
 * Which files of an output folder are an earlier build and may be replaced: those that its manifest names.
 *
 * @throws SpikemillError INVALID_CONFIG if there is a manifest that is not as its schema says.
 */
export function ownFiles(folder: string): (path: string) => boolean {
  if (!existsSync(join(folder, MANIFEST_FILE))) return () => false;
  const own = new Set([MANIFEST_FILE, ...Object.keys(readManifest(folder).digests)]);
  return (path) => own.has(path);
}
