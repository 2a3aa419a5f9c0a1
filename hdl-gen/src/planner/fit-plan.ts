/** fitPlan(): the best plan of a network for a device, with what binds it, what the next step needs, or what to relax. */
import type { Device } from '@spikemill/constraints';
import type { QuantizedNetwork } from '@spikemill/golden-model';
import { SpikemillError } from '@spikemill/golden-model';
import { type ClockEstimate, estimateClock } from '../clock/clock-model.js';
import { doubtClock } from '../cost/estimate.js';
import { type Fit, fitDevice } from '../cost/fit.js';
import { streamCycles, type Timing } from '../cost/timing.js';
import { settledStalls } from '../cost/weight-timing.js';
import { planDesign } from '../design.js';
import type { FiringRates } from '../event/expected-cycles.js';
import type { PlanOptions } from '../plan/options.js';
import type { Figures } from './figures.js';
import { deviceLimits, FRAME_RATE_LIMIT, type Goal, intervalLimit, type Limit, largestShare } from './goal.js';
import { makePlanClock, type PlanClock } from './plan-clock.js';
import { type PlanCandidate, planSets } from './plan-sets.js';
import { type Found, type SearchOutcome, type SearchProgress, type SearchStatistics, search } from './search.js';
import { makeSpace, type PlanSpace } from './space.js';

/** What a plan is best in; the other figures decide between equals. */
export type Objective = 'latency' | 'lut' | 'energy';

export interface FitRequest {
  readonly device: Device;
  /** Plans to choose from; default: all that can be built, see makeSpace(). */
  readonly space?: PlanSpace;
  /** Of the network, for the cycles of event-driven plans; default: at most, if everything spikes. */
  readonly rates?: FiringRates;
  /** Images back to back; at least so many a second. */
  readonly framesPerSecond?: number;
  /** For all plans. Default: what the clock model says of each or, where there is none, the record of the device. */
  readonly megahertz?: number;
  /** Share of the cells for logic that a plan may take, 0..1. */
  readonly logicShare?: number;
  /** Most sets of each search that only says what else there would be; default: REMARK_SETS. */
  readonly remarkSets?: number;
  /** Default: latency, or lut if a frame rate is asked for. */
  readonly objective?: Objective;
}

/** A limit: the most cells, or for `frames/s` the least frames a second. */
export interface LimitValue {
  readonly limit: string;
  readonly available: number;
}

/** A limit, and how much of it a plan takes, or for `frames/s` gives. */
export interface LimitUse extends LimitValue {
  readonly used: number;
}

export interface PlanFigures {
  readonly options: PlanOptions;
  /** Without those that it waits for weights. */
  readonly cyclesPerImage: number;
  /** That an image waits for weights of external memory, one of TYPICAL_MEMORY, images back to back. */
  readonly stallCycles: number;
  /** How cycles and frames/s are known. */
  readonly cyclesBasis: Timing['basis'];
  /** Bits that memories read and write for an image. */
  readonly trafficBits: number;
  /** What `estimate` counts with, too, and how it is known. */
  readonly clock: ClockEstimate;
  /** Images back to back at the clock, with what they wait. */
  readonly framesPerSecond: number;
  readonly fit: Fit;
  readonly limits: readonly LimitUse[];
}

/** A plan that does not keep to the limits, and by how much. */
export interface BeyondLimits extends PlanFigures {
  readonly exceeded: readonly LimitUse[];
}

/**
 * How far beyond a limit plans are looked for. Further ones are of little use, and most of the space lies there: a plan
 * with thousands of adders has its weights in cells, and no bound says how many.
 */
export const RELAXED_FACTOR = 4;

/**
 * Sets that each search looks at, at most, that only says what else there would be: for small networks all that there are,
 * for large ones some minutes. A number, not a time, so that every machine says the same.
 */
export const REMARK_SETS = 20_000;

