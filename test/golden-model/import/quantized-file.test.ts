import { readFileSync } from 'node:fs';
import {
  encodeTensor,
  type NumberFormat,
  parseSafetensors,
  type RawTensor,
  readQuantizedFile,
  serializeSafetensors,
  type TensorFile,
  writeQuantizedFile,
} from '@spikemill/golden-model';
import * as fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { countDigits } from '../../../golden-model/src/import/quantized-ranges.js';
import { assertError } from '../../support/errors.js';
import { anyConfig, randomQuantized } from '../../support/random-network.js';
import { type Model, modelPath, readTensors } from '../../support/references.js';

const FILES: [Model, string[]][] = [
  ['digits-tiny', ['w2-qat', 'w4-ptq', 'w4-ptqbc', 'w4-qat', 'w8-ptq']],
  ['mnist-small', ['w2-qat', 'w4-ptq', 'w4-ptqbc', 'w4-qat', 'w8-ptq']],
  ['stress-spe', ['w4-ptq', 'w8-ptq']],
  ['stress-nospe', ['w4-ptq', 'w8-ptq']],
];

for (const [model, names] of FILES) {
  for (const name of names) {
    test(`${model} ${name}: read, then written, gives the same bytes`, () => {
      const bytes = readFileSync(modelPath(model, `quant-${name}.safetensors`));
      const network = readQuantizedFile(parseSafetensors(bytes, name), name);
      assert.ok(bytes.equals(serializeSafetensors(writeQuantizedFile(network))));
    });
  }
}

test('any quantized network comes back as it went', () => {
  const anyBits = fc.integer({ min: 2, max: 8 });
  fc.assert(
    fc.property(anyConfig, anyBits, anyBits, fc.nat(), (config, weightBits, fuse, seed) => {
      const kinds = { spe: weightBits, 'patch-step': weightBits, 'axial-h': weightBits, 'axial-w': weightBits, fuse };
      const network = randomQuantized(config, seed, { weightBits: { ...kinds, fc1: weightBits, fc2: weightBits } });
      const bytes = serializeSafetensors(writeQuantizedFile(network));
      assert.equal(readQuantizedFile(parseSafetensors(bytes, 'x'), 'x'), network);
    }),
    { numRuns: 25 },
  );
});

const FILE = readTensors('digits-tiny', 'quant-w4-ptq.safetensors');
const load = (file: TensorFile) => () => readQuantizedFile(file, 'q');

function withTensor(key: string, change: ((tensor: RawTensor) => RawTensor) | null, file = FILE): TensorFile {
  const tensors = new Map(file.tensors);
  if (change === null) tensors.delete(key);
  else tensors.set(key, change(tensors.get(key)!));
  return { ...file, tensors };
}

function withMetadata(changes: Readonly<Record<string, string | null>>): TensorFile {
  const entries = Object.entries({ ...Object.fromEntries(FILE.metadata), ...changes });
  return { ...FILE, metadata: new Map(entries.filter((entry): entry is [string, string] => entry[1] !== null)) };
}

/** One byte set, at the low end of element `index`. */
function pokeByte(place: number, value: number): (tensor: RawTensor) => RawTensor {
  return (tensor) => {
    const bytes = Buffer.from(tensor.bytes);
    bytes.writeInt8(value, place);
    return { ...tensor, bytes };
  };
}

test('a weight outside of its bits', () => {
  const key = 'token_mix.0.fuse.weight';
  assertError(
    load(withTensor(key, pokeByte(37, 8))),
    'INVALID_TENSOR',
    `q: ${key}[1, 1]`,
    '-7 to 7 for 4 bits',
    'actual:   8',
  );
  assertError(load(withTensor(key, pokeByte(0, -8))), 'INVALID_TENSOR', `q: ${key}[0, 0]`);
  assertError(load(withTensor('mlp_head.weight', pokeByte(0, -128))), 'INVALID_TENSOR', '-127 to 127 for 8 bits');
});

test('exponents of the head and of the identity branch are shared', () => {
  assertError(load(withTensor('mlp_head.exponent', pokeByte(3, 99))), 'INVALID_TENSOR', 'q: mlp_head.exponent[3]');
  const plain = readTensors('stress-nospe', 'quant-w4-ptq.safetensors');
  const broken = withTensor('token_mix.0.BN.exponent', pokeByte(1, 99), plain);
  assertError(load(broken), 'INVALID_TENSOR', 'q: token_mix.0.BN.exponent[1]', 'one exponent');
});

