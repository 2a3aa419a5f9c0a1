import { align } from '@spikemill/golden-model';
import * as fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';

/** floor(sum * 2^shift + 1/2) in integers of any size. */
function exactly(sum: number, shift: number): number {
  if (shift >= 0) return Number(BigInt(sum) << BigInt(shift));
  return Number((2n * BigInt(sum) + (1n << BigInt(-shift))) >> BigInt(1 - shift));
}

const LIMIT = 2 ** 30;

test('left shifts are exact', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 20 }), fc.integer({ min: -512, max: 511 }), (shift, sum) => {
      assert.is(align(sum, shift), sum * 2 ** shift);
    }),
  );
});

test('right shifts round to floor(x + 1/2) for every exponent of int8 and every F', () => {
  fc.assert(
    fc.property(fc.integer({ min: -144, max: 0 }), fc.integer({ min: 1 - LIMIT, max: LIMIT - 1 }), (shift, sum) => {
      assert.is(align(sum, shift), exactly(sum, shift));
    }),
    { numRuns: 2000 },
  );
});

test('halves go up on both sides of zero', () => {
  assert.equal(
    [-6, -5, -3, -2, -1, 1, 2, 3].map((sum) => align(sum, -1)),
    [-3, -2, -1, -1, 0, 1, 1, 2],
  );
  assert.equal(
    [-6, -2, 2, 6].map((sum) => align(sum, -2)),
    [-1, 0, 1, 2],
  );
});

test('it is monotone, so that bounds go to bounds', () => {
  fc.assert(
    fc.property(fc.integer({ min: -40, max: 8 }), fc.integer({ min: -9999, max: 9999 }), (shift, sum) => {
      assert.ok(align(sum, shift) <= align(sum + 1, shift));
    }),
  );
});

test.run();
