/** Digits of 8-bit weights: they add up to the weight, and a lane holds each of them. */
import * as fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { digitsOf, planeLanes, splitWeight, splitWeights } from '../../../hdl-gen/src/plan/plane-digits.js';

const WIDTHS = [2, 3, 4, 5, 6, 7, 8];

test('all weights of 8 bits, all widths of lanes', () => {
  for (const bits of WIDTHS) {
    for (let weight = -128; weight <= 127; weight++) {
      const digits = splitWeight(weight, bits);
      const places = planeLanes(bits);
      assert.is(digits.length, places + 1);
      assert.ok(digits.every((digit) => digit >= -(2 ** (bits - 1)) && digit < 2 ** (bits - 1)));
      const sum = digits.reduce((total, digit, i) => total + digit * 2 ** (bits * Math.min(i, places - 1)), 0);
      assert.is(sum, weight, `${weight} in digits of ${bits} bits`);
    }
  }
});

test('the examples of the comments', () => {
  assert.equal(splitWeight(100, 4), [4, 6, 0]);
  assert.equal(splitWeight(127, 4), [-1, 7, 1]);
});

test('as many digits as the largest weight needs', () => {
  const weights = fc.array(fc.integer({ min: -128, max: 127 }), { minLength: 1, maxLength: 8 });
  fc.assert(
    fc.property(weights, fc.constantFrom(...WIDTHS), (values, bits) => {
      const count = digitsOf(Int8Array.from(values), bits);
      const isBeyond = values.some((value) => splitWeight(value, bits).at(-1) !== 0);
      assert.is(count, planeLanes(bits) + (isBeyond ? 1 : 0));
    }),
  );
});

test('the digits of several weights lie side by side', () => {
  assert.equal(splitWeights(Int8Array.of(100, -5), 2, 4), [Int8Array.of(4, -5), Int8Array.of(6, 0)]);
});

test.run();
