/**
 * The one place of this package that touches the disk. Nothing half-written ever stands under its final name: files
 * and folders are written under a temporary name beside it and renamed.
 */
import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join, sep } from 'node:path';
import { type ErrorCode, SpikemillError } from './errors.js';

function systemCode(cause: unknown): string {
  return (cause as NodeJS.ErrnoException).code ?? '';
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file or folder',
  EISDIR: 'this is a folder',
  ENOTDIR: 'a part of the path is a file',
  EEXIST: 'a part of the path is a file',
  EACCES: 'no permission',
  EPERM: 'no permission',
  EROFS: 'the file system is read-only',
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk quota is used up',
  EFBIG: 'the file would be too large for the file system',
  ERR_FS_FILE_TOO_LARGE: 'the file is over 2 GiB',
};

function describeSystemError(cause: unknown): string {
  return REASONS[systemCode(cause)] ?? (cause as Error).message;
}

/**
 * Reads a whole file.
 * @param code of the error if that fails
 * @throws SpikemillError of `code` that names the path and the reason
 */
export function readFileChecked(path: string, code: ErrorCode = 'INVALID_FILE'): Uint8Array {
  try {
    return readFileSync(path);
  } catch (cause) {
    throw new SpikemillError(code, `a file cannot be read: ${describeSystemError(cause)}`, { where: path, cause });
  }
}

/** Names of the entries of a folder in code unit order; null if `path` is not a folder. */
export function listFolder(path: string): string[] | null {
  try {
    return readdirSync(path).sort();
  } catch {
    return null;
  }
}

/** Temporary names that exist now; a signal handler can clear them away. */
const temporaries = new Set<string>();

/** Removes a temporary name. What cannot be removed must not hide why the write failed. */
function discard(temporary: string): void {
  temporaries.delete(temporary);
  try {
    rmSync(temporary, { recursive: true, force: true });
  } catch {
    // Its folder does not exist, or is not ours to write.
  }
}

/** Removes what an interrupted write left. For signal handlers; writes that end by themselves need no help. */
export function removeTemporaries(): void {
  for (const temporary of temporaries) discard(temporary);
}

/** Runs `write` with a temporary name beside `path`; whatever it leaves there is removed. */
function withTemporary(path: string, write: (temporary: string) => void): void {
  const temporary = join(dirname(path), `.${basename(path)}.${process.pid}.tmp`);
  temporaries.add(temporary);
  try {
    write(temporary);
  } catch (cause) {
    if (cause instanceof SpikemillError) throw cause;
    throw new SpikemillError('OUTPUT_FAILED', `writing failed: ${describeSystemError(cause)}`, {
      where: path,
      suggestions: systemCode(cause) === 'ENOSPC' ? ['free some space, or write to another disk'] : [],
      cause,
    });
  } finally {
    discard(temporary);
  }
}

/** Writes and waits until the disk has it, so that a full disk shows before the rename. */
function writeThrough(path: string, data: Uint8Array | string): void {
  const file = openSync(path, 'w');
  try {
    writeFileSync(file, data);
    if (statSync(path).isFile()) fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

/** Devices and pipes such as /dev/stdout cannot be renamed over. */
function isSpecial(path: string): boolean {
  return existsSync(path) && !statSync(path).isFile() && !statSync(path).isDirectory();
}

/**
 * Makes a folder and those above it. The recursive mkdir of Node never ends where the file system refuses new names
 * with ENOENT, as /proc does.
 */
function makeFolder(path: string): void {
  if (existsSync(path)) return;
  makeFolder(dirname(path));
  try {
    mkdirSync(path);
  } catch (cause) {
    // another process was faster
    if (systemCode(cause) !== 'EEXIST') throw cause;
  }
}

/**
 * Writes a file whole or not at all; an existing one is replaced. Missing folders above it are made.
 * @throws SpikemillError OUTPUT_FAILED
 */
export function writeFileAtomic(path: string, data: Uint8Array | string): void {
  withTemporary(path, (temporary) => {
    if (isSpecial(path)) {
      writeThrough(path, data);
      return;
    }
    makeFolder(dirname(path));
    writeThrough(temporary, data);
    renameSync(temporary, path);
  });
}

/** Paths of all files below a folder, relative to it, with forward slashes. */
function listFilesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .map((path) => path.split(sep).join('/'))
    .sort();
}

function refuseForeignFiles(folder: string, isOwn: (path: string) => boolean): void {
  const foreign = listFilesBelow(folder).filter((path) => !isOwn(path));
  if (foreign.length === 0) return;
  throw new SpikemillError('FOREIGN_OUTPUT', 'the output folder holds files that this tool did not write', {
    where: folder,
    expected: 'a new or empty folder, or an earlier output',
    actual: foreign.slice(0, 3).join(', ') + (foreign.length > 3 ? `, ... (${foreign.length})` : ''),
    suggestions: ['choose another folder, or remove the files'],
  });
}

/**
 * Writes a folder of files whole or not at all. An existing folder is replaced as a whole if every file in it is our
 * own.
 * @param files content by path relative to `folder`, with forward slashes
 * @param isOwn tells, by such a path, whether an existing file is an earlier output and may go
 * @throws SpikemillError FOREIGN_OUTPUT or OUTPUT_FAILED
 */
export function writeFolderAtomic(
  folder: string,
  files: ReadonlyMap<string, Uint8Array | string>,
  isOwn: (path: string) => boolean,
): void {
  const path = folder.endsWith(sep) ? folder.slice(0, -1) : folder;
  withTemporary(path, (temporary) => {
    const exists = existsSync(path);
    if (exists) refuseForeignFiles(path, isOwn);
    for (const [name, data] of files) {
      const target = join(temporary, name);
      makeFolder(dirname(target));
      writeThrough(target, data);
    }
    if (exists) replaceFolder(temporary, path);
    else renameSync(temporary, path);
  });
}

/** A folder cannot be renamed over another one: the old one steps aside and comes back if the new one fails. */
function replaceFolder(temporary: string, path: string): void {
  const old = `${temporary}.old`;
  renameSync(path, old);
  try {
    renameSync(temporary, path);
  } catch (error) {
    renameSync(old, path);
    throw error;
  }
  rmSync(old, { recursive: true, force: true });
}
