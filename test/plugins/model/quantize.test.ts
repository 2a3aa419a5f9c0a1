import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadQuantized, parseSafetensors } from '@spikemill/golden-model';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type CliOptions, type ErrorDocument, runCli, runJson } from '../../support/cli.js';
import { modelPath, readTensors } from '../../support/references.js';
import { makeTemporaryFolder } from '../../support/temporary-folder.js';

const ROOT = makeTemporaryFolder();
const NET = modelPath('digits-tiny', 'model.safetensors');
let count = 0;

/** Quantizes digits-tiny; the path of the result. */
async function quantize(args: string[], options: CliOptions = {}): Promise<string> {
  const output = join(ROOT, `${count++}.safetensors`);
  await runJson(['model', 'quantize', NET, '-o', output, ...args], 0, options);
  return output;
}

function assertReproduces(path: string, reference: string): void {
  const { tensors } = parseSafetensors(readFileSync(path), path);
  const expected = readTensors('digits-tiny', reference).tensors;
  assert.equal([...tensors.keys()].sort(), [...expected.keys()].sort());
  for (const [key, { dtype, shape, bytes }] of expected) {
    const tensor = tensors.get(key)!;
    assert.equal([tensor.dtype, tensor.shape], [dtype, shape], key);
    assert.ok(Buffer.from(tensor.bytes).equals(bytes), key);
  }
}

test('4 bits by default, 8 by flag: the reference files, tensor by tensor', async () => {
  assertReproduces(await quantize([]), 'quant-w4-ptq.safetensors');
  assertReproduces(await quantize(['--weight-bits', '8']), 'quant-w8-ptq.safetensors');
});

test('bias correction on the calibration images: the reference file', async () => {
  const calibration = modelPath('digits-tiny', 'calib-images.bin');
  const path = await quantize(['--calibration', calibration, '--bias-correction']);
  assertReproduces(path, 'quant-w4-ptqbc.safetensors');
  assert.is(loadQuantized(path).method, 'post-training with bias correction on 128 images');
});

test('flag before environment before configuration file', async () => {
  const cwd = join(ROOT, 'cwd');
  mkdirSync(cwd);
  writeFileSync(join(cwd, 'spikemill.config.json'), '{"weightBits": 8}');
  const fuseBits = async (args: string[], env: Record<string, string>) => {
    return loadQuantized(await quantize(args, { cwd, env })).format.weightBits.fuse;
  };
  assert.is(await fuseBits([], {}), 8);
  assert.is(await fuseBits([], { SPIKEMILL_WEIGHT_BITS: '3' }), 3);
  assert.is(await fuseBits(['--weight-bits', '2'], { SPIKEMILL_WEIGHT_BITS: '3' }), 2);
});

test('other bits for one kind, other formats', async () => {
  const formats = ['--fraction-bits', '6', '--membrane-bits', '9', '--scale-bits', '5', '--scale-digits', '1'];
  const path = await quantize([
    '--weight-bits',
    '3',
    '--weight-bits-of',
    'spe=6',
    '--weight-bits-of',
    'fc2=8',
    ...formats,
  ]);
  const { format } = loadQuantized(path);
  assert.equal(
    [format.weightBits.spe, format.weightBits.fc2, format.weightBits.fuse, format.weightBits.head],
    [6, 8, 3, 8],
  );
  assert.equal([format.fractionBits, format.membraneBits, format.scaleFractionBits], [6, 9, 5]);
});

test('wrong usage: bits out of range, kinds that have none, correction without images', async () => {
  const output = join(ROOT, 'never.safetensors');
  const message = async (...args: string[]) => {
    return (await runJson<ErrorDocument>(['model', 'quantize', NET, '-o', output, ...args], 2)).error.message;
  };
  assert.match(await message('--weight-bits', '9'), /--weight-bits: Expected an integer less than or equal to 8/);
  assert.match(await message('--weight-bits-of', 'head=4'), /KIND=BITS with KIND one of spe, /);
  assert.match(await message('--weight-bits-of', 'spe=1'), /weight bits of spe cannot be 1/);
  assert.match(await message('--bias-correction'), /--calibration/);
  assert.match(await message('--fraction-bits', '40'), /fraction bits/);
  assert.not(readdirSync(ROOT).includes('never.safetensors'));
});

test('calibration images of another size', async () => {
  const images = modelPath('mnist-small', 'config.json');
  const args = ['model', 'quantize', NET, '-o', join(ROOT, 'x'), '--calibration', images, '--bias-correction'];
  const { error } = await runJson<ErrorDocument>(args, 3);
  assert.is(error.code, 'INVALID_IMAGES');
  assert.is(error.where, images);
});

test('calibration images without correction draw a warning on stderr', async () => {
  const calibration = modelPath('digits-tiny', 'calib-images.bin');
  const { exitCode, stdout, stderr } = await runCli([
    'model',
    'quantize',
    NET,
    '-o',
    join(ROOT, 'w'),
    '--calibration',
    calibration,
  ]);
  assert.is(exitCode, 0);
  assert.match(stderr, /no effect without --bias-correction/);
  assert.match(stdout, /Wrote .*: post-training, 38,080 bits of weights\nNext: spikemill model run/);
});

test.run();
