import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { PNG } from 'pngjs';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type ErrorDocument, runCli, runJson } from '../../support/cli.js';
import { modelPath, readTensors, values } from '../../support/references.js';
import { makeTemporaryFolder } from '../../support/temporary-folder.js';

const ROOT = makeTemporaryFolder();
const REPOSITORY = fileURLToPath(new URL('../../..', import.meta.url));
const QUANTIZED = modelPath('digits-tiny', 'quant-w4-ptqbc.safetensors');
const FLOAT = modelPath('digits-tiny', 'model.pth');
const IMAGES = ['--images', modelPath('digits-tiny', 'test-images.bin')];
const LABELS = ['--labels', modelPath('digits-tiny', 'test-labels.bin')];

interface Run {
  readonly mode: string;
  readonly images: number;
  readonly top1: number | null;
  readonly logits?: readonly (readonly number[])[];
  readonly classes: readonly number[];
  readonly firingRates: Readonly<Record<string, number>>;
  readonly membranes: Readonly<Record<string, { min: number; max: number }>>;
  readonly denseOperations: number;
  readonly effectiveOperations: number;
  readonly layers: readonly { name: string; denseOperations: number; effectiveOperations: number; energy?: number }[];
  readonly energy: { total: number; model: Record<string, unknown> } | null;
}

const run = (...args: string[]) => runJson<Run>(['model', 'run', ...args]);

test('a quantized model on all test images: integer logits and accuracy of the reference', async () => {
  const report = await run(QUANTIZED, ...IMAGES, ...LABELS, '--logits');
  const reference = readTensors('digits-tiny', 'quant-w4-ptqbc-reference.safetensors').tensors.get('logits')!;
  assert.equal(report.logits?.flat(), [...Array.from(values(reference))]);
  assert.is(report.mode, 'integer');
  assert.is(report.images, 360);
  assert.is(report.top1, 356 / 360);
});

test('operations, rates, membranes and energy of each layer', async () => {
  const report = await run(QUANTIZED, ...IMAGES, '--limit', '8');
  assert.is(report.images, 8);
  assert.is(report.top1, null);
  assert.is(report.logits, undefined);
  assert.is(report.denseOperations, 857_088);
  assert.is(report.layers.length, 17);
  const sum = (values: (number | undefined)[]): number =>
    values.reduce<number>((total, value) => total + (value ?? Number.NaN), 0);
  const close = (a: number, b: number): boolean => Math.abs(a - b) < 1e-6 * b;
  assert.ok(
    close(sum(report.layers.map(({ effectiveOperations }) => effectiveOperations)), report.effectiveOperations),
  );
  assert.ok(close(sum(report.layers.map(({ energy }) => energy)), report.energy!.total));
  assert.equal(Object.keys(report.firingRates), Object.keys(report.membranes));
  assert.is(Object.keys(report.firingRates).length, 12);
  for (const rate of Object.values(report.firingRates)) assert.ok(rate > 0 && rate < 1);
  assert.equal(report.membranes['token_mix_lif.0']?.max, 255);
});

test('a float checkpoint in float64: published logits and firing rates, no energy', async () => {
  const report = await run(FLOAT, ...IMAGES, ...LABELS, '--logits');
  assert.is(report.mode, 'float64');
  assert.is(report.top1, 352 / 360);
  assert.is(report.energy, null);
  const published = values(readTensors('digits-tiny', 'reference.safetensors').tensors.get('logits')!);
  const logits = report.logits!.flat();
  for (let i = 0; i < published.length; i++) assert.ok(Math.abs(logits[i]! - published[i]!) <= 1e-4, `${i}`);
  const { firing_rate_test_set: rates } = JSON.parse(readFileSync(modelPath('digits-tiny', 'reference.json'), 'utf8'));
  for (const [lif, rate] of Object.entries(report.firingRates)) assert.ok(Math.abs(rate - rates[lif]) < 1e-9, lif);
});

test('a folder of PNG files gives what the raw file gives', async () => {
  const folder = join(ROOT, 'png');
  mkdirSync(folder);
  const pixels = readFileSync(IMAGES[1]!);
  for (let image = 0; image < 3; image++) {
    const png = new PNG({ width: 16, height: 16 });
    for (let i = 0; i < 256; i++) png.data.set([...new Array(3).fill(pixels[256 * image + i]), 255], 4 * i);
    writeFileSync(join(folder, `${image}.png`), PNG.sync.write(png, { colorType: 0 }));
  }
  const fromPng = await run(QUANTIZED, '--images', folder, '--logits');
  assert.equal(fromPng, await run(QUANTIZED, ...IMAGES, '--limit', '3', '--logits'));
});

test('another energy model', async () => {
  const { energy } = await run(QUANTIZED, ...IMAGES, '--limit', '1');
  const path = join(ROOT, 'energy.json');
  const doubled = Object.entries(energy!.model).map(([key, value]) => [
    key,
    typeof value === 'number' ? 2 * value : value,
  ]);
  writeFileSync(path, JSON.stringify(Object.fromEntries(doubled)));
  const other = await run(QUANTIZED, ...IMAGES, '--limit', '1', '--energy-model', path);
  assert.ok(Math.abs(other.energy!.total / energy!.total - 2) < 1e-9);
});

test('tables and figures for people', async () => {
  const { exitCode, stdout, stderr } = await runCli([
    'model',
    'run',
    QUANTIZED,
    ...IMAGES,
    ...LABELS,
    '--limit',
    '10',
    '--logits',
  ]);
  assert.is(exitCode, 0);
  assert.is(stderr, '');
  assert.match(stdout, /^logits 9: (-?\d+ ){9}-?\d+$/m);
  assert.match(stdout, /^10 images in integers$/m);
  assert.match(stdout, /^top-1 +100\.00 % \(10 of 10\)$/m);
  assert.match(stdout, /^energy per image +[\d.]+ nJ \(modelled, not measured\)$/m);
});

test('images and labels that do not fit', async () => {
  const error = async (...args: string[]) =>
    (await runJson<ErrorDocument>(['model', 'run', QUANTIZED, ...args], 3)).error;
  const wrongSize = await error('--images', modelPath('mnist-small', 'config.json'));
  assert.match(wrongSize.expected ?? '', /a multiple of 256 bytes/);
  const labels = modelPath('mnist-small', 'test-labels.bin');
  assert.match((await error(...IMAGES, '--labels', labels)).expected ?? '', /360 labels/);
  assert.match((await error('--images', join(ROOT, 'none'))).message, /no such file/);
});

test('Ctrl-C ends a long run at once, with code 130', async () => {
  const images = ['--images', modelPath('mnist-small', 'test-images.bin')];
  let isSent = false;
  const { exitCode, stderr, stdout } = await runCli(
    ['model', 'run', modelPath('mnist-small', 'model.pth'), ...images],
    {
      // The first progress line shows that the run is on its way.
      env: { SPIKEMILL_TEST_PROGRESS: '1' },
      onStderr: (_, kill) => {
        if (!isSent) kill('SIGINT');
        isSent = true;
      },
    },
  );
  assert.is(exitCode, 130);
  assert.match(stderr, /interrupted \(SIGINT\)/);
  assert.is(stdout, '');
});

test('a reader that closes the pipe is no error', () => {
  const command = `set -o pipefail; "${process.execPath}" bin/dev.js model run "${QUANTIZED}" ${IMAGES.join(' ')} --limit 9 --logits | head -n 1`;
  const { status, stderr } = spawnSync('bash', ['-c', command], { cwd: REPOSITORY, encoding: 'utf8' });
  assert.is(stderr, '');
  assert.is(status, 0);
});

test.run();
