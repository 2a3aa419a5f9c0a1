import { type Candidate, type Figures, type Goal, search, settle } from '@spikemill/hdl-gen';
import * as fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';

const NO_CELLS = { lut: 0, lutRam: 0, ff: 0, loneFf: 0, carry: 0, blockRam: 0 };

/** Plan number i of a list takes cycles[i] and luts[i]; sets are runs of the list, bounded by `slack` less than they are. */
function makeSet(cycles: readonly number[], luts: readonly number[], slack: number): Candidate<number> {
  const figures = (cyclesPerImage: number, lut: number): Figures => {
    const times = { imageMicroseconds: cyclesPerImage, intervalMicroseconds: cyclesPerImage };
    return {
      cyclesPerImage,
      intervalCycles: cyclesPerImage,
      ...times,
      trafficBits: 0,
      resources: { ...NO_CELLS, lut },
    };
  };
  const run = (from: number, to: number): Candidate<number> => ({
    plan: to - from === 1 ? from : null,
    plans: to - from,
    bound: figures(Math.min(...cycles.slice(from, to)) - slack, Math.min(...luts.slice(from, to)) - slack),
    split: () => (to - from === 1 ? null : [run(from, (from + to) >> 1), run((from + to) >> 1, to)]),
    estimate: () => figures(cycles[from]!, luts[from]!),
  });
  return run(0, cycles.length);
}

const goal = (luts: number): Goal => ({
  limits: [{ name: 'LUT', used: ({ resources }) => resources.lut, available: luts }],
  score: ({ cyclesPerImage, resources }) => [cyclesPerImage, resources.lut],
});

const anyPlans = fc.array(fc.tuple(fc.integer({ min: 1, max: 50 }), fc.integer({ min: 1, max: 50 })), { minLength: 1 });

test('the best of all plans within the limit, and every plan is accounted for', () => {
  fc.assert(
    fc.property(anyPlans, fc.integer({ min: 1, max: 50 }), fc.integer({ min: 0, max: 9 }), (plans, limit, slack) => {
      const set = makeSet(
        plans.map(([cycles]) => cycles),
        plans.map(([, lut]) => lut),
        slack,
      );
      const { best, statistics } = settle(search(set, goal(limit)));
      const within = plans.filter(([, lut]) => lut <= limit).sort(([a, c], [b, d]) => a - b || c - d);
      assert.equal(best?.score ?? null, within[0] ?? null);
      const { excluded, estimated, outscored, isProven } = statistics;
      assert.is((excluded.LUT ?? 0) + estimated + outscored, plans.length);
      assert.is(isProven, true);
    }),
  );
});

test('good bounds leave most plans unvisited', () => {
  const cycles = Array.from({ length: 1024 }, (_, i) => 2000 - i);
  const { best, statistics } = settle(search(makeSet(cycles, cycles, 0), goal(5000)));
  assert.equal(best?.plan, 1023);
  assert.is(statistics.estimated, 1);
  assert.ok(statistics.bounded < 40);
});

test('a search that is ended early says so, and has the best of what it has seen', () => {
  const cycles = Array.from({ length: 1024 }, (_, i) => 2000 - i);
  const ended = settle(search(makeSet(cycles, cycles, 0), goal(5000), 10));
  assert.equal([ended.best, ended.isComplete, ended.statistics.bounded >= 10], [null, false, true]);
  const whole = settle(search(makeSet(cycles, cycles, 0), goal(5000), 40));
  assert.equal([whole.best?.plan, whole.isComplete], [1023, true]);
});

test('a bound that is above the truth is told', () => {
  const { statistics } = settle(search(makeSet([5, 7], [1, 1], -1), goal(100)));
  assert.is(statistics.isProven, false);
});

test.run();
