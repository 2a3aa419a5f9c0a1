/** Flags that widen a search, and what leaves them without effect. */
import type { Device } from '@spikemill/constraints';
import { SpikemillError } from '@spikemill/golden-model';
import { lanesFor, type PlanOptions, type PlanSpace } from '@spikemill/hdl-gen';
import { type PlanSources, sourceOf } from '@spikemill/plugin-core';

/** With --fit: look at several segments, or at lanes of tables, too. */
export const ANY = 'any';

export interface Widening {
  readonly segments: boolean;
  readonly lanes: boolean;
  readonly images: boolean;
}

/** A choice, and why it leaves nothing to search. */
interface Reason {
  readonly field: keyof PlanOptions;
  readonly why: string;
}

const EVENT_DRIVEN: Reason = { field: 'style', why: 'event-driven lanes are built in one way, into one engine' };

function isCut({ segments = 1 }: Partial<PlanOptions>): boolean {
  return segments !== 1;
}

function whyOneSegment({ style, weights = 'image', lane }: Partial<PlanOptions>): Reason | null {
  if (style === 'event') return EVENT_DRIVEN;
  if (weights !== 'image') return { field: 'weights', why: 'weights from outside are for one engine' };
  return lane === 'table' ? { field: 'lane', why: 'lanes of tables are built into one engine' } : null;
}

function whyTrees(choice: Partial<PlanOptions>): Reason | null {
  if (choice.style === 'event') return EVENT_DRIVEN;
  if (choice.weights === 'external') return { field: 'weights', why: 'tables are filled from weights on chip' };
  if (isCut(choice)) return { field: 'segments', why: 'lanes of tables are built into one engine' };
  return choice.loopOrder === 'token' ? { field: 'loopOrder', why: 'tables need group order' } : null;
}

/** Event-driven lanes have no choice of these. */
function whyDense(choice: Partial<PlanOptions>): Reason | null {
  const { style, inputs, weights = 'image', lane, loopOrder } = choice;
  const why = 'rates give the cycles of event-driven plans, and this makes all plans dense';
  if (style === 'dense') return { field: 'style', why };
  if (inputs !== undefined) return { field: 'inputs', why };
  if (weights !== 'image') return { field: 'weights', why };
  if (isCut(choice)) return { field: 'segments', why };
  if (lane === 'table') return { field: 'lane', why };
  return loopOrder === 'group' ? { field: 'loopOrder', why } : null;
}

function refuse(flag: string, why: string, expected: string, actual: string, suggestion: string): SpikemillError {
  return new SpikemillError('USAGE', `${flag} has no effect: ${why}`, {
    where: flag,
    expected,
    actual,
    suggestions: [`leave out ${flag}`, suggestion],
  });
}

function refuseFor(flag: string, reason: Reason, choice: Partial<PlanOptions>, sources: PlanSources): SpikemillError {
  const { name, advice } = sourceOf(reason.field, choice[reason.field], sources);
  return refuse(flag, reason.why, `${reason.field} left open`, name, advice);
}

/** What only a search can choose. @param flag `--segments`, say */
export function anyWithoutFit(flag: string): SpikemillError {
  return new SpikemillError('USAGE', `${flag} any has no effect without --fit`, {
    where: flag,
    expected: '--fit beside it',
    suggestions: ['add --fit DEVICE', `leave out ${flag}`],
  });
}

/** A plan file without what is to be searched: flags go before it. */
export function withoutSearched(
  { segments, lane, loopOrder, ...rest }: Partial<PlanOptions>,
  wide: Pick<Widening, 'segments' | 'lanes'>,
): Partial<PlanOptions> {
  const kept = {
    segments: wide.segments ? undefined : segments,
    lane: wide.lanes ? undefined : lane,
    // token order is that of trees, and of every plan file that has them
    loopOrder: wide.lanes && loopOrder === 'token' ? undefined : loopOrder,
  };
  return { ...rest, ...Object.fromEntries(Object.entries(kept).filter(([, value]) => value !== undefined)) };
}

/**
 * @param choice what is fixed.
 * @param space what is left to search.
 * @throws SpikemillError USAGE for a flag that leaves one choice all the same.
 */
export function checkWidening(
  wide: Widening,
  choice: Partial<PlanOptions>,
  space: PlanSpace,
  device: Device,
  sources: PlanSources,
): void {
  if (wide.segments) {
    const reason = whyOneSegment(choice);
    if (reason !== null) throw refuseFor('--segments any', reason, choice, sources);
  }
  if (wide.images && !space.styles.includes('event')) {
    const reason = whyDense(choice);
    if (reason !== null) throw refuseFor('--images', reason, choice, sources);
    const why = 'rates give the cycles of event-driven plans, whose weights are not loaded';
    throw refuse('--images', why, 'no --also', '--also', 'leave out --also');
  }
  if (!wide.lanes) return;
  const reason = whyTrees(choice);
  if (reason !== null) throw refuseFor('--lane any', reason, choice, sources);
  if (lanesFor(space, device).length > 1) return;
  const why = `${device.name} has no LUT RAM that is priced for tables`;
  throw refuse('--lane any', why, '7 series or UltraScale+', device.family, 'use a --fit of those families');
}
