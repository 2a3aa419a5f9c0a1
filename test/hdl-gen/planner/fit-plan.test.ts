/** The planner against an exhaustive reference: small spaces, every plan estimated in full. */
import { type Device, findDevice } from '@spikemill/constraints';
import { listLayers, type QuantizedNetwork } from '@spikemill/golden-model';
import {
  DEFAULT_PLAN,
  designTraffic,
  estimateDevices,
  type FitRequest,
  fitPlan,
  makeSpace,
  movedBits,
  type Objective,
  type PlanOptions,
  type PlanSpace,
  planDesign,
  RELAXED_FACTOR,
  type Resources,
  settle,
  settledStalls,
  timingOf,
  tokenBlocksOf,
  withWaits,
} from '@spikemill/hdl-gen';
import * as fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { unitsOf } from '../../../hdl-gen/src/plan/cuts.js';
import { segmentBlocks } from '../../../hdl-gen/src/planner/space.js';
import { assertError } from '../../support/errors.js';
import { anyConfig, randomGenerator, randomQuantized, smallConfig } from '../../support/random-network.js';

interface Known {
  readonly options: PlanOptions;
  /** Cycles of waiting for weights, which cycles and interval have in them. */
  readonly waits: number;
  readonly cycles: number;
  readonly interval: number;
  /** What `estimate` counts with. */
  readonly megahertz: number;
  readonly bits: number;
  readonly resources: Resources;
}

type ChoiceOfSpace = Parameters<typeof makeSpace> extends [unknown, ...infer Rest] ? Rest : never;

function smallSpace(network: QuantizedNetwork, ...choice: ChoiceOfSpace): PlanSpace {
  const space = makeSpace(network.config, ...choice);
  const { length } = space.tokenBlocks;
  const tokenBlocks = space.tokenBlocks.filter((_, i) => i === 0 || i === length - 1 || i === length >> 1);
  return { ...space, lanes: { from: 1, to: 4 }, inputs: { from: 1, to: 2 }, tokenBlocks };
}

/** Spaces with event-driven lanes, with segments, with weights in external memory, and with lanes of tables. */
function drawSpace(network: QuantizedNetwork, index: number): PlanSpace {
  const { length } = unitsOf(listLayers(network.config));
  const space = smallSpace(network);
  const cut = { ...space, inputs: { from: 1, to: 1 }, segments: [1, Math.min(2, length)] };
  const both = { ...space, styles: ['dense', 'event'] as const, lanes: { from: 1, to: 3 }, inputs: { from: 1, to: 1 } };
  const narrow = smallSpace(network, { weights: 'external', weightBus: 64 });
  const external = { ...narrow, lanes: { from: 7, to: 9 }, inputs: { from: 8, to: 9 } };
  const tables = { ...smallSpace(network, {}, { lanes: true }), inputs: { from: 4, to: 5 } };
  return [space, cut, both, external, tables][index % 5]!;
}

type Shape = Pick<PlanOptions, 'style' | 'segments' | 'inputs' | 'lane' | 'loopOrder'>;

/** Styles with what there is to choose beside lanes, neurons and token blocks. */
function shapesOf({ styles, segments, inputs, laneKinds, given }: PlanSpace, { family }: Device): Shape[] {
  const { loopOrder } = given;
  const kinds = laneKinds.filter((lane) => lane === 'tree' || family.startsWith('xilinx-'));
  const widths = Array.from({ length: inputs.to - inputs.from + 1 }, (_, i) => inputs.from + i);
  return styles.flatMap((style): Shape[] =>
    style === 'event'
      ? [{ style, segments: 1, inputs: 4, lane: 'tree', loopOrder }]
      : kinds.flatMap((lane) =>
          segments.flatMap((cut) =>
            widths.map((each): Shape => {
              return { style, segments: cut, inputs: each, lane, loopOrder: lane === 'table' ? 'group' : loopOrder };
            }),
          ),
        ),
  );
}