test('tokens: threshold, sign and scale', () => {
  const fc1 = 'channel_mix.0.1.net.0';
  const negative = pokeByte(4 * 5 + 3, -1);
  assertError(load(withTensor(`${fc1}.token_theta2`, negative)), 'INVALID_TENSOR', `q: ${fc1}.token_theta2[5]`);
  assertError(
    load(withTensor(`${fc1}.token_neg`, pokeByte(7, 2))),
    'INVALID_TENSOR',
    `q: ${fc1}.token_neg[7]`,
    '0 or 1',
  );
  const scale = 'channel_mix.0.1.net.3.token_scale';
  const three = encodeTensor(Int32Array.of(0b10101, ...new Array(63).fill(16)), [64]);
  const expected = 'a sum of at most 2 signed powers of two';
  assertError(load(withTensor(scale, () => three)), 'INVALID_TENSOR', `q: ${scale}[0]`, expected, 'actual:   21');
  assert.ok(load({ ...withMetadata({ D: '3' }), tensors: withTensor(scale, () => three).tensors })());
});

test('a network whose scales need three digits says so, and is read again', () => {
  const network = load(FILE)();
  const name = 'channel_mix.0.1.net.3';
  const tokens = network.secondLinearTokens.get(name)!;
  const scale = tokens.scale.map((value, i) => (i === 0 ? 21 : value));
  const changed = {
    ...network,
    secondLinearTokens: new Map([...network.secondLinearTokens, [name, { ...tokens, scale }]]),
  };
  const file = writeQuantizedFile(changed);
  assert.is(file.metadata.get('D'), '3');
  assert.equal(load(file)(), changed);
});

test('digits of numbers as signed powers of two', () => {
  assert.equal([0, 1, -16, 3, 7, -9, 11, 21, 2 ** 30 + 1].map(countDigits), [0, 1, 1, 2, 2, 2, 3, 3, 2]);
});

test('wrong types, wrong shapes, missing and strange tensors', () => {
  const key = 'token_mix.0.fuse.weight';
  assertError(
    load(withTensor(key, (tensor) => ({ ...tensor, dtype: 'U8' }))),
    'INVALID_TENSOR',
    `q: ${key}`,
    'I8',
    'U8',
  );
  assertError(
    load(withTensor(key, (tensor) => ({ ...tensor, shape: [36, 12] }))),
    'INVALID_TENSOR',
    '[12, 36]',
    '[36, 12]',
  );
  assertError(load(withTensor(key, null)), 'INVALID_TENSOR', `q: ${key}`, /missing/, '[12, 36]');
  const stranger = new Map([...FILE.tensors, ['token_mix.7.fuse.weight', FILE.tensors.get(key)!]]);
  assertError(load({ ...FILE, tensors: stranger }), 'INVALID_TENSOR', 'q: token_mix.7.fuse.weight', /no layer/);
});

test('metadata that is missing, impossible, or contradicts the tensors', () => {
  assertError(load(withMetadata({ S: null })), 'INVALID_CONFIG', 'q: __metadata__', "'S'");
  assertError(load(withMetadata({ T: '0' })), 'INVALID_CONFIG', 'q: __metadata__: /T');
  assertError(load(withMetadata({ weight_bits: '9' })), 'INVALID_CONFIG', 'q: __metadata__: /weight_bits');
  assertError(load(withMetadata({ weight_bits: '{"spe": 4}' })), 'INVALID_CONFIG', '/weight_bits');
  assertError(load(withMetadata({ dim: '13' })), 'INVALID_CONFIG', 'q: __metadata__: dim', 'multiple of 3');
  assertError(load(withMetadata({ dim: '15' })), 'INVALID_TENSOR', 'to_patch_embedding.0.weight', '[15, 1, 2, 2]');
  assertError(load(withMetadata({ F: 'x' })), 'INVALID_CONFIG', 'q: __metadata__: F', /not JSON/);
});

test('weight bits of each kind', () => {
  const kinds = { spe: 8, 'patch-step': 3, 'axial-h': 4, 'axial-w': 5, fuse: 6, fc1: 7, fc2: 8 };
  const { format } = load(withMetadata({ weight_bits: JSON.stringify(kinds) }))();
  const expected: NumberFormat['weightBits'] = { ...kinds, 'patch-embedding': 8, identity: 8, head: 8 };
  assert.equal(format.weightBits, expected);
});

test.run();
