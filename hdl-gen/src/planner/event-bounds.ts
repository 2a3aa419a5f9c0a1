/**
 * Lower bounds of cycles and cells for event-driven plans of which only some options are chosen.
 *
 * The plan with one lane and one neuron has no padding: what it does in a pass is what the network asks for. Of that, P
 * lanes leave at least 1/P of the tiles, and U neurons at least 1/U of the steps. Cells are the cost formulas over the
 * instances of that plan's top, whose widths no other plan goes below but for those that are given here.
 */
import type { DeviceFamily } from '@spikemill/constraints';
import type { QuantizedNetwork } from '@spikemill/golden-model';
import { ceilDivide } from '../bits.js';
import { clockValues } from '../clock/clock-model.js';
import { type CostModel, costModelOf } from '../cost/cost-model.js';
import { listInstances, type ModuleInstance } from '../cost/instances.js';
import { moduleCost } from '../cost/module-cost.js';
import { type Resources, subtractResources, sumResources } from '../cost/resources.js';
import { pace, streamCycles, timingOf } from '../cost/timing.js';
import { expectedWork, type FiringRates } from '../event/expected-cycles.js';
import { type EventPass, MIN_STEPS } from '../event/pass.js';
import { type EventPlan, planEvent } from '../event/plan.js';
import { type EventWork, mostWork } from '../event/work.js';
import { completeOptions } from '../plan/options.js';
import type { Figures } from './figures.js';
import { leastValues } from './plan-clock.js';
import type { Span } from './space.js';

/** A pass of the plan with one lane and one neuron. */
interface PassNeeds {
  readonly source: EventPass['source'];
  readonly outputs: number;
  /** Events, and words that the pass reads or takes for silent, of one output over all positions and rounds. */
  readonly events: number;
  readonly words: number;
  /** Channels of a tap, which lie in whole groups; null: padding never counts as an event. */
  readonly channels: number | null;
  /** Rounds of a tile that are never left out, over all positions, and trips of each. */
  readonly rounds: number;
  readonly trips: number;
}

/** Cycles of a pass around its rounds, at least. */
const LEAST_OVERHEAD = 15;
/** Two digits may lie beside each other, so that one event adds both; halves of the lanes may compute two tokens. */
const MOST_BESIDE = 2;

/** An axial branch, whose positions may come in pairs. */
function isPaired({ source, paramOuterStep }: EventPass): boolean {
  return source === 'lane-wise' && paramOuterStep > 0;
}

function needsOf(pass: EventPass, events: number, leavesOut: boolean): PassNeeds {
  const { outer, inner, rounds, digits, tapA, tapB } = pass.loops;
  const { source } = pass;
  const isSum = source === 'pixels' || source === 'head';
  const share = (isSum && digits === MOST_BESIDE) || isPaired(pass) ? MOST_BESIDE : 1;
  const positions = outer * inner;
  const allRounds = (positions * rounds * digits) / share;
  return {
    source,
    outputs: pass.outputs.filter((output) => output !== null).length,
    events: events / pass.outputs.length / share,
    // if everything spikes, padding does, too
    channels: leavesOut || source === 'pixels' || source === 'lane-wise' ? null : pass.loops.slices,
    // a tap takes a cycle, whatever it holds
    words: source === 'drain' ? 0 : allRounds * tapA * tapB,
    // the first round of a sum is there even in silence, and the one that hands it on
    rounds: source === 'drain' ? 0 : isSum && leavesOut ? (source === 'head' ? 1 : 2 * positions) : allRounds,
    trips: pass.trips,
  };
}

/** One lane sees one class at a time; more lanes take the head in fewer passes. */
function joinHead(passes: readonly PassNeeds[]): PassNeeds[] {
  const classes = passes.filter(({ source }) => source === 'head');
  const drains = passes.filter(({ source }) => source === 'drain');
  const others = passes.filter(({ source }) => source !== 'head' && source !== 'drain');
  return [...others, { ...classes[0]!, outputs: classes.length }, drains[0]!];
}

