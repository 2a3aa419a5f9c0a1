import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readFileChecked, removeTemporaries, writeFileAtomic, writeFolderAtomic } from '@spikemill/golden-model';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { assertError } from '../support/errors.js';
import { makeTemporaryFolder } from '../support/temporary-folder.js';

const ROOT = makeTemporaryFolder();
let count = 0;

/** A new empty folder. */
function newFolder(): string {
  const folder = join(ROOT, String(count++));
  mkdirSync(folder);
  return folder;
}

const OURS = () => true;
const NOT_OURS = () => false;

if (existsSync('/proc/self')) {
  test('a file system that takes no new names is an error, not a wait', () => {
    const write = (): void => writeFolderAtomic('/proc/spikemill', new Map([['a/b', 'x']]), OURS);
    assertError(write, 'OUTPUT_FAILED', '/proc/spikemill');
  });
}

test('a folder is the same folder under every name', () => {
  const folder = newFolder();
  const files = new Map([['a/b', 'x']]);
  const isOurs = (path: string): boolean => path === 'a/b';
  const names = [
    folder,
    `${folder}/`,
    `${folder}//`,
    `${folder}/.`,
    join('/', folder, '..', '.').concat(`/${folder.split('/').at(-1)}`),
  ];
  for (const name of names) writeFolderAtomic(name, files, isOurs);
  assert.equal(readdirSync(folder), ['a']);
});

test('a file is written whole, with the folders above it, and nothing else is left', () => {
  const folder = newFolder();
  const path = join(folder, 'a', 'b', 'x.txt');
  writeFileAtomic(path, 'one');
  writeFileAtomic(path, Buffer.from('two'));
  assert.is(readFileSync(path, 'utf8'), 'two');
  assert.equal(readdirSync(join(folder, 'a', 'b')), ['x.txt']);
});

test('a full disk is an error with the reason, and takes nothing away', () => {
  assertError(() => writeFileAtomic('/dev/full', 'x'.repeat(100_000)), 'OUTPUT_FAILED', '/dev/full', 'disk is full');
  assert.ok(existsSync('/dev/full'));
});

test('a place that cannot be written', () => {
  const folder = newFolder();
  writeFileSync(join(folder, 'file'), '');
  assertError(
    () => writeFileAtomic(join(folder, 'file', 'x'), ''),
    'OUTPUT_FAILED',
    'a part of the path is a file',
    'where you may write',
  );
  assertError(() => writeFileAtomic(folder, ''), 'OUTPUT_FAILED', folder);
  assert.equal(readdirSync(folder), ['file']);
  assert.equal(
    readdirSync(ROOT).filter((name) => name.endsWith('.tmp')),
    [],
  );
});

test('a signal handler clears away what a write has begun, and nothing else', () => {
  const folder = newFolder();
  writeFileSync(join(folder, 'mine'), '');
  const interrupted = {
    // The signal comes between two files of the folder.
    *[Symbol.iterator]() {
      yield ['a', '1'];
      assert.is(readdirSync(folder).length, 2);
      removeTemporaries();
      assert.equal(readdirSync(folder), ['mine']);
    },
  } as unknown as ReadonlyMap<string, string>;
  assertError(() => writeFolderAtomic(join(folder, 'out'), interrupted, OURS), 'OUTPUT_FAILED');
  assert.equal(readdirSync(folder), ['mine']);
});

test('reading tells why it does not work', () => {
  const folder = newFolder();
  assertError(() => readFileChecked(join(folder, 'x')), 'INVALID_FILE', join(folder, 'x'), 'no such file');
  assertError(() => readFileChecked(folder, 'INVALID_IMAGES'), 'INVALID_IMAGES', 'this is a folder');
});

test('a folder is written as a whole', () => {
  const folder = join(newFolder(), 'out');
  writeFolderAtomic(
    folder,
    new Map<string, string | Uint8Array>([
      ['a.txt', 'a'],
      ['rtl/b.v', Buffer.from('b')],
    ]),
    NOT_OURS,
  );
  assert.equal(readdirSync(folder).sort(), ['a.txt', 'rtl']);
  assert.is(readFileSync(join(folder, 'rtl', 'b.v'), 'utf8'), 'b');
});

test('an earlier output is replaced, files of it that are no more are gone', () => {
  const folder = newFolder();
  writeFolderAtomic(folder, new Map([['old.txt', '1']]), OURS);
  writeFolderAtomic(`${folder}/`, new Map([['new.txt', '2']]), OURS);
  assert.equal(readdirSync(folder), ['new.txt']);
});

test('files of others are named and stay', () => {
  const folder = newFolder();
  mkdirSync(join(folder, 'sub'));
  writeFileSync(join(folder, 'sub', 'thesis.tex'), 'precious');
  writeFileSync(join(folder, 'a.v'), '');
  const write = () => writeFolderAtomic(folder, new Map([['a.v', '']]), (path) => path === 'a.v');
  assertError(write, 'FOREIGN_OUTPUT', folder, 'sub/thesis.tex', /choose another folder/);
  assert.is(readFileSync(join(folder, 'sub', 'thesis.tex'), 'utf8'), 'precious');
  assert.equal(
    readdirSync(ROOT).filter((name) => name.includes('.tmp')),
    [],
  );
});

test('a link is a file of others, too', () => {
  const folder = newFolder();
  symlinkSync('/etc/passwd', join(folder, 'link'));
  assertError(() => writeFolderAtomic(folder, new Map(), NOT_OURS), 'FOREIGN_OUTPUT', 'link');
});

test('a folder that cannot be written leaves the old one', () => {
  const folder = newFolder();
  writeFolderAtomic(folder, new Map([['a', '1']]), OURS);
  const clash = new Map([
    ['b', ''],
    ['b/c', ''],
  ]);
  assertError(() => writeFolderAtomic(folder, clash, OURS), 'OUTPUT_FAILED', folder);
  assert.equal(readdirSync(folder), ['a']);
  assert.equal(
    readdirSync(ROOT).filter((name) => name.includes('.tmp')),
    [],
  );
});

test.run();
