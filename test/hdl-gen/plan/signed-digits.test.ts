import { signedDigits } from '@spikemill/golden-model';
import * as fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { signedDigitForm } from '../../../hdl-gen/src/plan/signed-digits.js';

function sumOf(value: number): number {
  return signedDigitForm(value).reduce((sum, { negative, exponent }) => {
    return sum + (negative ? -1 : 1) * 2 ** exponent;
  }, 0);
}

test('the digits sum to the value', () => {
  for (let value = -5000; value <= 5000; value++) assert.is(sumOf(value), value);
  for (const value of [2 ** 30, 2 ** 30 - 1, -(2 ** 30) - 1]) assert.is(sumOf(value), value);
});

test('no two digits are neighbours, the smallest comes first', () => {
  for (let value = -1000; value <= 1000; value++) {
    const exponents = signedDigitForm(value).map(({ exponent }) => exponent);
    for (let i = 1; i < exponents.length; i++) assert.ok(exponents[i]! >= exponents[i - 1]! + 2, `${value}`);
  }
});

test('a scale of at most D digits takes at most D digits', () => {
  const law = fc.property(fc.double({ min: -3000, max: 3000, noNaN: true }), fc.integer({ min: 1, max: 4 }), (a, d) => {
    const scale = signedDigits(a, d).reduce((sum, digit) => sum + digit, 0);
    assert.ok(signedDigitForm(scale).length <= d);
  });
  fc.assert(law, { numRuns: 2000 });
});

test('zero has no digit', () => {
  assert.equal(signedDigitForm(0), []);
});

test.run();
