/** The token batch norms of the channel block: what no reference file exercises. */
import { type BatchNorm, fireFloats, fireIntegers, type NumberFormat } from '@spikemill/golden-model';
import * as fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import {
  firstLinearCurrent,
  movedPower,
  quantizeFirstLinearTokens,
  quantizeSecondLinearTokens,
  secondLinearCurrent,
  secondLinearProduct,
} from '../../../golden-model/src/layers/channel.js';

const format = { fractionBits: 8, membraneBits: 10, scaleFractionBits: 4 } as NumberFormat;

function norm(scale: readonly number[], mean: readonly number[], beta: readonly number[]): BatchNorm {
  return { scale: Float64Array.from(scale), mean: Float64Array.from(mean), beta: Float64Array.from(beta) };
}

function first(scale: number, mean: number, beta: number): { bias: number; theta2: number; negate: number } {
  const { bias, theta2, negate } = quantizeFirstLinearTokens('fc1', norm([scale], [mean], [beta]), format);
  return { bias: bias[0]!, theta2: theta2[0]!, negate: negate[0]! };
}

function second(scale: number, mean: number, beta: number, digits = 2): { scale: number; bias: number } {
  const tokens = quantizeSecondLinearTokens('fc2', norm([scale], [mean], [beta]), format, digits);
  return { scale: tokens.scale[0]!, bias: tokens.bias[0]! };
}

test('first Linear: threshold and bias are divided by the scale', () => {
  assert.equal(first(0.5, 0.25, 1), { bias: 448, theta2: 1024, negate: 0 });
  assert.equal(first(3, 0, 0), { bias: 0, theta2: 171, negate: 0 });
});

test('first Linear: a negative scale negates the sum, and the mean comes back with its sign', () => {
  assert.equal(first(-0.5, 0.25, 1), { bias: 576, theta2: 1024, negate: 1 });
  assert.is(firstLinearCurrent(100, 1, 576), 476);
  assert.is(firstLinearCurrent(100, 0, 576), 676);
});

test('first Linear: the sign of 0 is +1, with the smallest scale 2^-6', () => {
  const expected = { bias: (64 * 0.5 - 0.75) * 256, theta2: 512 * 64, negate: 0 };
  assert.equal(first(0, 0.75, 0.5), expected);
  assert.equal(first(-0, 0.75, 0.5), expected);
});

test('first Linear: a small negative scale is raised to 2^-6 and stays negative', () => {
  const expected = { bias: (64 * 0.5 + 0.75) * 256, theta2: 512 * 64, negate: 1 };
  assert.equal(first(-(2 ** -7), 0.75, 0.5), expected);
  assert.equal(first(-(2 ** -6), 0.75, 0.5), expected);
  assert.equal(first(-1e-30, 0.75, 0.5), expected);
  assert.is(first(-(2 ** -5), 0.75, 0.5).theta2, 512 * 32);
});

test('first Linear: exact halves of bias and threshold go up', () => {
  assert.is(first(1, 0.5 / 256, 0).bias, 0);
  assert.is(first(1, -0.5 / 256, 0).bias, 1);
  assert.is(first(-1, 0.5 / 256, 0).bias, 1);
  assert.is(first(1024, 0, 0).theta2, 1);
  assert.is(first(1025, 0, 0).theta2, 0);
});

test('first Linear: fires as the published norm and neuron do, when nothing is rounded', () => {
  const quarter = fc.integer({ min: -64, max: 64 }).map((x) => x / 16);
  const scales = fc.constantFrom(-4, -2, -1, -0.5, -0.25, 0.25, 0.5, 1, 2, 4);
  const sums = fc.array(fc.integer({ min: -400, max: 400 }), { minLength: 1, maxLength: 8 });
  const neuron = { channels: 1, height: 1, width: 1 };
  fc.assert(
    fc.property(scales, quarter, quarter, sums, (scale, mean, beta, js) => {
      const { bias, theta2, negate } = first(scale, mean, beta);
      const currents = Int32Array.from(js, (j) => firstLinearCurrent(j, negate, bias));
      const integer = fireIntegers(neuron, currents, Int32Array.of(theta2), -(2 ** 30));
      const published = fireFloats(
        neuron,
        Float64Array.from(js, (j) => scale * (j / 256 - mean) + beta),
      );
      assert.equal([...integer.spikes.data], [...published.spikes.data]);
    }),
    { numRuns: 2000 },
  );
});

test('the clamp of the membrane behind a first Linear is the common one, whatever the threshold', () => {
  const { theta2 } = first(2 ** -6, 0, 0);
  const neuron = { channels: 1, height: 1, width: 1 };
  const run = (currents: number[]): number[] => [
    ...fireIntegers(neuron, Int32Array.from(currents), Int32Array.of(theta2), -512).membranes,
  ];
  assert.is(theta2, 32768);
  assert.equal(run([-20000, 32767, 32767]), [-512, 16127, 0]);
  assert.equal(run([32767, 0]), [16383, 8191]);
});

test('second Linear: the multiplier has two digits, and its bias is that of the rounded scale', () => {
  assert.equal(second(1.3125, 2, 0.5), { scale: 20, bias: (0.5 - 1.25 * 2) * 256 });
  assert.equal(second(1.3125, 2, 0.5, 3), { scale: 21, bias: (0.5 - 1.3125 * 2) * 256 });
  assert.equal(second(-0.9, 1, 0), { scale: -14, bias: (14 / 16) * 256 });
});

test('second Linear: up to half a unit the scale is 0, and the output is the bias alone', () => {
  assert.is(second(1 / 32, 1, 0.5).scale, 0);
  assert.is(second(-1 / 32, 1, 0.5).scale, 0);
  assert.is(second(1 / 32 + 2 ** -40, 1, 0.5).scale, 1);
  assert.is(second(1 / 32, 1, 0.5).bias, 128);
});

test('second Linear: the product is rounded once, halves up', () => {
  const current = (y: number, m: number): number => secondLinearCurrent(secondLinearProduct(y, m), 4, 100);
  assert.equal(
    [7, 8, -8, -9].map((y) => current(y, 1)),
    [100, 101, 100, 99],
  );
  assert.is(current(-1000, 20), 100 - 1250);
});

test('the moved power of two comes from the lower median of the sizes', () => {
  assert.is(movedPower(Float64Array.of(-8, 1, 2, 100)), 2);
  assert.is(movedPower(Float64Array.of(4, -4, 0.1)), 4);
  assert.is(movedPower(Float64Array.of(0, 0, 5)), 1);
  assert.is(movedPower(Float64Array.of(0, 0.3, 5)), 0.25);
  assert.is(movedPower(Float64Array.of(1.4)), 1);
  assert.is(movedPower(Float64Array.of(-1.5)), 2);
});

test.run();
