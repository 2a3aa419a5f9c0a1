/**
 * The sets of plans that a search for an accelerator walks: styles and numbers of segments; then spans of lanes and inputs,
 * then neurons, then token blocks.
 */
import type { Device } from '@spikemill/constraints';
import type { QuantizedNetwork } from '@spikemill/golden-model';
import { acceleratorCost } from '../cost/accelerator-cost.js';
import { costModelOf } from '../cost/cost-model.js';
import { timingOf, withWaits } from '../cost/timing.js';
import { settledStalls } from '../cost/weight-timing.js';
import { memoryTraffic, movedBits } from '../energy/memory-traffic.js';
import type { FiringRates } from '../event/expected-cycles.js';
import { type Grid, type LaneKind, makeGrid, type PlanOptions } from '../plan/options.js';
import { plan } from '../plan/plan.js';
import { type Bounds, makeBounds } from './bounds.js';
import type { Candidate } from './candidate.js';
import { eventSet } from './event-sets.js';
import type { CycleFigures, Figures } from './figures.js';
import { makePlanClock, type PlanClock, timed } from './plan-clock.js';
import { segmentBounds } from './segment-bounds.js';
import { countPlans, halves, neuronsOf, type PlanSpace, type Span, segmentBlocks, spanLength } from './space.js';

export type PlanCandidate = Candidate<PlanOptions>;

interface Context {
  readonly network: QuantizedNetwork;
  readonly device: Device;
  readonly clock: PlanClock;
  readonly space: PlanSpace;
  readonly bounds: Bounds;
  readonly segments: PlanOptions['segments'];
  /** True figures of plans, by their options: searches for several goals meet the same ones. */
  readonly estimates: Map<string, Figures>;
}

const notSingle = (): never => {
  throw new RangeError('only a single plan has figures');
};

/** A bound with times. @param grid as far as it is known */
function boundOf(
  { bounds, clock }: Context,
  cycles: CycleFigures,
  grid: Grid | null,
  rest: Pick<Figures, 'trafficBits' | 'resources'>,
): Figures {
  const megahertz = clock.most('dense', rest.resources.lut, () => bounds.clockValues(grid));
  return { ...timed(cycles, megahertz), ...rest };
}

function box(context: Context, lanes: Span, inputs: Span): PlanCandidate {
  const { bounds, space } = context;
  const resources = bounds.leastResources(lanes, inputs);
  const trafficBits = bounds.traffic.least(lanes, inputs);
  const cycles = bounds.leastCycles(lanes, inputs, space.neurons);
  const bound = boundOf(context, cycles, null, { trafficBits, resources });
  const split = (): PlanCandidate[] => {
    if (spanLength(lanes) === 1 && spanLength(inputs) === 1) return pairs(context, lanes.from, inputs.from);
    const byLanes = lanes.to / lanes.from >= inputs.to / inputs.from;
    return byLanes
      ? halves(lanes).map((half) => box(context, half, inputs))
      : halves(inputs).map((half) => box(context, lanes, half));
  };
  return { plan: null, plans: countPlans(lanes, inputs, space), bound, split, estimate: notSingle };
}

function gridOf({ network, space }: Context, lanes: number, inputs: number, neurons: number): Grid {
  return makeGrid({ lanes, inputs, neurons, lane: space.given.lane }, network.config.timesteps);
}

/** The plans of some lanes and inputs, as one set; none if the neurons do not divide the lanes. */
function pairs(context: Context, lanes: number, inputs: number): PlanCandidate[] {
  const { bounds, space } = context;
  const neurons = neuronsOf(lanes, space);
  if (neurons.length === 0) return [];
  const grid = gridOf(context, lanes, inputs, neurons[0]!);
  const trafficBits = bounds.traffic.bits(grid, space.tokenBlocks[0]!);
  const resources = bounds.resources(grid, { neurons: true, leastTokens: space.tokenBlocks.at(-1)! });
  // all lanes are neurons here: nothing is selected among results
  const bound = boundOf(context, bounds.openCycles(grid, space.tokenBlocks), grid, { trafficBits, resources });
  const split = (): PlanCandidate[] =>
    neurons.map((each) => blocksOf(context, gridOf(context, lanes, inputs, each), trafficBits, space.tokenBlocks));
  return [{ plan: null, plans: neurons.length * space.tokenBlocks.length, bound, split, estimate: notSingle }];
}

/** The plans of a grid: some token blocks behind each other, most tokens first. */
function blocksOf(
  context: Context,
  grid: Grid,
  trafficBits: number,
  tokenBlocks: PlanSpace['tokenBlocks'],
): PlanCandidate {
  const { bounds } = context;
  const leastTokens = tokenBlocks.at(-1)!;
  const resources = bounds.resources(grid, { neurons: false, leastTokens });
  if (tokenBlocks.length === 1) return block(context, grid, leastTokens, resources);
  const bound = boundOf(context, bounds.openCycles(grid, tokenBlocks), grid, { trafficBits, resources });
  const middle = tokenBlocks.length >> 1;
  const parts = [tokenBlocks.slice(0, middle), tokenBlocks.slice(middle)];
  const split = (): PlanCandidate[] => parts.map((part) => blocksOf(context, grid, trafficBits, part));
  return { plan: null, plans: tokenBlocks.length, bound, split, estimate: notSingle };
}