function everyPlan(network: QuantizedNetwork, space: PlanSpace, device: Device): Known[] {
  const known: Known[] = [];
  for (const shape of shapesOf(space, device)) {
    // what segmented plans choose from
    const blocks = shape.segments === 1 ? space.tokenBlocks : segmentBlocks(space.tokenBlocks);
    for (let lanes = space.lanes.from; lanes <= space.lanes.to; lanes++) {
      for (let neurons = 1; neurons <= lanes; neurons++) {
        if (lanes % neurons !== 0) continue;
        for (const tokenBlock of blocks) {
          const options: PlanOptions = { ...space.given, ...shape, lanes, neurons, tokenBlock };
          const planned = planDesign(network, options);
          const waits = planned.style === 'dense' ? settledStalls(planned) : 0;
          const { cyclesPerImage: cycles, intervalCycles: interval } = withWaits(timingOf(network, planned), waits);
          const [estimated] = estimateDevices(network, planned, [device]);
          known.push({
            megahertz: estimated!.speed.megahertz,
            bits: movedBits(designTraffic(network, planned)),
            options,
            waits,
            cycles,
            interval,
            resources: estimated!.cost.total,
          });
        }
      }
    }
  }
  return known;
}

/** The plan with these options, whatever the order of their names. */
function findPlan(known: readonly Known[], options: PlanOptions): Known {
  const keyOf = (each: PlanOptions): string => JSON.stringify(Object.entries(each).sort());
  return known.find((each) => keyOf(each.options) === keyOf(options))!;
}

/** A device of some family whose limits lie among what the plans need, or beside it. */
function drawDevice(known: readonly Known[], base: Device, random: () => number): Device {
  const pick = (value: (plan: Known) => number): number => {
    const values = known.map(value).sort((a, b) => a - b);
    return Math.max(1, Math.round(values[Math.floor(random() * values.length)]! * (0.95 + 0.4 * random())));
  };
  return {
    ...base,
    luts: pick(({ resources }) => resources.lut + (base.pairedCells ? resources.loneFf : 0)),
    flipFlops: pick(({ resources }) => resources.ff),
    lutRamLuts: base.lutRamLuts === 0 ? 0 : pick(({ resources }) => resources.lutRam),
    blockRam: { ...base.blockRam, count: pick(({ resources }) => resources.blockRam) },
  };
}

/** Uses of the limits of a device by their names, written down once more. */
function usesOf({ resources: { lut, loneFf, ff, blockRam, lutRam } }: Known, device: Device): Map<string, number> {
  const uses = new Map([['block RAM', blockRam / device.blockRam.count]]);
  if (device.pairedCells) uses.set('logic cells', (lut + loneFf) / device.luts);
  else uses.set('LUT', lut / device.luts).set('flip-flops', ff / device.flipFlops);
  if (device.lutRamLuts > 0) uses.set('LUT as memory', lutRam / device.lutRamLuts);
  return uses;
}

function least(known: readonly Known[], value: (plan: Known) => number): number | null {
  return known.length === 0 ? null : Math.min(...known.map(value));
}

interface Case {
  readonly network: QuantizedNetwork;
  readonly known: readonly Known[];
  readonly request: FitRequest & { readonly objective: Objective };
}

/** Microseconds from an image to the next. */
function periodOf(plan: Known, { megahertz = plan.megahertz }: Case['request']): number {
  return plan.interval / megahertz;
}

/** Uses of all limits, the frame rate included, as shares. */
function sharesOf(plan: Known, request: Case['request']): Map<string, number> {
  const { device, framesPerSecond } = request;
  const shares = usesOf(plan, device);
  if (framesPerSecond !== undefined) shares.set('frames/s', (periodOf(plan, request) * framesPerSecond) / 1e6);
  return shares;
}

