import {
  checkpointShapes,
  exportCheckpoint,
  importCheckpoint,
  listLayers,
  makeStatement,
  parseSafetensors,
  type RawTensor,
  serializeSafetensors,
  type TensorFile,
} from '@spikemill/golden-model';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { assertError } from '../../support/errors.js';
import { MODELS, readTensors } from '../../support/references.js';

const FILE = readTensors('digits-tiny', 'model.safetensors');

function withTensor(key: string, change: (tensor: RawTensor) => RawTensor | null): TensorFile {
  const tensors = new Map(FILE.tensors);
  const changed = change(tensors.get(key)!);
  if (changed === null) tensors.delete(key);
  else tensors.set(key, changed);
  return { ...FILE, tensors };
}

/** The tensor with one binary32 written at element `index`. */
function poke(index: number, value: number): (tensor: RawTensor) => RawTensor {
  return (tensor) => {
    const bytes = Buffer.from(tensor.bytes);
    bytes.writeFloatLE(value, 4 * index);
    return { ...tensor, bytes };
  };
}

const load = (file: TensorFile) => () => importCheckpoint(file, [], 'net');
const VARIANCE = 'token_mix.0.proj_h.2.running_var';

for (const model of MODELS) {
  test(`${model}: every tensor is taken, none is ignored, and the file describes itself`, () => {
    const file = readTensors(model, 'model.safetensors');
    const imported = importCheckpoint(file, [], 'net');
    const { config, tensors } = imported.checkpoint;
    assert.equal([...tensors.keys()].sort(), [...file.tensors.keys()].sort());
    assert.equal(imported.ignoredKeys, []);
    const again = parseSafetensors(serializeSafetensors(exportCheckpoint(imported)), 'again');
    assert.equal(importCheckpoint(again, [], 'again').checkpoint, imported.checkpoint);
    for (const layer of listLayers(config)) {
      for (const [key, shape] of checkpointShapes(layer)) assert.equal(tensors.get(key)?.shape, shape);
    }
  });
}

test('a missing tensor is named with its shape', () => {
  assertError(load(withTensor('batch_norm.bias', () => null)), 'INVALID_TENSOR', 'net: batch_norm.bias', '[24]');
});

test('all missing tensors are counted', () => {
  const tensors = new Map([...FILE.tensors].filter(([key]) => !key.startsWith('channel_mix.1.1.net.4')));
  assertError(
    load({ ...FILE, tensors }),
    'INVALID_TENSOR',
    '4 tensors of the network are missing',
    'net.4.running_var',
  );
});

test('a wrong shape is named with both shapes', () => {
  const file = withTensor(VARIANCE, (tensor) => ({ ...tensor, shape: [4, 2] }));
  assertError(load(file), 'INVALID_TENSOR', `net: ${VARIANCE}`, 'expected: [8]', 'actual:   [4, 2]');
});

test('a wrong type is named', () => {
  const file = withTensor(VARIANCE, (tensor) => ({ ...tensor, dtype: 'I32' }));
  assertError(load(file), 'INVALID_TENSOR', `net: ${VARIANCE}`, 'actual:   I32');
});

test('NaN and infinity are named with key and index', () => {
  const key = 'token_mix.0.fuse.0.weight';
  assertError(load(withTensor(key, poke(37, Number.NaN))), 'INVALID_TENSOR', `net: ${key}[1, 1, 0, 0]`, 'NaN');
  assertError(load(withTensor(key, poke(0, -1 / 0))), 'INVALID_TENSOR', `net: ${key}[0, 0, 0, 0]`, '-Infinity');
});

test('a variance is not negative', () => {
  assertError(load(withTensor(VARIANCE, poke(3, -0.5))), 'INVALID_TENSOR', `net: ${VARIANCE}[3]`, 'at least 0', '-0.5');
});

test('tensors too many are ignored and told, counters of training are ignored', () => {
  const extra: RawTensor = { dtype: 'I64', shape: [], bytes: new Uint8Array(8) };
  const tensors = new Map([...FILE.tensors, ['ema.weight', extra], ['batch_norm.num_batches_tracked', extra]] as const);
  assert.equal(load({ ...FILE, tensors })().ignoredKeys, ['ema.weight']);
});

test('metadata that is not JSON, or not possible', () => {
  const metadata = (changes: Record<string, string>) => ({
    ...FILE,
    metadata: new Map([...FILE.metadata, ...Object.entries(changes)]),
  });
  assertError(load(metadata({ T: 'four' })), 'INVALID_CONFIG', 'net: __metadata__: T', /not JSON/);
  assertError(load(metadata({ T: '0' })), 'INVALID_CONFIG', 'net: __metadata__: /T', 'must be >= 1');
  assertError(load(metadata({ dim: '15' })), 'INVALID_CONFIG', 'net: __metadata__: dim', /contradicts the tensors/);
});

test('metadata of others is left alone', () => {
  const metadata = new Map([...FILE.metadata, ['format', 'pt'], ['variant', 'no JSON']]);
  assert.is(load({ ...FILE, metadata })().checkpoint.config.timesteps, 4);
});

test('a statement overrides the metadata', () => {
  const { checkpoint } = importCheckpoint(FILE, [makeStatement('flag', 'flags', { T: 9 })], 'net');
  assert.is(checkpoint.config.timesteps, 9);
});

test.run();
