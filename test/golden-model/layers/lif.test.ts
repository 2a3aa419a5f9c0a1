import { fireFloats, fireIntegers, smallestMembrane, theta2Of } from '@spikemill/golden-model';
import * as fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { randomQuantized, smallConfig } from '../../support/random-network.js';

const F = 8;
const THETA2 = 2 ** (F + 1);
const UNCLAMPED = -(2 ** 30);

/** One neuron through all its timesteps. */
function fire(
  currents: readonly number[],
  theta2: number,
  smallest: number,
): { spikes: number[]; membranes: number[] } {
  const neuron = { channels: 1, height: 1, width: 1 };
  const { spikes, membranes } = fireIntegers(neuron, Int32Array.from(currents), Int32Array.of(theta2), smallest);
  return { spikes: [...spikes.data], membranes: [...membranes] };
}

test('a worked example', () => {
  const { spikes, membranes } = fire([300, 300, 400, 511, 512, -3], THETA2, -512);
  assert.equal(spikes, [0, 0, 1, 0, 1, 0]);
  assert.equal(membranes, [150, 225, 0, 255, 0, -2]);
});

test('it fires at the threshold itself', () => {
  assert.equal(fire([511], THETA2, -512).spikes, [0]);
  assert.equal(fire([512], THETA2, -512).spikes, [1]);
});

test('the membrane is clamped at the bottom only, and every image starts at 0', () => {
  const { membranes } = fire([-5000, -5000, -600], THETA2, -512);
  assert.equal(membranes, [-512, -512, -512]);
  assert.equal(fire([-1023, 0], THETA2, -512).membranes, [-512, -256]);
  assert.equal(fire([-1025, 0], THETA2, -512).membranes, [-512, -256]);
});

test('without the clamp, integers fire exactly as the published neuron does on integer currents', () => {
  const currents = fc.array(fc.integer({ min: -2000, max: 1500 }), { minLength: 1, maxLength: 16 });
  fc.assert(
    fc.property(currents, (integers) => {
      const reals = Float64Array.from(integers, (current) => current / 2 ** F);
      const published = fireFloats({ channels: 1, height: 1, width: 1 }, reals);
      assert.equal(fire(integers, THETA2, UNCLAMPED).spikes, [...published.spikes.data]);
    }),
    { numRuns: 3000 },
  );
});

test('the clamp delays no spike that the membrane bits have room for', () => {
  const currents = fc.array(fc.integer({ min: -511, max: 1500 }), { minLength: 1, maxLength: 16 });
  fc.assert(
    fc.property(currents, (integers) => {
      assert.equal(fire(integers, THETA2, -512), fire(integers, THETA2, UNCLAMPED));
    }),
  );
});

test('a token threshold is as good as scaling the current: any integer threshold, also an odd one', () => {
  const currents = fc.array(fc.integer({ min: -900, max: 900 }), { minLength: 1, maxLength: 16 });
  fc.assert(
    fc.property(currents, fc.integer({ min: 1, max: 700 }), (integers, theta2) => {
      const reals = Float64Array.from(integers, (current) => current / (theta2 / 2));
      let v = 0;
      const published = Array.from(reals, (x) => {
        v += (x - v) / 2;
        const isFiring = v >= 1 - 1e-12;
        if (isFiring) v = 0;
        return isFiring ? 1 : 0;
      });
      assert.equal(fire(integers, theta2, UNCLAMPED).spikes, published);
    }),
    { numRuns: 2000 },
  );
});

test('twice the membrane stays below theta2, for odd thresholds too', () => {
  const currents = fc.array(fc.integer({ min: -9000, max: 9000 }), { maxLength: 16 });
  fc.assert(
    fc.property(currents, fc.integer({ min: 0, max: 40000 }), (integers, theta2) => {
      for (const v of fire(integers, theta2, -512).membranes) assert.ok(2 * v < theta2 || (v === 0 && theta2 === 0));
    }),
  );
});

test('each token has its own threshold, and neighbours do not touch', () => {
  const map = { channels: 2, height: 1, width: 3 };
  const currents = Int32Array.from([10, 20, 10, 20, 10, 20, 10, 20, 10, 20, 10, 20]);
  const { spikes, membranes } = fireIntegers(map, currents, Int32Array.of(10, 21, 100), -512);
  assert.equal([...spikes.data], [1, 1, 0, 0, 0, 0, 1, 1, 0, 1, 0, 0]);
  assert.equal([...membranes], [0, 0, 5, 10, 5, 10, 0, 0, 7, 0, 7, 15]);
});

test('thresholds: 2^(F+1) everywhere but behind a first Linear', () => {
  const network = randomQuantized(smallConfig(), 1, { fractionBits: 5 });
  const names = [...network.layers.keys()].filter((name) => theta2Of(network, { name } as never).length > 1);
  assert.equal(names, [...network.firstLinearTokens.keys()]);
  assert.equal([...theta2Of(network, { name: 'token_mix.0.fuse' } as never)], [64]);
  assert.is(smallestMembrane(10), -512);
});

test.run();