/** What happens if one limit is moved, up to RELAXED_FACTOR times the device or any frame rate, and all others stay. */
export interface Relaxation {
  /** Name of the limit, or `all of the device`. */
  readonly limit: string;
  /** The plan that needs least of it; null: the other limits cannot be kept even so. */
  readonly plan: BeyondLimits | null;
  /** false: the search for it ended after REMARK_SETS sets, so that there may be a better plan, or one at all. */
  readonly isComplete: boolean;
}

export interface FitResult {
  readonly device: string;
  /** Why the clock that was given is not plausible; null: it is, or none was given. */
  readonly clockDoubt: string | null;
  readonly objective: Objective;
  /** null: no plan of the space keeps to all limits. */
  readonly chosen: PlanFigures | null;
  readonly limits: readonly LimitValue[];
  /** The faster plan that needs the smallest device; null: there is none within RELAXED_FACTOR times the device. */
  readonly nextStep: BeyondLimits | null;
  /** false: the search for it ended after REMARK_SETS sets, so that there may be one for a smaller device, or one at all. */
  readonly isNextStepComplete: boolean;
  /** Empty if a plan was chosen. */
  readonly relaxations: readonly Relaxation[];
  /** Of the search for the plan. */
  readonly statistics: SearchStatistics;
}

/** Where a search is: which of the searches, and how far. */
export interface FitProgress extends SearchProgress {
  readonly goal: string;
}

type Fitting<T> = Generator<FitProgress, T>;

interface Context {
  readonly network: QuantizedNetwork;
  readonly request: FitRequest;
  readonly clock: PlanClock;
  readonly root: PlanCandidate;
  /** Of the device, and of the frame rate if one is asked for. */
  readonly deviceLimits: readonly Limit[];
  readonly rateLimit: Limit | null;
}

function* run(root: PlanCandidate, goal: Goal, label: string, mostSets?: number): Fitting<SearchOutcome<PlanOptions>> {
  const steps = search(root, goal, mostSets);
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
    yield { ...step.value, goal: label };
  }
}

/** The scarcest cells of a device: what `lut` counts. */
function logicOf({ limits }: { readonly limits: readonly Limit[] }, figures: Figures): number {
  return limits[0]!.used(figures);
}

function scoreOf(objective: Objective, limits: readonly Limit[]): Goal['score'] {
  const logic = (figures: Figures): number => logicOf({ limits }, figures);
  const rest = ({ resources: { blockRam, ff } }: Figures): number[] => [blockRam, ff];
  const scores: Readonly<Record<Objective, Goal['score']>> = {
    latency: (figures) => [figures.imageMicroseconds, logic(figures), ...rest(figures)],
    // of the energy that a model knows before a simulation, all is in what memories move
    energy: (figures) => [figures.trafficBits, figures.imageMicroseconds, logic(figures), ...rest(figures)],
    lut: (figures) => [logic(figures), figures.imageMicroseconds, ...rest(figures)],
  };
  return scores[objective];
}

/** Images a second, so many microseconds apart. */
function rateOf(microseconds: number): number {
  return 1e6 / microseconds;
}

const AT_MOST = 'closed form, at most';
const BY_RATES = 'firing rates, mean';

function figuresOf(context: Context, { plan, figures }: Found<PlanOptions>): PlanFigures {
  const { network, request } = context;
  const { intervalCycles, trafficBits, resources } = figures;
  const planned = planDesign(network, plan);
  const stallCycles = planned.style === 'dense' ? settledStalls(planned) : 0;
  const cyclesPerImage = figures.cyclesPerImage - stallCycles;
  const fit = fitDevice(resources, request.device);
  const limits = limitsOf(context).map((limit) => useOf(limit, figures));
  const clock = context.clock.of(network, planned, resources.lut);
  const framesPerSecond = (clock.megahertz * 1e6) / intervalCycles;
  const cyclesBasis = plan.style === 'dense' ? 'closed form' : request.rates === undefined ? AT_MOST : BY_RATES;
  const cycles = { cyclesPerImage, stallCycles, cyclesBasis } as const;
  return { options: plan, ...cycles, trafficBits, clock, framesPerSecond, fit, limits };
}

