/** The plan that flags, files and builds ask for together, and flags that would have no effect. */
import { SpikemillError } from '@spikemill/golden-model';
import { DEFAULT_PLAN, type PlanOptions } from '@spikemill/hdl-gen';
import { type PlanFlagValues, readPlanFlags } from './plan-flags.js';

/** What oclif has parsed, in the order of the command line. */
export interface ParsedFlags {
  readonly flags: PlanFlagValues;
  readonly raw: readonly { readonly type: string; readonly flag?: string }[];
}

/** Flags of the command line; those out of the environment and the configuration file are not among them. */
export function typedFlags({ raw }: Pick<ParsedFlags, 'raw'>): ReadonlySet<string> {
  return new Set(raw.flatMap(({ type, flag }) => (type === 'flag' && flag !== undefined ? [flag] : [])));
}

function refuse(message: string, flag: string, expected: string, actual: string, other: string): SpikemillError {
  return new SpikemillError('USAGE', message, {
    where: flag,
    expected,
    actual,
    suggestions: [`leave out ${flag}`, other],
  });
}

/** Flags that the others leave without a meaning. */
function checkTyped(typed: ReadonlySet<string>, choice: Partial<PlanOptions>): void {
  const { style, weights = DEFAULT_PLAN.weights, inputs } = choice;
  if (style === 'event' && typed.has('inputs')) {
    const message = 'event-driven lanes take one spike a cycle: there are no inputs to choose';
    throw refuse(message, '--inputs', 'none', String(inputs), 'use --style dense');
  }
  if (typed.has('weight-bus') && weights !== 'external') {
    const message = 'only weights in external memory come over a bus';
    throw refuse(
      message,
      '--weight-bus',
      '--weights external beside it',
      `weights: ${weights}`,
      'add --weights external',
    );
  }
}

/** Of the plan below the flags, what is still meant: inputs are those of dense lanes, an order that of its weights. */
function stillMeant(base: Partial<PlanOptions>, given: Partial<PlanOptions>): Partial<PlanOptions> {
  const { inputs, loopOrder, ...rest } = base;
  const isEvent = (given.style ?? base.style) === 'event';
  const needsGroups = given.weights === 'external' || given.lane === 'table';
  return {
    ...rest,
    ...(isEvent || inputs === undefined ? {} : { inputs }),
    ...(loopOrder === undefined || (needsGroups && loopOrder === 'token') ? {} : { loopOrder }),
  };
}

/**
 * Flags over a plan that is written down.
 *
 * @param base of a build or a plan file, or nothing.
 * @throws SpikemillError USAGE for a flag on the command line that would have no effect.
 */
export function choosePlan({ flags, raw }: ParsedFlags, base: Partial<PlanOptions> = {}): Partial<PlanOptions> {
  const given = readPlanFlags(flags);
  const typed = typedFlags({ raw });
  checkTyped(typed, { ...base, ...given });
  const isEvent = (given.style ?? base.style) === 'event';
  const { inputs, ...others } = given;
  return { ...stillMeant(base, given), ...others, ...(isEvent || inputs === undefined ? {} : { inputs }) };
}
