/** What verify() refuses, how it stops, and what it promises about replays. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { MAX_SEED, openBuild, type VerifyOptions, verify } from '@spikemill/testbenches';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { makeDesign, newFolder, tinyNetwork } from '../support/designs.js';
import { catchRejection } from '../support/errors.js';
import { copyBuild, flipBits } from '../support/faults.js';
import { assertPassed, randomImages } from '../support/simulation.js';

const NETWORK = tinyNetwork(true);
const { folder: FOLDER, plan: PLAN } = makeDesign(NETWORK, { lanes: 4, inputs: 4, neurons: 2, tokenBlock: 4 });
const BUILD = openBuild(FOLDER);
const IMAGES = randomImages(NETWORK, 12);

test('numbers out of range', async () => {
  const wrong: [option: VerifyOptions, flag: string][] = [
    [{ first: 12 }, '--first'],
    [{ first: -1 }, '--first'],
    [{ limit: 0 }, '--limit'],
    [{ limit: 1.5 }, '--limit'],
    [{ seed: -1 }, '--seed'],
    [{ seed: MAX_SEED + 1 }, '--seed'],
    [{ idlePercent: 100 }, '--idle'],
    [{ stallPercent: 100 }, '--stall'],
  ];
  for (const [options, flag] of wrong) {
    const error = await catchRejection(verify(BUILD, IMAGES, options));
    assert.is(error.code, 'USAGE');
    assert.is(error.details.where, flag);
  }
});

test('any part of the images, with the numbers that they have in their file', async () => {
  const result = await verify(BUILD, IMAGES, { first: 9, limit: 100 });
  assertPassed(result, NETWORK, 3, false);
  assert.is(result.firstImage, 9);
  for (const seed of [0, MAX_SEED]) assertPassed(await verify(BUILD, IMAGES, { limit: 1, seed }), NETWORK, 1, false);
});

test('images are told as they are done', async () => {
  const seen: number[] = [];
  await verify(BUILD, IMAGES, { onImage: (done) => seen.push(done) });
  assert.equal(
    seen,
    Array.from({ length: IMAGES.count }, (_, i) => i + 1),
  );
});

test('the command of a mismatch shows the same mismatch again', async () => {
  const copy = copyBuild(FOLDER);
  const { bases } = PLAN.bindings.find(({ layer }) => layer.kind === 'fuse')!;
  flipBits(copy, 'spike-weights', bases.weights, 0, 0x8888n);
  const build = openBuild(copy);
  const options = { seed: 11, idlePercent: 33, stallPercent: 44, first: 2, imagesPath: "my images/it's.bin" };
  const { firstMismatch } = await verify(build, IMAGES, options);
  const { replay, image } = firstMismatch!;
  assert.is(
    replay,
    `spikemill verify run ${copy} --images 'my images/it'\\''s.bin' --first ${image} --limit 1 --seed 11 --idle 33 --stall 44 --currents`,
  );
  const again = await verify(build, IMAGES, { ...options, first: image!, limit: 1, currents: true });
  assert.equal(again.firstMismatch, firstMismatch);
});

test('a stopped run throws the reason and leaves no process', async () => {
  const controller = new AbortController();
  const running = verify(BUILD, IMAGES, {
    signal: controller.signal,
    idlePercent: 99,
    onImage: () => controller.abort('enough'),
  });
  const reason = await running.then(
    () => assert.unreachable('it should not finish'),
    (thrown: unknown) => thrown,
  );
  assert.is(reason, 'enough');
});

test('a time limit, also while compiling', async () => {
  const { SPIKEMILL_CACHE: cache } = process.env;
  process.env.SPIKEMILL_CACHE = newFolder();
  // else it may be done within the limit
  process.env.CCACHE_DISABLE = '1';
  let isCompiling = false;
  const onCompile = (): void => {
    isCompiling = true;
  };
  const error = await catchRejection(verify(BUILD, IMAGES, { timeLimitSeconds: 1, onCompile }));
  assert.is(error.code, 'TIMEOUT');
  assert.is(error.exitCode, 124);
  assert.ok(isCompiling);
  await setTimeout(100);
  assert.equal(readdirSync(process.env.SPIKEMILL_CACHE), [], 'nothing half-made is left');
  delete process.env.CCACHE_DISABLE;
  if (cache === undefined) delete process.env.SPIKEMILL_CACHE;
  else process.env.SPIKEMILL_CACHE = cache;
});

test('a missing simulator is named with the line that installs it', async () => {
  const { PATH: path } = process.env;
  process.env.PATH = join(FOLDER, 'none');
  const verilator = await catchRejection(verify(BUILD, IMAGES));
  const icarus = await catchRejection(verify(BUILD, IMAGES, { simulator: 'icarus' }));
  process.env.PATH = path;
  for (const error of [verilator, icarus]) {
    assert.is(error.code, 'TOOL');
    assert.is(error.exitCode, 4);
  }
  assert.match(verilator.describe(), /no verilator, no make, no g\+\+.*apt-get install -y verilator make g\+\+/s);
  assert.match(icarus.describe(), /no iverilog, no vvp.*apt-get install -y iverilog/s);
});

test.run();