/** @param neurons U; null: as many as lanes */
function leastCycles(needs: PassNeeds, lanes: number, neurons: number | null): number {
  const { outputs, words, rounds, trips, channels } = needs;
  const padded = channels === null || neurons === null ? 1 : (ceilDivide(channels, neurons) * neurons) / channels;
  const events = needs.events * padded;
  const tiles = ceilDivide(outputs, lanes);
  const steps = Math.max(ceilDivide(outputs, neurons ?? lanes), MIN_STEPS * tiles);
  // the last group ends a pass, not the idle steps behind it
  const busy = rounds * trips * steps - MIN_STEPS * trips;
  return LEAST_OVERHEAD + Math.max(tiles * Math.max(events, words), busy);
}

/** Lanes, and neurons if they are known. */
interface OpenGrid {
  readonly lanes: number;
  readonly neurons: number | null;
}

/** Parameters of modules that grow with the grid; the others count as those of one lane and one neuron. */
const BY_GRID: Readonly<Record<string, (grid: OpenGrid) => Readonly<Record<string, number>>>> = {
  smx_event_array: ({ lanes, neurons }) => ({ Lanes: lanes, Neurons: neurons ?? lanes }),
  smx_event_operands: ({ lanes, neurons }) => ({ Lanes: lanes, Neurons: neurons ?? lanes }),
  smx_event_issue: ({ lanes }) => ({ Lanes: lanes }),
  // its logic does not know the lanes
  smx_event_neuron_unit: ({ neurons }) => ({ Lanes: neurons ?? 1, Neurons: neurons ?? 1 }),
  smx_head: ({ neurons }) => ({ Lanes: neurons ?? 1 }),
};
/** Where the states wait depends on the number of groups. */
const WITHOUT_MEMORIES = new Set(['smx_event_neuron_unit']);
/** Memories depend on padding and token block: nothing is known of them. */
const UNBOUNDED = /^u_(spikes|event_rows_\d+|axial_rows|params|tokens|currents|program|pixels|head_bias)$/;
/** Of the instances of one lane and one neuron, widths that a larger grid may have less of. */
const LEAST_WIDTHS: Readonly<Record<string, number>> = {
  ...{ ParamAddrBits: 1, TokenAddrBits: 1, StoreAddrBits: 1, RowBits: 1, GroupNumberBits: 1, GroupBits: 1 },
  ...{ SliceBits: 1, EventRowBits: 2, AxialRowBits: 1, BankBits: 1, StepBits: 1, UnitBits: 1, PassBits: 1 },
  ...{ InnerBits: 1, PaceBits: 1, DigitBits: 1, IndexBits: 1, Banks: 1, PixelInputs: 1, Padding: 0 },
};

/** Whole cells, a rounded sum is not below their sum. */
function floor(cost: Resources): Resources {
  const entries = Object.entries(cost).map(([name, value]) => [name, Math.max(0, Math.floor(value) - 1)]);
  return Object.fromEntries(entries) as unknown as Resources;
}

/** A bound before cycles become times. */
export type CycleBound = Omit<Figures, 'imageMicroseconds' | 'intervalMicroseconds'>;

export interface EventBounds {
  /** Of all plans with lanes in a span; `neurons` if they are fixed. */
  least(lanes: Span, neurons: number | null): CycleBound;
  /** Of all plans of one grid. */
  figures(lanes: number, neurons: number): CycleBound;
  /** Likewise, from the plans at both ends of the token blocks: closer, and a hundred times as much work. */
  closer(lanes: number, neurons: number): CycleBound;
  /** What the clock model may name, at least. */
  readonly clockValues: Readonly<Record<string, number>>;
}

/** Instances that no plan between two others goes below: of every parameter the smaller value. */
function leastInstances(ends: readonly (readonly ModuleInstance[])[]): ModuleInstance[] {
  const [first, ...others] = ends;
  return first!.map((instance) => {
    const same = others.map((end) => end.find(({ name }) => name === instance.name)!);
    const parameters = Object.entries(instance.parameters).map(([name, value]) => {
      return [name, Math.min(value, ...same.map((each) => each.parameters[name]!))] as const;
    });
    return { ...instance, parameters: Object.fromEntries(parameters) };
  });
}

/** Memories whose depth depends on the token block, and with it where they are placed. */
const NEED_BLOCK = new Set(['u_spikes', 'u_currents']);

/** Contents of a table that costs nothing. */
const EMPTY = () => ({ varying: 0, columns: 0, balance: 0, tables: 0 });

