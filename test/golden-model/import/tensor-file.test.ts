import {
  type Dtype,
  decodeFloats,
  decodeIntegers,
  encodeTensor,
  formatIndex,
  type RawTensor,
} from '@spikemill/golden-model';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { assertError } from '../../support/errors.js';

function tensor(dtype: Dtype, shape: number[], hex: string): RawTensor {
  return { dtype, shape, bytes: Buffer.from(hex.replaceAll(' ', ''), 'hex') };
}

test('half precision: 1, -2, the smallest subnormal, the largest number', () => {
  const values = decodeFloats(tensor('F16', [4], '003c 00c0 0100 ff7b'), 'x');
  assert.equal([...values], [1, -2, 2 ** -24, 65504]);
});

test('bfloat16: 1, -2.5, 2^-126', () => {
  assert.equal([...decodeFloats(tensor('BF16', [3], '803f 20c0 8000'), 'x')], [1, -2.5, 2 ** -126]);
});

test('single and double precision at an odd address', () => {
  const single = tensor('F32', [1], '00 cdcccc3d');
  assert.equal([...decodeFloats({ ...single, bytes: single.bytes.subarray(1) }, 'x')], [Math.fround(0.1)]);
  assert.equal([...decodeFloats(tensor('F64', [1], '9a9999999999b93f'), 'x')], [0.1]);
});

test('NaN is refused with key and index', () => {
  const broken = tensor('F32', [2, 2], '00000000 00000000 0000c07f 00000000');
  assertError(() => decodeFloats(broken, 'net: fuse.weight'), 'INVALID_TENSOR', 'net: fuse.weight[1, 0]', 'NaN');
});

test('infinity is refused in every float type', () => {
  for (const [dtype, hex] of [
    ['F16', '007c'],
    ['BF16', '80ff'],
    ['F32', '0000807f'],
    ['F64', '000000000000f0ff'],
  ] as const) {
    assertError(() => decodeFloats(tensor(dtype, [1], hex), 'x'), 'INVALID_TENSOR', 'x[0]', /actual: +-?Infinity/);
  }
});

test('integers are no floats, and the message says which types are', () => {
  assertError(() => decodeFloats(tensor('I8', [1], '00'), 'x'), 'INVALID_TENSOR', 'F16, BF16, F32, F64', 'I8');
});

test('integers must have the type that is asked for', () => {
  assertError(() => decodeIntegers(tensor('I32', [1], '00000000'), 'I8', 'x'), 'INVALID_TENSOR', 'I8', 'I32');
});

test('integers come back as they went', () => {
  const weights = Int8Array.of(-128, -1, 0, 127);
  assert.equal(decodeIntegers(encodeTensor(weights, [4]), 'I8', 'x'), weights);
  const biases = Int32Array.of(-(2 ** 31), -1, 2 ** 31 - 1);
  assert.equal(decodeIntegers(encodeTensor(biases, [3]), 'I32', 'x'), biases);
  const signs = Uint8Array.of(0, 255);
  assert.equal(decodeIntegers(encodeTensor(signs, [2]), 'U8', 'x'), signs);
});

test('places in a tensor', () => {
  assert.is(formatIndex(0, []), '[]');
  assert.is(formatIndex(23, [2, 3, 4]), '[1, 2, 3]');
});

test.run();
