import { existsSync, mkdirSync, readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { cacheFolder } from '@spikemill/testbenches';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { cached, cacheKey } from '../../testbenches/src/cache.js';
import { catchRejection } from '../support/errors.js';
import { makeTemporaryFolder } from '../support/temporary-folder.js';

const CACHE = join(makeTemporaryFolder(), 'cache');
process.env.SPIKEMILL_CACHE = CACHE;

test('where it is: own variable, XDG, home', () => {
  const { XDG_CACHE_HOME: xdg } = process.env;
  delete process.env.SPIKEMILL_CACHE;
  process.env.XDG_CACHE_HOME = '/x';
  assert.is(cacheFolder(), '/x/spikemill');
  delete process.env.XDG_CACHE_HOME;
  assert.is(cacheFolder(), join(homedir(), '.cache', 'spikemill'));
  process.env.SPIKEMILL_CACHE = CACHE;
  if (xdg !== undefined) process.env.XDG_CACHE_HOME = xdg;
  assert.is(cacheFolder(), CACHE);
});

test('a key depends on every part and on where one ends', () => {
  const keys = [['a', 'b'], ['ab'], ['ab', ''], ['a', 'c'], ['b', 'a']].map(cacheKey);
  assert.is(new Set(keys).size, keys.length);
  assert.is(cacheKey([new Uint8Array([97])]), cacheKey(['a']));
});

test('made once, then found', async () => {
  let made = 0;
  const make = async (folder: string): Promise<void> => {
    made++;
    writeFileSync(join(folder, 'file'), 'content');
  };
  const folder = await cached('once', make);
  assert.is(await cached('once', make), folder);
  assert.is(made, 1);
  assert.is(readFileSync(join(folder, 'file'), 'utf8'), 'content');
});

test('two at once: both get a whole entry, one is kept', async () => {
  const make = (content: string) => async (folder: string) => {
    writeFileSync(join(folder, 'a'), content);
    await setTimeout(20);
    writeFileSync(join(folder, 'b'), content);
  };
  const [first, second] = await Promise.all([cached('twice', make('1')), cached('twice', make('2'))]);
  assert.is(first, second);
  assert.is(readFileSync(join(first, 'a'), 'utf8'), readFileSync(join(first, 'b'), 'utf8'));
  assert.equal(
    readdirSync(CACHE).filter((name) => name.startsWith('twice')),
    ['twice'],
  );
});

test('what fails leaves nothing', async () => {
  const failure = cached('failed', async (folder) => {
    writeFileSync(join(folder, 'half'), '');
    throw new Error('on purpose');
  });
  await failure.then(assert.unreachable, (error: Error) => assert.is(error.message, 'on purpose'));
  assert.equal(
    readdirSync(CACHE).filter((name) => name.startsWith('failed')),
    [],
  );
});

test('the entries that were not used for longest go, and what was left half-made', async () => {
  const old = (name: string, hours: number): void => {
    mkdirSync(join(CACHE, name));
    const time = new Date(Date.now() - hours * 3600 * 1000);
    utimesSync(join(CACHE, name), time, time);
  };
  for (let i = 0; i < 210; i++) old(`old${i}`, 100 + i);
  old('left.abc', 30);
  old('working.abc', 1);
  await cached('new', async () => undefined);
  const names = readdirSync(CACHE);
  assert.ok(names.includes('new') && names.includes('old0') && names.includes('working.abc'));
  assert.not.ok(names.includes('old209') || names.includes('left.abc'));
});

test('a folder that cannot be made', async () => {
  const file = join(CACHE, 'file');
  writeFileSync(file, '');
  process.env.SPIKEMILL_CACHE = join(file, 'below');
  const error = await catchRejection(cached('key', async () => undefined));
  process.env.SPIKEMILL_CACHE = CACHE;
  assert.is(error.code, 'OUTPUT_FAILED');
  assert.match(error.describe(), 'set SPIKEMILL_CACHE');
  assert.ok(existsSync(file));
});

test.run();
