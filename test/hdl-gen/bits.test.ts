import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { ceilDivide, leastCommonMultiple, modulo, union, unsignedBits } from '../../hdl-gen/src/bits.js';

test('unsigned bits: at least one', () => {
  for (const [max, bits] of [
    [0, 1],
    [1, 1],
    [2, 2],
    [3, 2],
    [4, 3],
    [255, 8],
    [256, 9],
  ] as const) {
    assert.is(unsignedBits(max), bits, `${max}`);
  }
});

test('ranges', () => {
  assert.equal(
    union([
      { min: 0, max: 4 },
      { min: -1, max: 2 },
    ]),
    { min: -1, max: 4 },
  );
  assert.throws(() => union([]), /no ranges/);
});

test('integer functions', () => {
  assert.equal(
    [-5, -4, -1, 0, 3, 4].map((value) => modulo(value, 4)),
    [3, 0, 3, 0, 3, 0],
  );
  assert.equal([ceilDivide(8, 4), ceilDivide(9, 4)], [2, 3]);
  assert.equal([leastCommonMultiple(8, 4), leastCommonMultiple(6, 4), leastCommonMultiple(5, 7)], [8, 12, 35]);
});

test.run();
