/** The plans that a search may choose from. */
import { listLayers, type NetworkConfig, SpikemillError } from '@spikemill/golden-model';
import { ceilDivide } from '../bits.js';
import { unitsOf } from '../plan/cuts.js';
import {
  completeOptions,
  DEFAULT_PLAN,
  LANE_KINDS,
  type LaneKind,
  type LaneStyle,
  PLAN_LIMITS,
  type PlanOptions,
} from '../plan/options.js';
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
  /** Styles of the lanes. */
  readonly styles: readonly LaneStyle[];
  /** How dense lanes sum; tables only in one segment. */
  readonly laneKinds: readonly LaneKind[];
  /** Numbers of segments, or layers at which they begin; those of dense lanes. */
  readonly segments: readonly PlanOptions['segments'][];
  /** Most tokens first: null, all tokens of a stage. */
  readonly tokenBlocks: readonly (number | null)[];
  /** Choices that no search makes. */
  readonly given: GivenOptions;
}

/** Everything but what is searched. */
export type GivenOptions = Omit<PlanOptions, 'style' | 'lanes' | 'inputs' | 'neurons' | 'tokenBlock' | 'segments'>;

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

/** Axial branches that work on lines have no bounds here, nor has a spike array that adds planes, or three terms at a time. */
function checkSearched({ axialInputs = 1, planes = 'own', adders = 'binary' }: Partial<PlanOptions>): void {
  if (planes !== 'own') {
    throw new SpikemillError('PLAN', 'the planner searches plans with a plane array only', {
      where: 'plan.planes',
      expected: 'own',
      actual: planes,
      suggestions: [
        'leave out --planes, and give the plan that is found with it: --plan FOLDER/plan.json --planes shared',
      ],
    });
  }
  if (adders === 'ternary') {
    throw new SpikemillError('PLAN', 'the planner searches plans whose lanes add two terms at a time only', {
      where: 'plan.adders',
      expected: 'binary',
      actual: adders,
      suggestions: [
        'leave out --adders, and give the plan that is found with them: --plan FOLDER/plan.json --adders ternary',
      ],
    });
  }
  if (axialInputs === 1) return;
  throw new SpikemillError('PLAN', 'the planner searches plans whose axial branches use one input of a lane only', {
    where: 'plan.axialInputs',
    expected: '1',
    actual: String(axialInputs),
    suggestions: [
      'use --axial-inputs 1, and give the plan that is found with more: --plan FOLDER/plan.json --axial-inputs N',
    ],
  });
}

/** Token blocks of segmented plans, which have no bound of their own: all, and the largest up to these. */
const SEGMENT_BLOCKS = [16, 4];

export function segmentBlocks(blocks: PlanSpace['tokenBlocks']): (number | null)[] {
  const limits = SEGMENT_BLOCKS.map((most) => blocks.find((block) => block !== null && block <= most));
  return [...new Set([blocks[0]!, ...limits.filter((block) => block !== undefined)])];
}

/** A search cuts the layers into at most so many segments; more are searched if they are asked for. */
const MOST_SEGMENTS = 4;

/** Event-driven lanes have images of weights, one engine, tokens outside of groups, and no inputs to choose. */
function stylesOf(
  anyStyle: boolean,
  { style, inputs, weights, segments, loopOrder, lane, widths = {} }: Partial<PlanOptions>,
): LaneStyle[] {
  if (style !== undefined) return [style];
  if (!anyStyle) return [DEFAULT_PLAN.style];
  const isDense =
    inputs !== undefined ||
    (weights ?? DEFAULT_PLAN.weights) !== DEFAULT_PLAN.weights ||
    (segments ?? 1) !== 1 ||
    (lane ?? DEFAULT_PLAN.lane) !== DEFAULT_PLAN.lane ||
    (loopOrder ?? DEFAULT_PLAN.loopOrder) !== DEFAULT_PLAN.loopOrder ||
    Object.keys(widths).length > 0;
  return isDense ? ['dense'] : ['dense', 'event'];
}

