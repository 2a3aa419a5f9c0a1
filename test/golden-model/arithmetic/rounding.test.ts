import * as fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { floorLog2, roundHalfUp, roundLog2, roundToInt32 } from '../../../golden-model/src/arithmetic/rounding.js';

test('halves go up, also the negative ones, and zero has no sign', () => {
  const pairs = [
    [0.5, 1],
    [1.5, 2],
    [-0.5, 0],
    [-1.5, -1],
    [-2.5, -2],
    [2.4999, 2],
    [-0.4, 0],
  ] as const;
  for (const [x, expected] of pairs) assert.is(Object.is(roundHalfUp(x), expected), true, `${x}`);
});

test('the number just below a half goes down, although adding 1/2 to it gives 1', () => {
  assert.is(0.49999999999999994 + 0.5, 1);
  assert.is(roundHalfUp(0.49999999999999994), 0);
  assert.is(roundHalfUp(2 ** 52 + 1), 2 ** 52 + 1);
});

test('floorLog2 is exact next to powers of two, where Math.log2 rounds up', () => {
  for (let exponent = -1022; exponent <= 1023; exponent++) {
    const power = 2 ** exponent;
    assert.is(floorLog2(power), exponent);
    assert.is(floorLog2(power * (1 + Number.EPSILON)), exponent);
    if (exponent > -1022) assert.is(floorLog2(power * (1 - Number.EPSILON / 2)), exponent - 1);
  }
  assert.is(floorLog2(Number.MIN_VALUE), -1074);
});

test('roundLog2 turns at the square root of two', () => {
  assert.is(roundLog2(1), 0);
  assert.is(roundLog2(1.4), 0);
  assert.is(roundLog2(1.42), 1);
  assert.is(roundLog2(0.7), -1);
  assert.is(roundLog2(0.71), 0);
});

test('roundToInt32 keeps what fits and refuses what does not', () => {
  fc.assert(
    fc.property(fc.integer(), (x) => {
      assert.is(roundToInt32(x, 'here'), x);
    }),
  );
  for (const x of [2 ** 31 - 0.5, -(2 ** 31) - 0.51, Number.NaN, Infinity]) {
    assert.throws(() => roundToInt32(x, 'here'), /here does not fit 32 bits/);
  }
  assert.is(roundToInt32(-(2 ** 31) - 0.5, 'here'), -(2 ** 31));
});

test.run();
