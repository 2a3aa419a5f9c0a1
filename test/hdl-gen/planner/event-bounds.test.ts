/** No event-driven plan, and no plan of several segments, is below the bounds of any set that it is in. */
import { listLayers, type QuantizedNetwork } from '@spikemill/golden-model';
import {
  acceleratorCost,
  type DesignPlan,
  designTraffic,
  type EventPlan,
  expectedWork,
  type FiringRates,
  mostWork,
  movedBits,
  plan,
  planDesign,
  timingOf,
} from '@spikemill/hdl-gen';
import * as fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { unitsOf } from '../../../hdl-gen/src/plan/cuts.js';
import { makeBounds } from '../../../hdl-gen/src/planner/bounds.js';
import { type CycleBound, makeEventBounds } from '../../../hdl-gen/src/planner/event-bounds.js';
import { segmentBounds } from '../../../hdl-gen/src/planner/segment-bounds.js';
import { anyConfig, randomQuantized } from '../../support/random-network.js';

const anyFamily = fc.constantFrom('ice40', 'ecp5', 'xilinx-7series', 'xilinx-ultrascale-plus');
const BLOCKS = [null, 7, 1];

function assertBelow({ resources, ...cycles }: CycleBound, truth: CycleBound, what: string): void {
  for (const name of Object.keys(cycles) as (keyof typeof cycles)[]) {
    assert.ok(cycles[name] <= truth[name], `${what}: ${name} ${cycles[name]} above ${truth[name]}`);
  }
  for (const name of Object.keys(resources) as (keyof typeof resources)[]) {
    const [bound, true_] = [resources[name], truth.resources[name]];
    assert.ok(bound <= true_, `${what}: ${name} ${bound} above ${true_}`);
  }
}

function truthOf(
  network: QuantizedNetwork,
  planned: DesignPlan,
  family: 'ecp5',
  rates: FiringRates | null,
): CycleBound {
  const work =
    planned.style === 'dense' ? null : rates === null ? mostWork(planned) : expectedWork(planned as EventPlan, rates);
  const { cyclesPerImage, intervalCycles } = timingOf(network, planned, work);
  const trafficBits = movedBits(designTraffic(network, planned, work));
  return { cyclesPerImage, intervalCycles, trafficBits, resources: acceleratorCost(network, planned, family).total };
}

function flatRates({ config }: QuantizedNetwork, rate: number): FiringRates {
  const lifs = listLayers(config).flatMap(({ lif }) => (lif === null ? [] : [[lif, [rate]] as const]));
  return { lifs: new Map(lifs), planes: Array.from({ length: 8 }, () => [rate]) };
}

test('event-driven plans: spans of lanes, grids, token blocks, at most and by rates', () => {
  const grid = fc.record({
    neurons: fc.integer({ min: 1, max: 9 }),
    banks: fc.integer({ min: 1, max: 9 }),
    below: fc.nat(5),
    above: fc.nat(9),
    block: fc.constantFrom(...BLOCKS),
    rate: fc.constantFrom(null, 0.05, 0.3),
  });
  fc.assert(
    fc.property(anyConfig, fc.integer(), grid, anyFamily, (config, seed, options, family) => {
      const { neurons, banks, below, above, block, rate } = options;
      const network = randomQuantized(config, seed);
      const lanes = neurons * banks;
      const rates = rate === null ? null : flatRates(network, rate);
      const planned = planDesign(network, { style: 'event', lanes, neurons, tokenBlock: block });
      const truth = truthOf(network, planned, family as 'ecp5', rates);
      const bounds = makeEventBounds(network, family as 'ecp5', rates, BLOCKS);
      const span = { from: Math.max(1, lanes - below), to: lanes + above };
      assertBelow(bounds.least(span, null), truth, 'span');
      assertBelow(bounds.least(span, neurons), truth, 'span of given neurons');
      assertBelow(bounds.figures(lanes, neurons), truth, 'grid');
      assertBelow(bounds.closer(lanes, neurons), truth, 'token blocks');
    }),
    { numRuns: 60 },
  );
});

test('segments: spans, grids, token blocks', () => {
  const choices = fc.record({
    inputs: fc.integer({ min: 1, max: 5 }),
    neurons: fc.integer({ min: 1, max: 4 }),
    times: fc.integer({ min: 1, max: 3 }),
    block: fc.constantFrom(...BLOCKS),
    segments: fc.constantFrom(2, 3, 4),
  });
  fc.assert(
    fc.property(anyConfig, fc.integer(), choices, anyFamily, (config, seed, choice, family) => {
      const { inputs, neurons, times, block } = choice;
      const segments = Math.min(choice.segments, unitsOf(listLayers(config)).length);
      const network = randomQuantized(config, seed);
      const planned = plan(network, { lanes: neurons * times, inputs, neurons, tokenBlock: block, segments });
      const truth = truthOf(network, planned, family as 'ecp5', null);
      const bounds = segmentBounds(makeBounds(network, family as 'ecp5'), config, segments);
      const { lanes } = planned.options;
      const spans = [
        { from: Math.max(1, lanes - 2), to: lanes + 3 },
        { from: inputs, to: inputs + 2 },
      ] as const;
      const fixed = { trafficBits: 0 };
      const least = { ...bounds.leastCycles(...spans, null), ...fixed, resources: bounds.leastResources(...spans) };
      assertBelow(least, truth, 'span');
      const open = bounds.resources({ ...planned.grid, neurons: lanes }, { neurons: true, leastTokens: 1 });
      assertBelow({ ...bounds.cycles(planned.grid, null), ...fixed, resources: open }, truth, 'open neurons');
      const { traffic } = bounds;
      const trafficBits = traffic.bits(planned.grid, block);
      const resources = bounds.resources(planned.grid, { neurons: false, leastTokens: 1 });
      assertBelow({ ...bounds.cycles(planned.grid, block), trafficBits, resources }, truth, 'grid');
    }),
    { numRuns: 40 },
  );
});

test.run();
