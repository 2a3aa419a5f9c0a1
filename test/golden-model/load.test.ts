import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  imageAt,
  loadCheckpoint,
  loadImages,
  loadModel,
  loadQuantized,
  makeStatement,
  parseSafetensors,
  serializeSafetensors,
} from '@spikemill/golden-model';
import { PNG } from 'pngjs';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { assertError } from '../support/errors.js';
import { modelPath } from '../support/references.js';
import { makeTemporaryFolder } from '../support/temporary-folder.js';

const ROOT = makeTemporaryFolder();
const TORCH = modelPath('digits-tiny', 'model.pth');

/** The checkpoint alone in a folder, under a name that tells nothing. */
function loneCheckpoint(name: string): string {
  const folder = join(ROOT, name);
  mkdirSync(folder);
  copyFileSync(TORCH, join(folder, 'net.bin'));
  return join(folder, 'net.bin');
}

test('the content decides about the format, config.json beside the file tells the rest', () => {
  const path = loneCheckpoint('beside');
  copyFileSync(modelPath('digits-tiny', 'config.json'), join(ROOT, 'beside', 'config.json'));
  const { checkpoint, origins } = loadCheckpoint(path);
  assert.is(checkpoint.config.timesteps, 4);
  assert.is(origins.find(({ property }) => property === 'T')?.source, 'config.json');
});

test('a safetensors file whose length begins like a pickle', () => {
  const path = modelPath('digits-tiny', 'quant-w4-ptq.safetensors');
  const file = parseSafetensors(readFileSync(path), path);
  const metadata = new Map(file.metadata);
  let bytes = serializeSafetensors({ ...file, metadata });
  for (let length = 1; bytes[0] !== 0x80; length++) {
    metadata.set('padding', 'x'.repeat(length));
    bytes = serializeSafetensors({ ...file, metadata });
  }
  writeFileSync(join(ROOT, 'pickle-like.safetensors'), bytes);
  assert.is(loadQuantized(join(ROOT, 'pickle-like.safetensors')).config.numClasses, 10);
});

test('without config.json the missing property is named', () => {
  const path = loneCheckpoint('alone');
  assertError(() => loadModel(path), 'INVALID_CONFIG', path, 'T is not known', '--timesteps');
});

test('flags and another config.json', () => {
  const path = loneCheckpoint('flags');
  const configPath = modelPath('digits-tiny', 'config.json');
  const flags = makeStatement('flag', 'flags', { T: 2 });
  assert.is(loadCheckpoint(path, { configPath, flags }).checkpoint.config.timesteps, 2);
});

test('a config.json that is not there, not JSON, or of another network', () => {
  const path = loneCheckpoint('wrong');
  const configPath = join(ROOT, 'wrong', 'my.json');
  assertError(() => loadModel(path, { configPath }), 'INVALID_CONFIG', configPath, 'no such file');
  writeFileSync(configPath, '{');
  assertError(() => loadModel(path, { configPath }), 'INVALID_CONFIG', configPath, 'not JSON');
  const other = modelPath('mnist-small', 'config.json');
  assertError(
    () => loadModel(path, { configPath: other }),
    'INVALID_CONFIG',
    `${other}: dim`,
    'expected: 12',
    'actual:   24',
  );
});

test('float and quantized models are told apart', () => {
  const quantized = modelPath('digits-tiny', 'quant-w4-ptq.safetensors');
  assert.is(loadModel(quantized).kind, 'quantized');
  assert.is(loadModel(TORCH).kind, 'float');
  assertError(() => loadQuantized(TORCH), 'INVALID_FILE', TORCH, 'a quantized model', 'model quantize');
  assertError(() => loadCheckpoint(quantized), 'INVALID_FILE', quantized, 'quantized model already');
});

test('a model that is not there', () => {
  assertError(() => loadModel(join(ROOT, 'none')), 'INVALID_FILE', join(ROOT, 'none'), 'no such file');
});

const FORMAT = { inChannels: 1, imageHeight: 1, imageWidth: 2 };

function writePng(path: string, grey: number): void {
  const png = new PNG({ width: 2, height: 1 });
  png.data.set([grey, grey, grey, 255, 0, 0, 0, 255]);
  writeFileSync(path, PNG.sync.write(png));
}

test('a folder of PNG files in the order of their names, one file, raw pixels', () => {
  const folder = join(ROOT, 'images');
  mkdirSync(folder);
  writePng(join(folder, 'b.png'), 2);
  writePng(join(folder, 'a.PNG'), 1);
  writePng(join(folder, 'c.png'), 3);
  writeFileSync(join(folder, 'readme.txt'), 'x');
  const images = loadImages(folder, FORMAT);
  assert.is(images.count, 3);
  assert.equal(
    [0, 1, 2].map((i) => [...imageAt(images, i)]),
    [
      [1, 0],
      [2, 0],
      [3, 0],
    ],
  );
  assert.equal([...loadImages(join(folder, 'c.png'), FORMAT).pixels], [3, 0]);
  writeFileSync(join(ROOT, 'x.bin'), Uint8Array.of(7, 8));
  assert.equal([...loadImages(join(ROOT, 'x.bin'), FORMAT).pixels], [7, 8]);
});

test('a folder without PNG files, a broken one among them, no file at all', () => {
  const folder = join(ROOT, 'empty');
  mkdirSync(folder);
  assertError(() => loadImages(folder, FORMAT), 'INVALID_IMAGES', folder, 'no PNG file');
  writePng(join(folder, 'a.png'), 1);
  writeFileSync(join(folder, 'b.png'), 'x');
  assertError(() => loadImages(folder, FORMAT), 'INVALID_IMAGES', join(folder, 'b.png'));
  assertError(() => loadImages(join(ROOT, 'none.bin'), FORMAT), 'INVALID_IMAGES', 'no such file');
});

test.run();