/** Times become a rate. */
function amountOf({ name }: Limit, amount: number): number {
  return name === FRAME_RATE_LIMIT ? rateOf(amount) : amount;
}

function limitValue(limit: Limit): LimitValue {
  return { limit: limit.name, available: amountOf(limit, limit.available) };
}

function useOf(limit: Limit, figures: Figures): LimitUse {
  return { ...limitValue(limit), used: amountOf(limit, limit.used(figures)) };
}

function limitsOf({ deviceLimits, rateLimit }: Context): readonly Limit[] {
  return rateLimit === null ? deviceLimits : [...deviceLimits, rateLimit];
}

function beyond(context: Context, found: Found<PlanOptions>): BeyondLimits {
  const exceeded = limitsOf(context).filter((limit) => limit.used(found.figures) > limit.available);
  return { ...figuresOf(context, found), exceeded: exceeded.map((limit) => useOf(limit, found.figures)) };
}

type Remark = Pick<Relaxation, 'plan' | 'isComplete'>;

/** The plan that needs the smallest device of this kind, under some limits. */
function* smallest(context: Context, limits: readonly Limit[], label: string): Fitting<Remark> {
  const { root, deviceLimits } = context;
  const score = (figures: Figures): number[] => [largestShare(deviceLimits, figures), figures.intervalMicroseconds];
  const { best, isComplete } = yield* run(root, { limits, score }, label, context.request.remarkSets ?? REMARK_SETS);
  return { plan: best === null ? null : beyond(context, best), isComplete };
}

function scaled(limit: Limit, factor: number): Limit {
  return { ...limit, available: factor * limit.available };
}

/** The plan that exceeds one limit least and keeps to the others. */
function* withoutLimit(context: Context, limit: Limit): Fitting<Relaxation> {
  const isRate = limit.name === FRAME_RATE_LIMIT;
  const limits = limitsOf(context).flatMap((other) => {
    if (other !== limit) return [other];
    return isRate ? [] : [scaled(limit, RELAXED_FACTOR)];
  });
  const score = (figures: Figures): number[] => [limit.used(figures), figures.intervalMicroseconds];
  const mostSets = context.request.remarkSets ?? REMARK_SETS;
  const { best, isComplete } = yield* run(
    context.root,
    { limits, score },
    `without the limit of ${limit.name}`,
    mostSets,
  );
  return { limit: limit.name, plan: best === null ? null : beyond(context, best), isComplete };
}

export const WHOLE_DEVICE = 'all of the device';

/** What could be given up, one limit at a time; the size of the device as a whole where no single limit is enough. */
function* relax(context: Context): Fitting<Relaxation[]> {
  const relaxations: Relaxation[] = [];
  for (const limit of limitsOf(context)) relaxations.push(yield* withoutLimit(context, limit));
  if (relaxations.some(({ plan }) => plan !== null)) return relaxations;
  const { rateLimit } = context;
  const remark = yield* smallest(context, rateLimit === null ? [] : [rateLimit], 'the smallest device');
  return [...relaxations, { limit: WHOLE_DEVICE, ...remark }];
}

function checkRequest({ framesPerSecond, logicShare, megahertz }: FitRequest): void {
  const isPositive = (value: number): boolean => Number.isFinite(value) && value > 0;
  const refuse = (where: string, expected: string, actual: number): never => {
    const suggestions = [`leave out ${where}`];
    throw new SpikemillError('USAGE', 'this cannot be asked of a plan', {
      ...{ where, expected, actual: String(actual), suggestions },
    });
  };
  if (megahertz !== undefined && !isPositive(megahertz)) refuse('--clock', 'MHz, a number above 0', megahertz);
  if (logicShare !== undefined && !(logicShare > 0 && logicShare <= 1)) {
    refuse('--max-lut', 'above 0, up to 100 %', 100 * logicShare);
  }
  if (framesPerSecond !== undefined && !isPositive(framesPerSecond)) {
    refuse('--fps', 'a number above 0', framesPerSecond);
  }
}

