/** Where layers are cut, and how evenly. */
import { plan, timingOf } from '@spikemill/hdl-gen';
import * as fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { balance } from '../../../hdl-gen/src/plan/cuts.js';
import { tinyNetwork } from '../../support/designs.js';
import { assertError } from '../../support/errors.js';

/** Slowest run of a cut. */
function slowest(cycles: readonly number[], cuts: readonly number[]): number {
  const runs = cuts.map((first, i) => cycles.slice(first, cuts[i + 1] ?? cycles.length));
  return Math.max(...runs.map((run) => run.reduce((sum, each) => sum + each, 0)));
}

/** All ways to cut `count` units into `parts` runs. */
function* allCuts(count: number, parts: number, from = 1): Generator<number[]> {
  if (parts === 1) {
    yield [];
    return;
  }
  for (let cut = from; cut <= count - parts + 1; cut++) {
    for (const rest of allCuts(count, parts - 1, cut + 1)) yield [cut, ...rest];
  }
}

test('no cut is better than the one that is chosen', () => {
  const cycles = fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 1, maxLength: 8 });
  fc.assert(
    fc.property(cycles, fc.nat(7), (units, more) => {
      const parts = 1 + (more % units.length);
      const cyclesOf = (first: number, end: number) => slowest(units.slice(first, end), [0]);
      const cuts = balance(units.length, parts, cyclesOf);
      assert.is(cuts.length, parts);
      assert.is(cuts[0], 0);
      const best = Math.min(...[...allCuts(units.length, parts)].map((rest) => slowest(units, [0, ...rest])));
      assert.is(slowest(units, cuts), best);
    }),
  );
});

test('more segments are never slower, and one after the other they take little longer', () => {
  const network = tinyNetwork(true);
  const one = timingOf(network, plan(network));
  let before = one.intervalCycles;
  for (const segments of [2, 3, 4, 5]) {
    const { intervalCycles, cyclesPerImage } = timingOf(network, plan(network, { segments }));
    assert.ok(intervalCycles <= before);
    assert.ok(cyclesPerImage >= one.cyclesPerImage);
    before = intervalCycles;
  }
});

test('cuts that do not work', () => {
  const network = tinyNetwork(true);
  assertError(() => plan(network, { segments: 6 }), 'PLAN', 'plan.segments', 'at most 5 segments');
  assertError(() => plan(network, { segments: ['token_mix.0.fuse'] }), 'PLAN', 'token_mix.0.proj_h', 'mlp_head');
  assertError(() => plan(network, { segments: ['mlp_head', 'token_mix.0.proj_h'] }), 'PLAN', 'in order');
  assertError(() => plan(network, { segments: 0 }), 'USAGE', 'plan.segments');
  assertError(() => plan(network, { segments: 2, weights: 'stream' }), 'PLAN', 'one engine');
});

test.run();