/** Costs of instances, by the grid as far as it is known. */
function gridCosts(model: CostModel): (instance: ModuleInstance, open: OpenGrid) => Resources {
  const known = new Map<string, Resources>();
  return (instance, open) => {
    const grid = BY_GRID[instance.module]?.(open) ?? {};
    const parameters = Object.fromEntries(
      Object.entries(instance.parameters).map(([name, value]) => {
        return [name, grid[name] ?? Math.min(value, LEAST_WIDTHS[name] ?? value)];
      }),
    );
    const key = `${instance.name} ${Object.values(parameters).join(' ')}`;
    let cost = known.get(key);
    if (cost === undefined) {
      const { memories, ...all } = moduleCost({ ...instance, parameters }, model);
      const left = WITHOUT_MEMORIES.has(instance.module) ? sumResources(memories.map((each) => each.cost)) : null;
      cost = floor(left === null ? all : subtractResources(all, left));
      known.set(key, cost);
    }
    return cost;
  };
}

/** Resources that no plan between some others of the same grid goes below. */
function leastBetween(network: QuantizedNetwork, model: CostModel, ends: readonly EventPlan[]): Resources {
  const fixed = ends.map((end) => listInstances(network, end).filter(({ name }) => !NEED_BLOCK.has(name)));
  const costs = leastInstances(fixed).map((instance) => {
    const { memories: _, ...cost } = moduleCost(instance, model, instance.image === null ? undefined : EMPTY);
    return floor(cost);
  });
  return sumResources(costs);
}

/**
 * @param rates that cycles follow from; null: at most, if everything spikes.
 * @param blocks token blocks, most tokens first.
 */
export function makeEventBounds(
  network: QuantizedNetwork,
  family: DeviceFamily,
  rates: FiringRates | null,
  blocks: readonly (number | null)[],
): EventBounds {
  const options = completeOptions({ style: 'event', lanes: 1, neurons: 1, tokenBlock: null });
  const template: EventPlan = planEvent(network, options);
  const workOf = (plan: EventPlan): EventWork => (rates === null ? mostWork(plan) : expectedWork(plan, rates));
  const work = workOf(template);
  const needs = joinHead(template.passes.map((pass, i) => needsOf(pass, work.passes[i]!.events, rates !== null)));
  const moved = work.passes.reduce((sum, { events }) => sum + events, 0) * template.formats.weightBits;
  const model = costModelOf(family);
  const all = listInstances(network, template);
  const instances = all.filter(({ name }) => !UNBOUNDED.test(name));
  const streams = streamCycles(network);
  const costOf = gridCosts(model);
  const figuresOf = ({ from, to }: Span, neurons: number | null): CycleBound => {
    const cyclesOf = (pass: PassNeeds): number => leastCycles(pass, to, neurons);
    const sum = (passes: readonly PassNeeds[]): number => passes.reduce((all, pass) => all + cyclesOf(pass), 0);
    const image = Math.floor(sum(needs));
    const pixels = Math.floor(sum(needs.filter(({ source }) => source === 'pixels')));
    return {
      cyclesPerImage: image,
      intervalCycles: pace({ image, pixels, head: 0 }, streams).intervalCycles,
      trafficBits: Math.floor(moved),
      resources: sumResources(instances.map((instance) => costOf(instance, { lanes: from, neurons }))),
    };
  };
  const closer = (lanes: number, neurons: number): CycleBound => {
    const ends = [...new Set([blocks[0]!, blocks.at(-1)!])].map((tokenBlock) => {
      return planEvent(network, completeOptions({ style: 'event', lanes, neurons, tokenBlock }));
    });
    const most = ends[0]!;
    const { cyclesPerImage, intervalCycles } = timingOf(network, most, workOf(most));
    const cycles = { cyclesPerImage: Math.floor(cyclesPerImage), intervalCycles: Math.floor(intervalCycles) };
    return { ...cycles, trafficBits: Math.floor(moved), resources: leastBetween(network, model, ends) };
  };
  return {
    closer,
    clockValues: leastValues(clockValues(all), null),
    least: figuresOf,
    figures: (lanes, neurons) => figuresOf({ from: lanes, to: lanes }, neurons),
  };
}
