/** The sets of event-driven plans: spans of lanes, then neurons, then token blocks. */
import type { DeviceFamily } from '@spikemill/constraints';
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
import { type EventBounds, makeEventBounds } from './event-bounds.js';
import { type EventGrids, eventGrids } from './event-grids.js';
import type { Figures } from './figures.js';
import { halves, type PlanSpace, type Span, spanLength } from './space.js';

type PlanCandidate = Candidate<PlanOptions>;

interface Context {
  readonly network: QuantizedNetwork;
  readonly family: DeviceFamily;
  readonly space: PlanSpace;
  readonly rates: FiringRates | null;
  readonly bounds: EventBounds;
  readonly grids: EventGrids;
  readonly estimates: Map<string, Figures>;
}

const notSingle = (): never => {
  throw new RangeError('only a single plan has figures');
};

function lanesSet(context: Context, lanes: Span): PlanCandidate {
  const { bounds, space, grids } = context;
  const split = (): PlanCandidate[] => {
    if (spanLength(lanes) > 1) return halves(lanes).map((half) => lanesSet(context, half));
    return grids.neuronsOf(lanes.from).map((neurons) => gridSet(context, lanes.from, neurons));
  };
  const plans = grids.count(lanes) * space.tokenBlocks.length;
  return { plan: null, plans, bound: bounds.least(lanes, space.neurons), split, estimate: notSingle };
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
    const bound = bounds.closer(lanes, neurons);
    const split = (): PlanCandidate[] => space.tokenBlocks.map((tokenBlock) => single(tokenBlock, bound));
    return { plan: null, plans, bound, split, estimate: notSingle };
  };
  return { plan: null, plans, bound: bounds.figures(lanes, neurons), split: () => [closer()], estimate: notSingle };
}

function estimateFigures({ network, family, rates, estimates }: Context, options: PlanOptions): Figures {
  const key = JSON.stringify(options);
  let figures = estimates.get(key);
  if (figures === undefined) {
    const planned = planEvent(network, options);
    const work = rates === null ? mostWork(planned) : expectedWork(planned, rates);
    const { cyclesPerImage, intervalCycles } = timingOf(network, planned, work);
    const memoryBits = movedBits(eventMemoryTraffic(network, planned, work));
    figures = {
      cyclesPerImage,
      intervalCycles,
      memoryBits,
      resources: acceleratorCost(network, planned, family).total,
    };
    estimates.set(key, figures);
  }
  return figures;
}

/** All event-driven plans of a space. @param rates see planSets() */
export function eventSet(
  network: QuantizedNetwork,
  family: DeviceFamily,
  space: PlanSpace,
  rates: FiringRates | null,
): PlanCandidate {
  const bounds = makeEventBounds(network, family, rates, space.tokenBlocks);
  const grids = eventGrids(network.config, space);
  return lanesSet({ network, family, space, rates, bounds, grids, estimates: new Map() }, grids.lanes);
}
