/**
 * The one place of this package that touches the disk. Nothing half-written ever stands under its final name: files
 * and folders are written under a temporary name beside it and renamed.
 */
import {
  closeSync,
  existsSync,
  fstatSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import { type ErrorCode, SpikemillError } from './errors.js';
import { countOf } from './wording.js';

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

/** What to do if a file cannot be written. */
function writingAdvice(cause: unknown): string[] {
  if (systemCode(cause) === 'ENOSPC') return ['free some space, or write to another disk'];
  return ['choose a place where you may write, and where no file is in the way'];
}

/**
 * Reads a whole file.
 * @param code of the error if that fails
 * @param suggestions of that error
 * @throws SpikemillError of `code` that names the path and the reason
 */
export function readFileChecked(
  path: string,
  code: ErrorCode = 'INVALID_FILE',
  suggestions: readonly string[] = [],
): Uint8Array {
  try {
    return readFileSync(path);
  } catch (cause) {
    const message = `a file cannot be read: ${describeSystemError(cause)}`;
    throw new SpikemillError(code, message, { where: path, suggestions, cause });
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
      suggestions: writingAdvice(cause),
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
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
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
  // a folder such as . or a/ has another name beside which it can be made anew
  const path = resolve(folder);
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

/** A file that grows piece by piece and stands under its name only when it is whole. */
export interface GrowingFile {
  /** @throws SpikemillError OUTPUT_FAILED; the file is gone then. */
  readonly write: (data: Uint8Array) => void;
  /** Puts the file in its place. @throws SpikemillError OUTPUT_FAILED */
  readonly commit: () => void;
  /** Leaves nothing behind; does nothing after `commit`. */
  readonly abort: () => void;
}

/** @throws SpikemillError OUTPUT_FAILED */
export function startFileAtomic(path: string): GrowingFile {
  const temporary = join(dirname(path), `.${basename(path)}.${process.pid}.tmp`);
  let file: number | null = null;
  const abort = (): void => {
    if (file === null) return;
    closeSync(file);
    file = null;
    discard(temporary);
  };
  /** Any failure takes the temporary file with it. */
  const attempt = (action: () => void): void => {
    try {
      action();
    } catch (cause) {
      abort();
      throw new SpikemillError('OUTPUT_FAILED', `writing failed: ${describeSystemError(cause)}`, {
        where: path,
        suggestions: writingAdvice(cause),
        cause,
      });
    }
  };
  attempt(() => {
    makeFolder(dirname(path));
    file = openSync(temporary, 'w');
    temporaries.add(temporary);
  });
  return {
    write: (data) => attempt(() => writeFileSync(file!, data)),
    commit: () => {
      attempt(() => {
        fsyncSync(file!);
        renameSync(temporary, path);
      });
      closeSync(file!);
      file = null;
      temporaries.delete(temporary);
    },
    abort,
  };
}

/** A file that is read at any place. */
export interface SeekableFile {
  readonly bytes: number;
  /** @throws SpikemillError INVALID_FILE if the file ends before. */
  readonly read: (position: number, length: number) => Uint8Array;
  readonly close: () => void;
}

/** @throws SpikemillError INVALID_FILE that names the path and the reason */
export function openFileChecked(path: string): SeekableFile {
  const attempt = <T>(action: () => T): T => {
    try {
      return action();
    } catch (cause) {
      const reason = describeSystemError(cause);
      throw new SpikemillError('INVALID_FILE', `a file cannot be read: ${reason}`, { where: path, cause });
    }
  };
  const file = attempt(() => openSync(path, 'r'));
  const read = (position: number, length: number): Uint8Array => {
    const data = new Uint8Array(length);
    const got = attempt(() => readSync(file, data, 0, length, position));
    if (got === length) return data;
    throw new SpikemillError('INVALID_FILE', 'the file is cut off', {
      where: path,
      expected: countOf(position + length, 'byte'),
      actual: countOf(position + got, 'byte'),
    });
  };
  return { bytes: attempt(() => fstatSync(file).size), read, close: () => closeSync(file) };
}