/** Numbers of segments that a network can be cut into; weights from outside have one engine. */
function segmentsOf(
  config: NetworkConfig,
  { segments, weights, style }: Partial<PlanOptions>,
  anySegments: boolean,
): PlanSpace['segments'] {
  if (segments !== undefined) return [segments];
  if (!anySegments || (weights ?? 'image') !== 'image' || style === 'event') return [1];
  const most = Math.min(MOST_SEGMENTS, unitsOf(listLayers(config)).length);
  return Array.from({ length: most }, (_, i) => i + 1);
}

/** Tables keep their weights, which are on chip, in one engine. */
function laneKindsOf({ lane, weights, segments, loopOrder }: Partial<PlanOptions>, anyLane: boolean): LaneKind[] {
  if (lane !== undefined) return [lane];
  const isTree = !anyLane || weights === 'external' || (segments ?? 1) !== 1 || loopOrder === 'token';
  return isTree ? [DEFAULT_PLAN.lane] : [...LANE_KINDS];
}

/**
 * Every plan that agrees with the choices that are already made.
 *
 * @param open look at all styles, at several segments, at tables, too; else dense lanes of trees and one engine, unless
 *   `fixed` says otherwise.
 * @throws SpikemillError USAGE or PLAN for a choice that cannot be built.
 */
export function makeSpace(
  config: NetworkConfig,
  fixed: Partial<PlanOptions> = {},
  open: { readonly styles?: boolean; readonly segments?: boolean; readonly lanes?: boolean } = {},
): PlanSpace {
  const { lanes, inputs, neurons, tokenBlock } = fixed;
  checkSearched(fixed);
  const complete = completeOptions({ ...fixed, lanes: lanes ?? neurons ?? 1 });
  const { weights, widths, loopOrder, weightBus, lane } = complete;
  const span = (value: number | undefined, to: number): Span => ({ from: value ?? 1, to: value ?? to });
  return {
    styles: stylesOf(open.styles ?? false, fixed),
    laneKinds: laneKindsOf(fixed, open.lanes ?? false),
    segments: segmentsOf(config, fixed, open.segments ?? false),
    lanes: span(lanes, PLAN_LIMITS.lanes),
    inputs: span(inputs, PLAN_LIMITS.inputs),
    neurons: neurons ?? null,
    tokenBlocks: tokenBlock === undefined ? tokenBlocksOf(config) : [tokenBlock],
    given: { weights, widths, loopOrder, weightBus, lane },
  };
}

/** Numbers of neurons for some lanes, most first. */
export function neuronsOf(lanes: number, { neurons }: PlanSpace): number[] {
  if (neurons !== null) return lanes % neurons === 0 ? [neurons] : [];
  return Array.from({ length: lanes }, (_, i) => lanes - i).filter((divisor) => lanes % divisor === 0);
}

/** Halves of a span in the measure of ratios, in which costs and cycles move. */
export function halves({ from, to }: Span): Span[] {
  const middle = Math.min(to - 1, Math.floor(Math.sqrt(from * (to + 1))));
  return [
    { from, to: middle },
    { from: middle + 1, to },
  ];
}

export function spanLength({ from, to }: Span): number {
  return to - from + 1;
}

/** Plans with these lanes and inputs, of one style and number of segments. */
export function countPlans(lanes: Span, inputs: Span, space: PlanSpace): number {
  return countGrids(lanes, space) * spanLength(inputs) * space.tokenBlocks.length;
}

/** Pairs of lanes and neurons. */
export function countGrids(lanes: Span, space: PlanSpace): number {
  let pairs = 0;
  for (let each = lanes.from; each <= lanes.to; each++) pairs += divisorCount(each, space);
  return pairs;
}

const divisorCounts = new Map<number, number>();

function divisorCount(lanes: number, space: PlanSpace): number {
  if (space.neurons !== null) return lanes % space.neurons === 0 ? 1 : 0;
  const count = divisorCounts.get(lanes) ?? neuronsOf(lanes, space).length;
  divisorCounts.set(lanes, count);
  return count;
}
