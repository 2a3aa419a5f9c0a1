/** The commands around the fast back-end: run --backend and --check, trace, random. */
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type ErrorDocument, runCli, runJson } from '../../support/cli.js';
import { modelPath } from '../../support/references.js';
import { makeTemporaryFolder } from '../../support/temporary-folder.js';

const ROOT = makeTemporaryFolder();
const QUANTIZED = modelPath('digits-tiny', 'quant-w4-ptqbc.safetensors');
const IMAGES = ['--images', modelPath('digits-tiny', 'test-images.bin')];

test('run: both back-ends and any number of threads give one report; the check finds them equal', async () => {
  const run = (...args: string[]) => {
    return runJson<Record<string, unknown>>([
      'model',
      'run',
      QUANTIZED,
      ...IMAGES,
      '--limit',
      '6',
      '--logits',
      ...args,
    ]);
  };
  const wasm = await run('--check');
  assert.is(wasm.backend, 'wasm');
  assert.equal(wasm.check, { images: 6, differences: [] });
  assert.equal({ ...(await run('--backend', 'spec')), backend: 'wasm', check: wasm.check }, wasm);
  assert.equal({ ...(await run('--workers', '2')), check: wasm.check }, wasm);
});

test('run --check is for quantized models', async () => {
  const args = ['model', 'run', modelPath('digits-tiny', 'model.pth'), ...IMAGES, '--limit', '1', '--check', '--json'];
  const { exitCode, stdout } = await runCli(args);
  assert.is(exitCode, 2);
  assert.match((JSON.parse(stdout) as ErrorDocument).error.message, /quantized model with --check/);
});

test('trace: write one, look into it', async () => {
  const path = join(ROOT, 'run.trace');
  const written = await runJson<{ images: number; bytes: number }>([
    ...['model', 'trace', QUANTIZED, ...IMAGES, '-o', path, '--limit', '3', '--membranes'],
  ]);
  assert.is(written.images, 3);
  const shown = await runJson<{ sections: { kind: string; firingRate: number | null }[]; rows: number[][] }>([
    ...['model', 'trace', path, '--image', '2', '--lif', 'token_mix_lif.0', '--timestep', '1'],
  ]);
  const rates = shown.sections.flatMap(({ kind, firingRate }) => (kind === 'spikes' ? [firingRate!] : []));
  assert.is(rates.length, 12);
  assert.ok(rates.every((rate) => rate > 0 && rate < 1));
  assert.is(shown.rows.length, 64);
  assert.ok(shown.rows.flat().every((spike) => spike === 0 || spike === 1));
  const text = await runCli(['model', 'trace', path, '--image', '0', '--lif', 'token_mix_lif.0', '--membranes']);
  assert.match(text.stdout, /3 images, 4 timesteps, all digests right/);
  assert.match(text.stdout, /^token 63: (-?\d+ ){11}-?\d+$/m);
});

test('random: the shape of a model, firing as wanted, the same for the same seed', async () => {
  const make = async (name: string, seed: string): Promise<string> => {
    const path = join(ROOT, name);
    const like = modelPath('mnist-small', 'config.json');
    await runJson(['model', 'random', '--like', like, '-o', path, '--density', '0.2', '--seed', seed]);
    return path;
  };
  const path = await make('r.safetensors', '3');
  const image = join(ROOT, 'image.bin');
  await runJson([
    ...['model', 'random', '--like', path, '-o', join(ROOT, 's.safetensors'), '--density', '0.2', '--seed', '3'],
    ...['--write-image', image],
  ]);
  const report = await runJson<{ meanFiringRate: number; firingRates: Record<string, number> }>([
    ...['model', 'run', join(ROOT, 's.safetensors'), '--images', image],
  ]);
  assert.ok(Math.abs(report.meanFiringRate - 0.2) < 0.01, `${report.meanFiringRate}`);
  for (const [lif, rate] of Object.entries(report.firingRates))
    assert.ok(Math.abs(rate - 0.2) < 0.03, `${lif} ${rate}`);
});

test('quantize --target-drop: the smallest model within the drop, with the table of all that was tried', async () => {
  const path = join(ROOT, 'q.safetensors');
  const calibration = ['--calibration', modelPath('digits-tiny', 'calib-images.bin')];
  const labels = ['--calibration-labels', modelPath('digits-tiny', 'calib-labels.bin')];
  const args = ['model', 'quantize', modelPath('digits-tiny', 'model.safetensors'), '-o', path, '--target-drop', '2'];
  const { search, weightBits } = await runJson<{
    weightBits: number;
    search: { images: number; trials: { weightBits: number; isWithin: boolean }[]; best: { weightBits: number } };
  }>([...args, ...calibration, ...labels]);
  assert.is(search.images, 128);
  assert.is(search.best.weightBits, weightBits);
  const within = search.trials.filter(({ isWithin }) => isWithin).map((trial) => trial.weightBits);
  assert.is(Math.min(...within), weightBits);
  const { exitCode, stdout } = await runCli([...args, ...calibration, '--json']);
  assert.is(exitCode, 2);
  assert.match(stdout, /calibration-labels/);
});

test('random: a shape that is not there', async () => {
  const { exitCode, stdout } = await runCli(['model', 'random', '--like', 'mlp-xxl', '-o', join(ROOT, 'x'), '--json']);
  assert.is(exitCode, 3);
  assert.match(stdout, /cannot be read/);
});

test.run();