/** @param megahertz of the fastest plan. */
function checkRate(network: QuantizedNetwork, framesPerSecond: number, megahertz: number): void {
  const { inputCycles } = streamCycles(network);
  const least = (framesPerSecond * inputCycles) / 1e6;
  if (megahertz >= least) return;
  throw new SpikemillError('PLAN', 'no accelerator reaches this frame rate: its images alone take longer to arrive', {
    where: '--fps',
    expected: `at most ${Math.floor((megahertz * 1e6) / inputCycles)} frames/s: ${inputCycles} pixels, one a cycle, at ${megahertz} MHz`,
    actual: `${framesPerSecond} frames/s`,
    suggestions: [`use a clock of at least ${Math.ceil(least)} MHz`, 'ask for fewer --fps'],
  });
}

/** Times of other plans are quotients of whole numbers, which differ by more. */
function justBelow(microseconds: number): number {
  return microseconds * (1 - 4 * Number.EPSILON);
}

/** A clock that is given against what the plan would be expected to reach. */
function doubtOf({ network, request }: Context, { plan, figures }: Found<PlanOptions>): string | null {
  const { device, megahertz } = request;
  if (megahertz === undefined) return null;
  const expected = estimateClock(network, planDesign(network, plan), device, figures.resources.lut);
  return doubtClock(megahertz, device, expected);
}

/**
 * The best plan for a device, by an exact search over styles, segments, lanes, inputs, neurons and token blocks. A
 * generator, so that the caller can show progress and stop; it returns the result. Pure but for its time.
 *
 * @throws SpikemillError USAGE for a number out of range, PLAN for a frame rate that no plan reaches.
 */
export function* fitPlan(network: QuantizedNetwork, request: FitRequest): Fitting<FitResult> {
  const { device, framesPerSecond, megahertz, space = makeSpace(network.config) } = request;
  checkRequest(request);
  const clock = makePlanClock(device, megahertz);
  if (framesPerSecond !== undefined) checkRate(network, framesPerSecond, clock.fastest(network, space.styles));
  const rateLimit = framesPerSecond === undefined ? null : intervalLimit(1e6 / framesPerSecond);
  const root = planSets(network, device, space, clock, request.rates ?? null);
  const limits = deviceLimits(device, request.logicShare);
  const context: Context = { network, request, clock, root, deviceLimits: limits, rateLimit };
  const objective = request.objective ?? (rateLimit === null ? 'latency' : 'lut');
  const goal = { limits: limitsOf(context), score: scoreOf(objective, limits) };
  const { best, statistics } = yield* run(root, goal, 'the plan');
  const available = goal.limits.map((limit) => limitValue(limit));
  const common = { device: device.name, objective, limits: available, statistics };
  if (best === null) {
    const relaxations = yield* relax(context);
    const next = { nextStep: null, isNextStepComplete: true };
    return { ...common, clockDoubt: null, chosen: null, ...next, relaxations };
  }
  const larger = limits.map((limit) => scaled(limit, RELAXED_FACTOR));
  const faster = intervalLimit(justBelow(best.figures.intervalMicroseconds));
  const { plan: nextStep, isComplete } = yield* smallest(context, [faster, ...larger], 'the next step');
  return {
    ...common,
    clockDoubt: doubtOf(context, best),
    chosen: figuresOf(context, best),
    nextStep,
    isNextStepComplete: isComplete,
    relaxations: [],
  };
}

/** Runs a search to its end. */
export function settle<T>(steps: Generator<unknown, T>): T {
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
}