/** What may be used of a limit while another, or itself, is moved. */
function mostShare(name: string, moved: string): number {
  if (name !== moved) return 1;
  return name === 'frames/s' ? Number.POSITIVE_INFINITY : RELAXED_FACTOR;
}

function checkChosen({ network, known, request }: Case): 'chosen' | 'none' {
  const { device, objective } = request;
  const result = settle(fitPlan(network, request));
  const fitting = known.filter((each) => [...sharesOf(each, request).values()].every((share) => share <= 1));
  assert.is(result.statistics.isProven, true);
  if (result.chosen === null) {
    assert.is(fitting.length, 0, 'there is a plan that fits');
    for (const { limit, plan: relaxed } of result.relaxations.filter(({ limit }) => limit !== 'all of the device')) {
      const others = known.filter((each) => {
        return [...sharesOf(each, request)].every(([name, share]) => share <= mostShare(name, limit));
      });
      const best = least(others, (each) => sharesOf(each, request).get(limit)!);
      assert.is(relaxed === null, best === null, limit);
      if (relaxed === null) continue;
      assert.equal(
        relaxed.exceeded.map((use) => use.limit),
        [limit],
      );
      const { used, available } = relaxed.exceeded[0]!;
      const share = limit === 'frames/s' ? available / used : used / available;
      assert.ok(Math.abs(share - best!) < 1e-9, `${limit}: ${share} instead of ${best}`);
    }
    return 'none';
  }
  const cells = ({ resources }: Known): number => resources.lut + (device.pairedCells ? resources.loneFf : 0);
  const [estimated] = estimateDevices(network, planDesign(network, result.chosen.options), [device]);
  assert.ok(estimated!.fit.fits, 'the estimator says that it does not fit');
  const time = (each: Known): number => each.cycles / (request.megahertz ?? each.megahertz);
  const orders = {
    latency: [time, cells],
    lut: [cells, time],
    energy: [({ bits }: Known): number => bits, time],
  };
  const [first, second] = orders[objective] as [typeof cells, typeof cells];
  const best = least(fitting, first)!;
  const runnerUp = least(
    fitting.filter((each) => first(each) === best),
    second,
  );
  const chosen = findPlan(known, result.chosen.options);
  assert.equal([first(chosen), second(chosen)], [best, runnerUp]);
  assert.is(result.chosen.clock.megahertz, request.megahertz ?? chosen.megahertz);
  assert.is(result.chosen.cyclesPerImage + result.chosen.stallCycles, chosen.cycles);
  assert.is(result.chosen.stallCycles, chosen.waits);
  assert.is(result.chosen.framesPerSecond, (result.chosen.clock.megahertz * 1e6) / chosen.interval);
  const faster = known.filter((each) => periodOf(each, request) < periodOf(chosen, request));
  const shares = faster.map((each) => Math.max(...usesOf(each, device).values()));
  const next = shares.some((share) => share <= RELAXED_FACTOR) ? Math.min(...shares) : null;
  assert.is(result.nextStep === null, next === null);
  if (result.nextStep !== null) {
    assert.ok(Math.abs(result.nextStep.fit.binding.share - next!) < 1e-9);
    assert.ok(result.nextStep.framesPerSecond > result.chosen.framesPerSecond);
  }
  return 'chosen';
}

const NETWORKS = 40;
const DEVICES_PER_NETWORK = 5;

