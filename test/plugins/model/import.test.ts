import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseSafetensors } from '@spikemill/golden-model';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type ErrorDocument, runCli, runJson } from '../../support/cli.js';
import { modelPath, readTensors } from '../../support/references.js';
import { makeTemporaryFolder } from '../../support/temporary-folder.js';
import { makeCheckpoint, pickle } from '../../support/torch-writer.js';

const ROOT = makeTemporaryFolder();
const TORCH = modelPath('digits-tiny', 'model.pth');
const at = (name: string): string => join(ROOT, name);

test('a .pth becomes the .safetensors that describes itself', async () => {
  const output = at('net.safetensors');
  const report = await runJson(['model', 'import', TORCH, '-o', output]);
  assert.is(report.output, output);
  assert.is(report.tensors, 94);
  const { tensors, metadata } = parseSafetensors(readFileSync(output), output);
  const reference = readTensors('digits-tiny', 'model.safetensors');
  assert.equal([...tensors.keys()].sort(), [...reference.tensors.keys()].sort());
  for (const [key, tensor] of reference.tensors)
    assert.equal(Buffer.from(tensors.get(key)!.bytes), Buffer.from(tensor.bytes), key);
  for (const [key, value] of metadata) assert.is(value, reference.metadata.get(key), key);
  assert.is(metadata.get('mean'), '[0.3]');
  await runJson(['model', 'inspect', output]);
});

test('people get a table with the source of each property, and the next step', async () => {
  const { exitCode, stdout, stderr } = await runCli([
    'model',
    'import',
    TORCH,
    '-o',
    at('a.safetensors'),
    '--timesteps',
    '6',
  ]);
  assert.is(exitCode, 0);
  assert.is(stderr, '');
  assert.match(stdout, /^dim +12 +tensors$/m);
  assert.match(stdout, /^T +6 +flag$/m);
  assert.match(stdout, /^std +0\.33 +config\.json$/m);
  assert.match(stdout, /Next: spikemill model quantize /);
});

/** Runs an import that must fail; nothing may be written. */
async function fails(
  args: string[],
  exitCode: number,
  file: string,
  content?: Uint8Array,
): Promise<ErrorDocument['error']> {
  const folder = at(`fails-${file}`);
  mkdirSync(folder);
  const input = join(folder, file);
  if (content === undefined) copyFileSync(TORCH, input);
  else writeFileSync(input, content);
  const { error } = await runJson<ErrorDocument>(
    ['model', 'import', input, '-o', join(folder, 'out.safetensors'), ...args],
    exitCode,
  );
  assert.equal(readdirSync(folder), [file]);
  return error;
}

test('a truncated file', async () => {
  const bytes = readFileSync(modelPath('digits-tiny', 'model.safetensors'));
  const error = await fails([], 3, 'truncated', bytes.subarray(0, 30_000));
  assert.is(error.code, 'INVALID_FILE');
  assert.ok(error.where?.endsWith('truncated'));
  assert.match(error.message, /cut off/);
});

test('a hostile pickle runs nothing and is no checkpoint', async () => {
  const target = at('was-here');
  const attack = pickle.reduce(pickle.global('os', 'system'), pickle.string(`touch ${target}`));
  const error = await fails([], 3, 'hostile', makeCheckpoint(pickle.dict({ model: attack })));
  assert.is(error.code, 'INVALID_FILE');
  assert.match(error.message, /no state dict/);
  assert.not(existsSync(target));
});

test('T = 0 by flag is wrong usage, by config.json an invalid configuration', async () => {
  assert.match((await fails(['--timesteps', '0'], 2, 'flag')).message, /--timesteps: Expected an integer greater/);
  writeFileSync(at('t0.json'), '{"T": 0}');
  const error = await fails(['--config', at('t0.json')], 3, 'config');
  assert.is(error.where, `${at('t0.json')}: /T`);
});

test('what the tensors do not tell is asked for', async () => {
  const error = await fails(['--timesteps', '4'], 3, 'unknown');
  assert.equal(error.suggestions, ['pass --mean']);
});

test('numbers that are none', async () => {
  assert.match((await fails(['--mean', '0.1,x'], 2, 'mean')).message, /--mean: Expected one number per pixel channel/);
  assert.match(
    (await fails(['--image-size', '16x'], 2, 'size')).message,
    /--image-size: Expected SIDE or HEIGHTxWIDTH/,
  );
});

test('a quantized model is no checkpoint', async () => {
  const quantized = modelPath('digits-tiny', 'quant-w4-ptq.safetensors');
  const { error } = await runJson<ErrorDocument>(['model', 'import', quantized, '-o', at('x')], 3);
  assert.match(error.message, /quantized model already/);
});

test('a full disk', async () => {
  const { error } = await runJson<ErrorDocument>(['model', 'import', TORCH, '-o', '/dev/full'], 3);
  assert.is(error.code, 'OUTPUT_FAILED');
  assert.match(error.message, /disk is full/);
});

test.run();
