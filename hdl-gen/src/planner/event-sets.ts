/** The sets of event-driven plans: spans of lanes, then neurons, then token blocks. */
import type { Device } from '@spikemill/constraints';
import type { QuantizedNetwork } from '@spikemill/golden-model';
import { acceleratorCost } from '../cost/accelerator-cost.js';
import { timingOf } from '../cost/timing.js';
import { eventMemoryTraffic } from '../energy/event-traffic.js';
import { movedBits } from '../energy/memory-traffic.js';
import { expectedWork, type FiringRates } from '../event/expected-cycles.js';
import { planEvent } from '../event/plan.js';
import { mostWork } from '../event/work.js';
import { DEFAULT_PLAN, type PlanOptions } from '../plan/options.js';
import type { Candidate } from './candidate.js';
import { type CycleBound, type EventBounds, makeEventBounds } from './event-bounds.js';
import { type EventGrids, eventGrids } from './event-grids.js';
import type { Figures } from './figures.js';
import { type PlanClock, timed } from './plan-clock.js';
import { halves, type PlanSpace, type Span, spanLength } from './space.js';

type PlanCandidate = Candidate<PlanOptions>;

interface Context {
  readonly network: QuantizedNetwork;
  readonly device: Device;
  readonly clock: PlanClock;
  readonly space: PlanSpace;
  readonly rates: FiringRates | null;
  readonly bounds: EventBounds;
  readonly grids: EventGrids;
  readonly estimates: Map<string, Figures>;
}

const notSingle = (): never => {
  throw new RangeError('only a single plan has figures');
};

/** A bound with times. */
function boundOf({ bounds, clock }: Context, { resources, trafficBits, ...cycles }: CycleBound): Figures {
  const megahertz = clock.most('event', resources.lut, () => bounds.clockValues);
  return { ...timed(cycles, megahertz), trafficBits, resources };
}

function lanesSet(context: Context, lanes: Span): PlanCandidate {
  const { bounds, space, grids } = context;
  const split = (): PlanCandidate[] => {
    if (spanLength(lanes) > 1) return halves(lanes).map((half) => lanesSet(context, half));
    return grids.neuronsOf(lanes.from).map((neurons) => gridSet(context, lanes.from, neurons));
  };
  const plans = grids.count(lanes) * space.tokenBlocks.length;
  const bound = boundOf(context, bounds.least(lanes, space.neurons));
  return { plan: null, plans, bound, split, estimate: notSingle };
}

function gridSet(context: Context, lanes: number, neurons: number): PlanCandidate {
  const { bounds, space } = context;
  const single = (tokenBlock: number | null, bound: Figures): PlanCandidate => {
    const options: PlanOptions = {
      ...{ style: 'event', lanes, inputs: DEFAULT_PLAN.inputs, neurons, tokenBlock, segments: 1 },
      ...space.given,
    };
    return { plan: options, plans: 1, bound, split: () => null, estimate: () => estimateFigures(context, options) };
  };
  const plans = space.tokenBlocks.length;
  const closer = (): PlanCandidate => {
    const bound = boundOf(context, bounds.closer(lanes, neurons));
    const split = (): PlanCandidate[] => space.tokenBlocks.map((tokenBlock) => single(tokenBlock, bound));
    return { plan: null, plans, bound, split, estimate: notSingle };
  };
  const bound = boundOf(context, bounds.figures(lanes, neurons));
  return { plan: null, plans, bound, split: () => [closer()], estimate: notSingle };
}

function estimateFigures({ network, device, clock, rates, estimates }: Context, options: PlanOptions): Figures {
  const key = JSON.stringify(options);
  let figures = estimates.get(key);
  if (figures === undefined) {
    const planned = planEvent(network, options);
    const work = rates === null ? mostWork(planned) : expectedWork(planned, rates);
    const trafficBits = movedBits(eventMemoryTraffic(network, planned, work));
    const resources = acceleratorCost(network, planned, device.family).total;
    const { megahertz } = clock.of(network, planned, resources.lut);
    figures = { ...timed(timingOf(network, planned, work), megahertz), trafficBits, resources };
    estimates.set(key, figures);
  }
  return figures;
}

/** All event-driven plans of a space. @param rates see planSets() */
export function eventSet(
  network: QuantizedNetwork,
  device: Device,
  clock: PlanClock,
  space: PlanSpace,
  rates: FiringRates | null,
): PlanCandidate {
  const bounds = makeEventBounds(network, device.family, rates, space.tokenBlocks);
  const grids = eventGrids(network.config, space);
  return lanesSet({ network, device, clock, space, rates, bounds, grids, estimates: new Map() }, grids.lanes);
}