test('200 random networks on random devices: what is chosen fits, and no other plan is better', () => {
  // the first two have a clock model
  const bases = ['ice40-hx8k', 'ecp5-25f', 'xc7a35t', 'xczu9eg'].map((name) => findDevice(name));
  const outcomes = { chosen: 0, none: 0 };
  let waiting = 0;
  const configs = fc.sample(anyConfig, { numRuns: NETWORKS, seed: 7 });
  configs.forEach((config, index) => {
    const random = randomGenerator(index);
    const network = randomQuantized(config, index);
    const space = drawSpace(network, index);
    const base = bases[index % bases.length]!;
    const known = everyPlan(network, space, base);
    if (known.some(({ waits }) => waits > 0)) waiting += 1;
    for (let i = 0; i < DEVICES_PER_NETWORK; i++) {
      const device = drawDevice(known, base, random);
      const clock = random() < 0.5 ? {} : { megahertz: 37.5 };
      const asked = known[Math.floor(random() * known.length)]!;
      const megahertz = (clock.megahertz ?? asked.megahertz) * (0.95 + 0.1 * random());
      const rate = random() < 0.5 ? {} : { framesPerSecond: (megahertz * 1e6) / asked.interval };
      const objective = (['latency', 'lut', 'energy'] as const)[Math.floor(3 * random())]!;
      const request = { device, space, objective, ...clock, ...rate } as const;
      outcomes[checkChosen({ network, known, request })] += 1;
    }
  });
  assert.is(outcomes.chosen + outcomes.none, NETWORKS * DEVICES_PER_NETWORK);
  assert.ok(outcomes.chosen > 60 && outcomes.none > 30, JSON.stringify(outcomes));
  assert.ok(waiting > 2, `${waiting} networks with plans that wait for weights`);
});

const network = randomQuantized(smallConfig(), 11);
const device = findDevice('ecp5-25f');
const within = (luts: number, blocks = 1000): Device => {
  return { ...device, luts, flipFlops: luts, lutRamLuts: luts, blockRam: { ...device.blockRam, count: blocks } };
};

test('nothing fits: each limit is named, and the device as a whole', () => {
  const { chosen, relaxations, nextStep } = settle(
    fitPlan(network, { device: within(100, 1), space: smallSpace(network) }),
  );
  assert.is(chosen, null);
  assert.is(nextStep, null);
  assert.equal(
    relaxations.map(({ limit }) => limit),
    ['LUT', 'flip-flops', 'block RAM', 'LUT as memory', 'all of the device'],
  );
  assert.ok(relaxations.slice(0, -1).every((each) => each.plan === null));
  assert.ok(relaxations.at(-1)!.plan!.fit.binding.share > 1);
});

test('everything fits: the fastest plan there is, and no next step', () => {
  const space = smallSpace(network);
  const { chosen, nextStep } = settle(fitPlan(network, { device: within(1e6), space }));
  const times = everyPlan(network, space, device).map((each) => each.cycles / each.megahertz);
  assert.is(chosen!.cyclesPerImage / chosen!.clock.megahertz, Math.min(...times));
  assert.match(chosen!.clock.basis, /^model, fitted to /);
  assert.is(nextStep, null);
});

test('a device for one lane', () => {
  const small = { ...smallSpace(network), lanes: { from: 1, to: 1 }, inputs: { from: 1, to: 1 }, neurons: 1 };
  const lut = Math.min(...everyPlan(network, small, device).map(({ resources }) => resources.lut));
  const { chosen } = settle(fitPlan(network, { device: within(lut), objective: 'lut' }));
  assert.equal([chosen!.options.lanes, chosen!.options.inputs], [1, 1]);
  assert.is(settle(fitPlan(network, { device: within(lut - 1), space: small })).chosen, null);
});

test('tables alone are searched within a few thousand sets', () => {
  const space = makeSpace(network.config, { lane: 'table' });
  const goals = new Set<string>();
  for (const { goal, bounded } of fitPlan(network, { device: findDevice('xczu9eg'), space })) {
    goals.add(goal);
    assert.ok(bounded < 3000, goal);
  }
  assert.equal([...goals], ['the plan', 'the next step']);
});

