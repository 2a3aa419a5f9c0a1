import * as fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { chooseExponent, largestWeight, quantizeWeight } from '../../../golden-model/src/arithmetic/quantizer.js';

function choose(weights: readonly number[], bits: number): number {
  return chooseExponent(Float64Array.from(weights), bits, 'here');
}

function squaredError(weights: readonly number[], exponent: number, bits: number): number {
  return weights.reduce((sum, w) => {
    const q = quantizeWeight(w, 2 ** exponent, largestWeight(bits));
    return sum + (w - q / 2 ** exponent) ** 2;
  }, 0);
}

test('integer weights are symmetric: 2 bits give -1..1, 8 bits -127..127', () => {
  assert.equal([2, 3, 4, 8].map(largestWeight), [1, 3, 7, 127]);
  assert.is(quantizeWeight(-1, 2 ** 7, 127), -127);
  assert.is(quantizeWeight(-1, 2 ** 9, 127), -127);
});

test('exact halves go up, and zero has no sign', () => {
  assert.equal(
    [0.5, 1.5, -0.5, -1.5].map((w) => quantizeWeight(w, 1, 7)),
    [1, 2, 0, -1],
  );
  assert.is(Object.is(quantizeWeight(-0.25, 1, 7), 0), true);
});

test('the first of tied candidates wins', () => {
  const halves = [3, ...Array<number>(9).fill(0.5)];
  const ties: [number[], number, number][] = [
    [[1, 0.5], 2, 0],
    [[-1 / 8, 1 / 16], 2, 3],
    [halves, 3, 0],
  ];
  for (const [weights, bits, first] of ties) {
    assert.is(squaredError(weights, first, bits), squaredError(weights, first + 1, bits));
    assert.is(choose(weights, bits), first);
  }
});

test('e0 is the largest exponent at which the largest weight is not above qmax + 1/2', () => {
  assert.is(choose([7.5], 4), 0);
  assert.is(choose([7.5 + 2 ** -40], 4), -1, 'e0 is -1 now, and 4 * 2 = 8 is nearer than the clamped 7 at e0 + 1');
  assert.is(choose([7.4, 3.1, 1.2, -5.3], 4), 0);
});

test('e0 + 1 and e0 + 2 are taken where many small weights outvote a clamped large one', () => {
  const oneLarge = (small: number, count: number): number[] => [1, ...Array<number>(count).fill(small)];
  for (const bits of [3, 4, 8]) {
    const largest = largestWeight(bits);
    const first = Math.floor(Math.log2(largest + 0.5));
    const fraction = 2 ** -(first + 2);
    assert.is(choose(oneLarge(fraction / 2, 1), bits), first);
    assert.is(choose(oneLarge(fraction * 2, 5000), bits), first + 1);
    assert.is(choose(oneLarge(fraction, 20000), bits), first + 2);
  }
});

test('of the three candidates the one with the least squared error is taken', () => {
  fc.assert(
    fc.property(
      fc.array(fc.double({ min: -3, max: 3, noNaN: true }), { minLength: 1, maxLength: 12 }),
      fc.integer({ min: 2, max: 8 }),
      (weights, bits) => {
        const magnitude = Math.max(...weights.map(Math.abs));
        fc.pre(magnitude > 1e-6);
        const first = Math.floor(Math.log2((largestWeight(bits) + 0.5) / magnitude));
        const errors = [0, 1, 2].map((above) => squaredError(weights, first + above, bits));
        assert.is(choose(weights, bits), first + errors.indexOf(Math.min(...errors)));
      },
    ),
  );
});

test('an all-zero row has the exponent 0', () => {
  assert.is(choose([0, 0, -0], 4), 0);
});

test('weights too small for int8 exponents are tried up to 127, too large ones are refused', () => {
  assert.is(choose([2 ** -125], 4), 127);
  assert.is(choose([1e-320], 4), 127);
  assert.is(quantizeWeight(2 ** -130, 2 ** choose([2 ** -130], 4), 7), 0);
  assert.is(choose([2 ** 130], 4), -128);
  assert.throws(() => choose([2 ** 131], 4), /weights of here are too large/);
});

test.run();
