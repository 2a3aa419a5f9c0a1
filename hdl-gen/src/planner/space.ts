/** The plans that a search may choose from. */
import { type NetworkConfig, SpikemillError } from '@spikemill/golden-model';
import { ceilDivide } from '../bits.js';
import { completeOptions, PLAN_LIMITS, type PlanOptions } from '../plan/options.js';
import { tokenCounts } from './folds.js';

/** Whole numbers from..to. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

export interface PlanSpace {
  readonly lanes: Span;
  readonly inputs: Span;
  /** Only this number of neurons, where it divides the lanes; null: every divisor of the lanes. */
  readonly neurons: number | null;
  /** Most tokens first: null, all tokens of a stage. */
  readonly tokenBlocks: readonly (number | null)[];
  /** Choices that no search makes. */
  readonly given: GivenOptions;
}

/** Everything but what is searched. */
export type GivenOptions = Omit<PlanOptions, 'lanes' | 'inputs' | 'neurons' | 'tokenBlock'>;

/**
 * Token blocks that differ in the passes of some stage, and of those with equal passes the one of fewest tokens, which
 * needs the least memory: `null`, then for 4 tokens 2 and 1.
 */
export function tokenBlocksOf(config: NetworkConfig): (number | null)[] {
  const most = Math.max(...tokenCounts(config));
  const blocks = new Set<number>();
  for (const tokens of tokenCounts(config)) {
    for (let passes = 1; passes <= tokens; passes++) blocks.add(ceilDivide(tokens, passes));
  }
  blocks.delete(most);
  return [null, ...[...blocks].sort((a, b) => b - a)];
}

/** Cycles and cells of the event-driven style have no bounds here: they depend on what spikes. */
function checkSearched({
  style = 'dense',
  segments = 1,
  weights = 'image',
  lane = 'tree',
}: Partial<PlanOptions>): void {
  if (segments !== 1) {
    throw new SpikemillError('PLAN', 'the planner searches plans of one engine only', {
      where: 'plan.segments',
      expected: '1',
      actual: JSON.stringify(segments),
    });
  }
  if (weights === 'external') {
    throw new SpikemillError('PLAN', 'the planner searches plans with all weights on chip only', {
      where: 'plan.weights',
      expected: 'image or stream',
      actual: weights,
      suggestions: ['choose lanes, inputs, neurons and token block yourself, and compare them with estimate'],
    });
  }
  if (lane !== 'tree') {
    throw new SpikemillError('PLAN', 'the planner searches lanes of trees only', {
      where: 'plan.lane',
      expected: 'tree',
      actual: lane,
      suggestions: ['choose lanes, inputs, neurons and token block yourself, and compare estimates'],
    });
  }
  if (style === 'dense') return;
  throw new SpikemillError('PLAN', 'the planner searches plans of dense lanes only', {
    where: 'plan.style',
    expected: 'dense',
    actual: style,
    suggestions: ['choose lanes, neurons and token block yourself, and compare the cycles of a simulation'],
  });
}

/**
 * Every plan that agrees with the choices that are already made.
 *
 * @throws SpikemillError USAGE or PLAN for a choice that cannot be built.
 */
export function makeSpace(config: NetworkConfig, fixed: Partial<PlanOptions> = {}): PlanSpace {
  const { lanes, inputs, neurons, tokenBlock } = fixed;
  checkSearched(fixed);
  const complete = completeOptions({ ...fixed, lanes: lanes ?? neurons ?? 1 });
  const { lanes: _lanes, inputs: _inputs, neurons: _neurons, tokenBlock: _tokenBlock, ...given } = complete;
  const span = (value: number | undefined, to: number): Span => ({ from: value ?? 1, to: value ?? to });
  return {
    lanes: span(lanes, PLAN_LIMITS.lanes),
    inputs: span(inputs, PLAN_LIMITS.inputs),
    neurons: neurons ?? null,
    tokenBlocks: tokenBlock === undefined ? tokenBlocksOf(config) : [tokenBlock],
    given,
  };
}

/** Numbers of neurons for some lanes, most first. */
export function neuronsOf(lanes: number, { neurons }: PlanSpace): number[] {
  if (neurons !== null) return lanes % neurons === 0 ? [neurons] : [];
  return Array.from({ length: lanes }, (_, i) => lanes - i).filter((divisor) => lanes % divisor === 0);
}

export function spanLength({ from, to }: Span): number {
  return to - from + 1;
}

/** Plans with these lanes and inputs. */
export function countPlans(lanes: Span, inputs: Span, space: PlanSpace): number {
  let pairs = 0;
  for (let each = lanes.from; each <= lanes.to; each++) pairs += divisorCount(each, space);
  return pairs * spanLength(inputs) * space.tokenBlocks.length;
}

const divisorCounts = new Map<number, number>();

function divisorCount(lanes: number, space: PlanSpace): number {
  if (space.neurons !== null) return lanes % space.neurons === 0 ? 1 : 0;
  const count = divisorCounts.get(lanes) ?? neuronsOf(lanes, space).length;
  divisorCounts.set(lanes, count);
  return count;
}
