/** What a search for a plan found, in sentences. */
import { SpikemillError } from '@spikemill/golden-model';
import {
  type BeyondLimits,
  type FitResult,
  FRAME_RATE_LIMIT,
  type LimitUse,
  type LimitValue,
  optionalFlags,
  type PlanFigures,
  type PlanOptions,
  paceShares,
  RELAXED_FACTOR,
  REMARK_SETS,
  type Relaxation,
  type TileBinding,
  type Utilisation,
} from '@spikemill/hdl-gen';
import { formatCount, formatCounted, formatPercent } from '@spikemill/plugin-core';

const DIGITS = 1;

/** `--style event --lanes 48 --neurons 8 ...`, or `--lanes 8 --inputs 4 --neurons 4 --token-block all`: the flags that choose a plan. */
export function planFlags(options: PlanOptions): string {
  const { style, lanes, inputs, neurons, tokenBlock, weights, loopOrder, weightBus, segments, lane } = options;
  const width = style === 'event' ? `--style event --lanes ${lanes}` : `--lanes ${lanes} --inputs ${inputs}`;
  const cut = segments === 1 ? '' : ` --segments ${segments}`;
  const grid = `${width} --neurons ${neurons} --token-block ${tokenBlock ?? 'all'}${cut}${optionalFlags(options)}`;
  if (weights === 'external') return `${grid} --weights external --weight-bus ${weightBus}`;
  const order = lane === 'table' ? ' --lane table' : loopOrder === 'token' ? '' : ` --loop-order ${loopOrder}`;
  return weights === 'image' ? grid + order : `${grid}${order} --weights ${weights}`;
}

/** `block RAM 28 of 32 (87.5 %)`; `frames/s 1,204 of at least 1,000`. */
export function describeLimit({ limit, used, available }: LimitUse): string {
  if (limit === FRAME_RATE_LIMIT)
    return `${limit} ${formatCount(Math.floor(used))} of at least ${formatCount(available)}`;
  return `${limit} ${formatCount(used)} of ${formatCount(available)} (${formatPercent(used / available, DIGITS)})`;
}

function describeValue({ limit, available }: LimitValue): string {
  const most = limit === FRAME_RATE_LIMIT ? 'at least' : 'at most';
  return `${most} ${formatCount(available)} ${limit}`;
}

/** Cycles of event-driven lanes depend on what spikes: whether they are those at most, or by measured rates. */
function describePlan(plan: PlanFigures): string {
  const { options, cyclesPerImage, stallCycles, cyclesBasis, clock, framesPerSecond } = plan;
  const cycles = formatCount(Math.round(cyclesPerImage));
  const basis = cyclesBasis === 'closed form' ? '' : ` (${cyclesBasis})`;
  const waits = stallCycles === 0 ? '' : ` and ${formatCount(stallCycles)} of waiting for weights`;
  const rate = `${cycles} cycles${basis}${waits}, ${formatCount(framesPerSecond)} frames/s at ${clock.megahertz} MHz`;
  return `${planFlags(options)}: ${rate}`;
}

function describeBeyond(plan: BeyondLimits): string {
  const needs = plan.exceeded.map(describeLimit).join(', ');
  return `${describePlan(plan)}, ${needs === '' ? 'and keeps to all limits' : `and takes ${needs}`}`;
}

const PACES: Readonly<Record<TileBinding, string>> = {
  operands: 'the lanes with their inputs',
  neurons: 'the neuron unit',
  head: 'the head',
};

/** Sets that were left out, and why. */
function describeSearch({ statistics }: FitResult): string {
  const { plans, estimated, bounded, excluded, outscored, isProven } = statistics;
  const reasons = Object.entries(excluded).sort(([, a], [, b]) => b - a);
  const left = reasons.map(([limit, number]) => `${formatCount(number)} by ${limit}`);
  if (outscored > 0) left.push(`${formatCount(outscored)} as no better`);
  const found = `${formatCount(estimated)} of ${formatCounted(plans, 'plan')} estimated in full`;
  const proof = isProven
    ? 'bounds leave out the others'
    : 'some estimate was below its bound, so a better plan may be among the others';
  return `${found}; ${proof}: ${left.join(', ') || 'none'} (${formatCounted(bounded, 'set')} looked at)`;
}

const CUT = `searched no further than ${formatCount(REMARK_SETS)} sets of plans`;

function describeNext({ nextStep, isNextStepComplete }: FitResult): string {
  if (nextStep !== null) return `${describeBeyond(nextStep)}${isNextStepComplete ? '' : ` (${CUT})`}`;
  const none = `no faster plan, nor on a device of ${RELAXED_FACTOR} times the size`;
  return isNextStepComplete ? none : `no faster plan found; ${CUT}`;
}

/** Lines about the plan that was chosen. @param use of its lanes */
export function explainFit(result: FitResult, use: Pick<Utilisation, 'layers'>): string[] {
  const { chosen, device, objective } = result;
  const limits = [...chosen!.limits].sort((a, b) => b.used / b.available - a.used / a.available);
  const paces = paceShares(use).map(({ binding, share }) => {
    return `${PACES[binding]} ${formatPercent(share, DIGITS)} of the cycles`;
  });
  return [
    `chosen  ${describePlan(chosen!)}`,
    `clock   ${chosen!.clock.basis}`,
    `        best in ${objective} on ${device}; cells are analytic, not synthesized`,
    `uses    ${limits.map(describeLimit).join(', ')}`,
    `binds   ${paces.join(', ')}`,
    `next    ${describeNext(result)}`,
    `search  ${describeSearch(result)}`,
  ];
}

function describeRelaxation({ limit, plan, isComplete }: Relaxation): string {
  const cut = isComplete ? '' : ` (${CUT})`;
  if (plan !== null) return `without the limit of ${limit}: ${describeBeyond(plan)}${cut}`;
  if (!isComplete) return `without the limit of ${limit}: no plan found${cut}`;
  const amount = limit === FRAME_RATE_LIMIT ? `fewer ${limit}` : `${RELAXED_FACTOR} times as many ${limit}`;
  return `not ${amount} alone: there would still be no plan`;
}

/** The error of a search that found no plan; its suggestions say how far each limit would have to go. */
export function noPlanError({ device, limits, relaxations, statistics }: FitResult): SpikemillError {
  const helping = relaxations.filter(({ plan }) => plan !== null);
  const others = relaxations.filter(({ plan }) => plan === null);
  return new SpikemillError('PLAN', `no plan of this network keeps to the limits on ${device}`, {
    where: '--fit',
    expected: limits.map(describeValue).join(', '),
    actual: `none of ${formatCounted(statistics.plans, 'plan')}; the search is exact`,
    suggestions: [...helping, ...others].map(describeRelaxation),
  });
}
