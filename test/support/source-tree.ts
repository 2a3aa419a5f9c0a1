/** The project's own files, for the tests of the project itself. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** Paths of all tracked files, relative to the root. */
export function trackedFiles(): string[] {
  return execFileSync('git', ['ls-files', '-z'], { cwd: ROOT, encoding: 'utf8' }).split('\0').filter(Boolean);
}

export function readSource(path: string): string {
  return readFileSync(join(ROOT, path), 'utf8');
}

/** Hand-written TypeScript of the packages. */
export function packageSources(): string[] {
  return trackedFiles().filter((path) => /\/src\/.*\.ts$/.test(path) && !path.includes('/generated/'));
}