test('what is already chosen stays', () => {
  const choice = {
    lanes: 6,
    inputs: 3,
    neurons: 2,
    tokenBlock: 5,
    weights: 'stream',
    widths: { accBits: 20 },
    segments: 1,
  } as const;
  const { chosen, statistics } = settle(fitPlan(network, { device, space: makeSpace(network.config, choice) }));
  assert.equal(chosen!.options, { ...DEFAULT_PLAN, ...choice });
  assert.is(statistics.plans, 1);
  const { chosen: three } = settle(fitPlan(network, { device, space: makeSpace(network.config, { neurons: 3 }) }));
  assert.is(three!.options.neurons, 3);
  assertError(() => makeSpace(network.config, { lanes: 4, neurons: 3 }), 'PLAN', 'a divisor of 4 lanes');
  assertError(() => makeSpace(network.config, { inputs: 0 }), 'USAGE', 'plan.inputs');
  assert.equal(makeSpace(network.config, { lane: 'table' }).laneKinds, ['table']);
  assert.equal(makeSpace(network.config, {}, { lanes: true }).laneKinds, ['tree', 'table']);
  assert.equal(makeSpace(network.config, { weights: 'external' }, { lanes: true }).laneKinds, ['tree']);
  const tables = { device, space: makeSpace(network.config, { lane: 'table' }) };
  assertError(() => settle(fitPlan(network, tables)), 'PLAN', 'lanes of tables are for their LUTs');
  assertError(
    () => makeSpace(network.config, { style: 'event', inputs: 3 }),
    'USAGE',
    'plan.inputs',
    'one spike a cycle',
  );
  assert.equal(makeSpace(network.config, { segments: 2 }).segments, [2]);
  assert.equal(makeSpace(network.config, { inputs: 3 }, { styles: true }).styles, ['dense']);
  const open = makeSpace(network.config, {}, { styles: true, segments: true });
  assert.equal(
    [open.styles, open.segments],
    [
      ['dense', 'event'],
      [1, 2, 3, 4],
    ],
  );
});

test('what else there would be is searched so far, and no further', () => {
  const space = makeSpace(network.config);
  const request = { device, megahertz: 50, logicShare: 0.5, space };
  const whole = settle(fitPlan(network, request));
  assert.is(whole.isNextStepComplete, true);
  const short = settle(fitPlan(network, { ...request, remarkSets: 3 }));
  assert.equal([short.nextStep, short.isNextStepComplete], [null, false]);
  assert.equal(short.chosen, whole.chosen);
  const none = settle(fitPlan(network, { ...request, device: within(100, 1), remarkSets: 3 }));
  assert.ok(none.relaxations.some(({ plan: helping, isComplete }) => helping === null && !isComplete));
});

test('a share of the cells, and requests that make no sense', () => {
  const half = settle(fitPlan(network, { device, logicShare: 0.5, megahertz: 50 }));
  assert.ok(half.chosen!.fit.uses[0]!.share <= 0.5);
  assert.ok(half.nextStep!.exceeded.length > 0);
  const request = (changes: Partial<FitRequest>) => () => settle(fitPlan(network, { device, ...changes }));
  assertError(request({ logicShare: 1.5 }), 'USAGE', '--max-lut', 'up to 100 %');
  assertError(request({ megahertz: 0 }), 'USAGE', '--clock');
  assertError(request({ framesPerSecond: -1 }), 'USAGE', '--fps');
  const pixels = 2 * 9 * 14;
  const most = Math.floor(50e6 / pixels);
  const tooFast = request({ megahertz: 50, framesPerSecond: most + 1 });
  assertError(tooFast, 'PLAN', `at most ${most} frames/s`, 'use a clock of at least 51 MHz');
});

test('a search steps, so that it can be watched and stopped', () => {
  const steps = fitPlan(network, { device });
  const { value, done } = steps.next();
  assert.is(done, false);
  assert.ok(value !== undefined && 'bounded' in value && value.goal === 'the plan' && value.bounded > 1);
});

test('token blocks: one for every number of passes, the fewest tokens of each', () => {
  // 4 x 7 and 2 x 4 tokens
  const blocks = tokenBlocksOf(smallConfig());
  assert.equal(blocks, [null, 14, 10, 8, 7, 6, 5, 4, 3, 2, 1]);
});

test.run();
