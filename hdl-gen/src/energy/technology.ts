/** What events cost: data/energy has a file for each technology, and a user may have more. */
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseJson, readFileChecked, SpikemillError, validateJson } from '@spikemill/golden-model';
import { type Activity, activitySchema } from '../generated/activity.generated.js';
import { type Technology, technologySchema } from '../generated/technology.generated.js';

export type { Activity, Technology };

export const DEFAULT_TECHNOLOGY = 'asic-45nm';

const FOLDER = new URL('../../data/energy/', import.meta.url);
const EXTENSION = '.json';

/**
 * @param text JSON of schema/technology.schema.json.
 * @param where the file, for messages.
 * @throws SpikemillError INVALID_CONFIG that names what is wrong.
 */
export function parseTechnology(text: string, where: string): Technology {
  return validateJson<Technology>(technologySchema, parseJson(text, where), where);
}

/** Names of the technologies that have a file in data/energy. */
export function listTechnologies(): string[] {
  const files = readdirSync(fileURLToPath(FOLDER)).filter((file) => file.endsWith(EXTENSION));
  return files.map((file) => file.slice(0, -EXTENSION.length)).sort();
}

/**
 * @param name of a known technology, or the path of a file that ends with .json.
 * @throws SpikemillError USAGE for a name that is not known, INVALID_CONFIG for a file that is not as its schema says.
 */
export function findTechnology(name: string): Technology {
  if (name.endsWith(EXTENSION)) return parseTechnology(readText(name), name);
  if (listTechnologies().includes(name)) {
    return parseTechnology(readFileSync(new URL(`${name}${EXTENSION}`, FOLDER), 'utf8'), `${name}${EXTENSION}`);
  }
  throw new SpikemillError('USAGE', 'there is no such technology', {
    where: '--technology',
    expected: `one of ${listTechnologies().join(', ')}, or a .json file`,
    actual: name,
    suggestions: [`--technology ${DEFAULT_TECHNOLOGY}, the default`],
  });
}

/**
 * Refuses what was counted in a simulation of another network or plan.
 *
 * @param digest planDigest() of the design that the counts are asked for.
 * @throws SpikemillError USAGE
 */
export function checkActivity({ planDigest }: Activity, digest: string, where: string): void {
  if (planDigest === digest) return;
  throw new SpikemillError('USAGE', 'the activity was counted in a simulation of another network or plan', {
    where,
    expected: `planDigest ${digest.slice(0, 16)}...`,
    actual: `${planDigest.slice(0, 16)}...`,
    suggestions: ['simulate this build with verify run --toggles --json', 'leave out --activity'],
  });
}

/**
 * What changed in a simulation.
 *
 * @param path of what `spikemill verify run --toggles --json` printed.
 * @throws SpikemillError INVALID_CONFIG if it has no toggles, or is not JSON.
 */
export function readActivity(path: string): Activity {
  const document = parseJson(readText(path), path);
  const counted = (document as Partial<Activity> | null)?.toggles;
  if (typeof counted !== 'object' || counted === null) throw noToggles(path, document);
  return validateJson<Activity>(activitySchema, document, path);
}

function noToggles(path: string, document: unknown): SpikemillError {
  const isReport = typeof document === 'object' && document !== null && 'toggles' in document;
  return new SpikemillError('INVALID_CONFIG', 'no toggles were counted in this file', {
    where: `${path}: /toggles`,
    expected: 'what verify run --toggles --json prints',
    actual: isReport ? 'a run without --toggles' : 'a document of another kind',
    suggestions: ['simulate this build with verify run --toggles --json', 'leave out --activity'],
  });
}

function readText(path: string): string {
  return new TextDecoder().decode(readFileChecked(path, 'INVALID_CONFIG'));
}
