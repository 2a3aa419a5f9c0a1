/** The demo from the outside: the chain ends well, and a difference between Verilog and golden model ends it badly. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type ErrorDocument, runCli, runJson } from '../../support/cli.js';
import { makeTemporaryFolder } from '../../support/temporary-folder.js';

const FOLDER = makeTemporaryFolder();

interface DemoDocument {
  readonly floatTop1: number;
  readonly integerTop1: number;
  readonly verify: { readonly passed: boolean; readonly images: number; readonly comparedSpikes: number };
  readonly estimate: { readonly cyclesPerImage: number };
}

test('the demo shows every command, compares every spike and sums up', async () => {
  const folder = join(FOLDER, 'demo');
  const { exitCode, stdout } = await runCli(['demo', '-o', folder, '--limit', '2']);
  assert.is(exitCode, 0);
  for (const command of ['model import', 'model run', 'model quantize', 'rtl generate', 'verify run', 'estimate']) {
    assert.match(stdout, `$ spikemill ${command} `);
  }
  // 32,256 neurons x timesteps an image
  assert.match(stdout, /64,512 spikes of 2 images compared, 0 differ/);
  assert.match(stdout, /top-1, float \/ 4-bit integers +97\.78 % \/ 98\.89 %/);
});

test('with --json the demo answers in one document, and a second run replaces the first', async () => {
  const folder = join(FOLDER, 'demo');
  const report = await runJson<DemoDocument>(['demo', '-o', folder, '--limit', '1'], 0);
  assert.is(report.verify.passed, true);
  assert.is(report.verify.images, 1);
  assert.is(report.floatTop1, 352 / 360);
  assert.is(report.integerTop1, 356 / 360);
  assert.ok(report.estimate.cyclesPerImage > 0);
});

test('an error of a step is the error of the demo', async () => {
  const file = join(FOLDER, 'file');
  writeFileSync(file, '');
  const { error } = await runJson<ErrorDocument>(['demo', '-o', join(file, 'demo')], 3);
  assert.is(error.code, 'OUTPUT_FAILED');
  assert.is(error.where, join(file, 'demo', 'net.safetensors'));
});

test.run();
