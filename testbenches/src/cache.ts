/** Built simulators, kept between runs in the user's cache folder; never in a build folder. */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, statSync, utimesSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { SpikemillError } from '@spikemill/golden-model';
import { withCleanup } from './processes.js';

const KEPT_ENTRIES = 200;
/** Older unfinished entries were left by processes that were killed. */
const STALE_MS = 24 * 3600 * 1000;

/** `SPIKEMILL_CACHE`, else `spikemill` in the XDG cache folder. */
export function cacheFolder(): string {
  const { SPIKEMILL_CACHE: own, XDG_CACHE_HOME: xdg } = process.env;
  if (own) return resolve(own);
  return join(xdg ? resolve(xdg) : join(homedir(), '.cache'), 'spikemill');
}

/** Name of a cache entry: a digest of everything that its content depends on. */
export function cacheKey(parts: readonly (string | Uint8Array)[]): string {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(`${part.length}:`).update(part);
  return hash.digest('hex').slice(0, 32);
}

/** Removes the entries that were not used for longest, and unfinished ones. */
function prune(folder: string): void {
  const ages = readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    const stat = statSync(path, { throwIfNoEntry: false });
    return stat === undefined ? [] : [{ path, used: stat.mtimeMs, isUnfinished: name.includes('.') }];
  });
  const finished = ages.filter(({ isUnfinished }) => !isUnfinished).sort((a, b) => b.used - a.used);
  const stale = ages.filter(({ isUnfinished, used }) => isUnfinished && Date.now() - used > STALE_MS);
  for (const { path } of [...finished.slice(KEPT_ENTRIES), ...stale]) rmSync(path, { recursive: true, force: true });
}

function outputFailed(folder: string, cause: unknown): SpikemillError {
  return new SpikemillError('OUTPUT_FAILED', 'the cache folder cannot be written', {
    where: folder,
    actual: (cause as Error).message,
    suggestions: ['set SPIKEMILL_CACHE to a folder that can be written'],
    cause,
  });
}

function makeTemporary(folder: string, key: string): string {
  try {
    mkdirSync(folder, { recursive: true });
    return mkdtempSync(join(folder, `${key}.`));
  } catch (cause) {
    throw outputFailed(folder, cause);
  }
}

/**
 * Folder of the cache entry `key`, made if it is not there. Several processes may make the same one at once: each works in a
 * folder of its own, and the first that is done gives it its name.
 * @param make fills a new folder
 * @throws SpikemillError OUTPUT_FAILED, and what `make` throws
 */
export async function cached(key: string, make: (folder: string) => Promise<void>): Promise<string> {
  const cache = cacheFolder();
  const folder = join(cache, key);
  if (existsSync(folder)) {
    touch(folder);
    return folder;
  }
  const temporary = makeTemporary(cache, key);
  await withCleanup(
    () => rmSync(temporary, { recursive: true, force: true }),
    async () => {
      await make(temporary);
      try {
        renameSync(temporary, folder);
      } catch (cause) {
        if (!existsSync(folder)) throw outputFailed(cache, cause);
      }
      prune(cache);
    },
  );
  return folder;
}

/** Marks an entry as used; that it is in a read-only cache is no fault. */
function touch(folder: string): void {
  try {
    utimesSync(folder, new Date(), new Date());
  } catch {
    // only the order of pruning suffers
  }
}