/** One plan with the resources of its grid as bound, until it turns out to be worth a better one. */
function block(
  context: Context,
  grid: Grid,
  tokenBlock: number | null,
  resources: Figures['resources'],
): PlanCandidate {
  const { bounds, space, segments } = context;
  const { lanes, inputs, neurons } = grid;
  const options: PlanOptions = { style: 'dense', lanes, inputs, neurons, tokenBlock, segments, ...space.given };
  const cycles = bounds.cycles(grid, tokenBlock);
  const trafficBits = bounds.traffic.bits(grid, tokenBlock);
  const estimate = (): Figures => estimateFigures(context, options);
  const single = { plan: options, plans: 1, estimate };
  const split = (): PlanCandidate[] => {
    const own = { trafficBits, resources: bounds.resourcesOf(grid, tokenBlock) };
    const exact = space.given.weights === 'external' ? waitingCycles(context, options) : cycles;
    const bound = boundOf(context, exact, grid, own);
    return [{ ...single, bound, split: () => null }];
  };
  return { ...single, bound: boundOf(context, cycles, grid, { trafficBits, resources }), split };
}

/** Exact: what a plan waits for weights needs its tiles, but not its cells. */
function waitingCycles({ network }: Context, options: PlanOptions): CycleFigures {
  const planned = plan(network, options);
  return withWaits(timingOf(network, planned), settledStalls(planned));
}

function estimateFigures({ network, device, clock, estimates }: Context, options: PlanOptions): Figures {
  const key = JSON.stringify(options);
  let figures = estimates.get(key);
  if (figures === undefined) {
    const planned = plan(network, options);
    const trafficBits = movedBits(memoryTraffic(network, planned));
    const resources = acceleratorCost(network, planned, device.family).total;
    const { megahertz } = clock.of(network, planned, resources.lut);
    const cycles = withWaits(timingOf(network, planned), settledStalls(planned));
    figures = { ...timed(cycles, megahertz), trafficBits, resources };
    estimates.set(key, figures);
  }
  return figures;
}

/** Plans of dense lanes, one set for each number of segments. */
function denseSets(network: QuantizedNetwork, device: Device, clock: PlanClock, space: PlanSpace): PlanCandidate[] {
  return lanesFor(space, device).flatMap((lane) =>
    setsOfLanes(network, device, clock, { ...space, ...withLanes(space, lane) }),
  );
}

/** Kinds of lanes that a family has; one that is asked for stays, and is refused when it is priced. */
export function lanesFor({ laneKinds }: PlanSpace, { family }: Device): readonly LaneKind[] {
  if (laneKinds.length === 1) return laneKinds;
  const { modules } = costModelOf(family);
  return laneKinds.filter((lane) => lane === 'tree' || TABLE_ARRAY in modules);
}

const TABLE_ARRAY = 'smx_table_array';

/** Lanes of tables are built into one engine, and keep their weights. */
function withLanes({ given, segments }: PlanSpace, lane: LaneKind): Pick<PlanSpace, 'given' | 'segments'> {
  if (lane === 'tree') return { given: { ...given, lane }, segments };
  return { given: { ...given, lane, loopOrder: 'group' }, segments: segments.filter((count) => count === 1) };
}

function setsOfLanes(network: QuantizedNetwork, device: Device, clock: PlanClock, space: PlanSpace): PlanCandidate[] {
  const one = makeBounds(network, device.family, space.given, space.tokenBlocks);
  return space.segments.map((segments) => {
    const count = typeof segments === 'number' ? segments : segments.length + 1;
    const bounds = count === 1 ? one : segmentBounds(one, network.config, count);
    const own = count === 1 ? space : { ...space, tokenBlocks: segmentBlocks(space.tokenBlocks) };
    const context: Context = { network, device, clock, space: own, bounds, segments, estimates: new Map() };
    return box(context, space.lanes, space.inputs);
  });
}

/** The least of every figure. */
function leastOf(figures: readonly Figures[]): Figures {
  const least = <T extends object>(all: readonly T[]): T => {
    const names = Object.keys(all[0]!) as (keyof T)[];
    return Object.fromEntries(names.map((name) => [name, Math.min(...all.map((each) => Number(each[name])))])) as T;
  };
  const { resources: _, ...cycles } = figures[0]!;
  const names = Object.keys(cycles) as (keyof typeof cycles)[];
  const smallest = names.map((name) => [name, Math.min(...figures.map((each) => each[name]))]);
  return {
    ...(Object.fromEntries(smallest) as typeof cycles),
    resources: least(figures.map((each) => each.resources)),
  };
}

/**
 * All plans of a space for a network, as one set.
 *
 * @param clock of the plans on the device; default: the model or the record of the device.
 * @param rates that the cycles of event-driven plans follow from; null: at most, if everything spikes.
 * @throws SpikemillError INVALID_CONFIG if a formula of the family's cost model cannot be evaluated.
 */
export function planSets(
  network: QuantizedNetwork,
  device: Device,
  space: PlanSpace,
  clock: PlanClock = makePlanClock(device),
  rates: FiringRates | null = null,
): PlanCandidate {
  const sets = [
    ...(space.styles.includes('dense') ? denseSets(network, device, clock, space) : []),
    ...(space.styles.includes('event') ? [eventSet(network, device, clock, space, rates)] : []),
  ];
  if (sets.length === 1) return sets[0]!;
  const plans = sets.reduce((sum, set) => sum + set.plans, 0);
  return { plan: null, plans, bound: leastOf(sets.map(({ bound }) => bound)), split: () => sets, estimate: notSingle };
}
