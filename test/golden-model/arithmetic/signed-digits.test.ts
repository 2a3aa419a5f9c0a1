import { signedDigits } from '@spikemill/golden-model';
import * as fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';

const POWERS = Array.from({ length: 24 }, (_, exponent) => 2 ** exponent);

test('worked examples', () => {
  assert.equal(signedDigits(14, 2), [16, -2]);
  assert.equal(signedDigits(-14, 2), [-16, 2]);
  assert.equal(signedDigits(21, 2), [16, 4]);
  assert.equal(signedDigits(21, 3), [16, 4, 1]);
  assert.equal(signedDigits(0, 2), []);
  assert.equal(signedDigits(5, 0), []);
});

test('a rest of exactly 1/2 is left, anything more is not', () => {
  assert.equal(signedDigits(0.5, 2), []);
  assert.equal(signedDigits(-0.5, 2), []);
  assert.equal(signedDigits(0.5 + 2 ** -50, 2), [1]);
  assert.equal(signedDigits(4.5, 2), [4]);
  assert.equal(signedDigits(-4.5625, 2), [-4, -1]);
});

test('in the middle between two powers the larger one is taken', () => {
  assert.equal(signedDigits(3, 1), [4]);
  assert.equal(signedDigits(1.5, 1), [2]);
  assert.equal(signedDigits(24, 1), [32]);
  assert.equal(signedDigits(24 - 2 ** -40, 1), [16]);
  assert.equal(signedDigits(0.6, 1), [1]);
});

test('every digit is the power of two nearest to the rest, and the rest shrinks', () => {
  fc.assert(
    fc.property(fc.double({ min: -4e6, max: 4e6, noNaN: true }), fc.integer({ min: 1, max: 6 }), (value, count) => {
      const digits = signedDigits(value, count);
      let rest = value;
      for (const digit of digits) {
        assert.ok(POWERS.includes(Math.abs(digit)));
        const nearest = Math.min(...POWERS.map((power) => Math.abs(Math.abs(rest) - power)));
        assert.is(Math.abs(rest - digit), nearest);
        rest -= digit;
      }
      assert.ok(digits.length === count || Math.abs(rest) <= 0.5);
    }),
  );
});

test.run();
