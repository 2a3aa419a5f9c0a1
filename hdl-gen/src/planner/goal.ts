/** What a plan must keep to, and what makes it better than another. */
import type { Device } from '@spikemill/constraints';
import { deviceResources } from '../cost/fit.js';
import type { Figures } from './figures.js';

/** A figure and the most that it may be; the figure does not decrease when any of a plan's figures grows. */
export interface Limit {
  /** `LUT`, `block RAM`, ...; `frames/s` for the distance of images, which is counted in microseconds. */
  readonly name: string;
  readonly used: (figures: Figures) => number;
  readonly available: number;
}

export interface Goal {
  readonly limits: readonly Limit[];
  /** Less is better, the first number first. No number decreases when any of a plan's figures grows. */
  readonly score: (figures: Figures) => readonly number[];
}

/** Name of the limit that a frame rate sets. */
export const FRAME_RATE_LIMIT = 'frames/s';

export function shareOf({ used, available }: Limit, figures: Figures): number {
  return used(figures) / available;
}

/** The limit that is exceeded most; null: none is. */
export function excess(figures: Figures, { limits }: Pick<Goal, 'limits'>): Limit | null {
  let most: Limit | null = null;
  for (const limit of limits) {
    const share = shareOf(limit, figures);
    if (share > 1 && (most === null || share > shareOf(most, figures))) most = limit;
  }
  return most;
}

export function compareScores(a: readonly number[], b: readonly number[]): number {
  for (let i = 0; i < a.length; i++) {
    if (a[i]! !== b[i]!) return a[i]! - b[i]!;
  }
  return 0;
}

/** @param logicShare of the cells for logic, 0..1, that a plan may take. */
export function deviceLimits(device: Device, logicShare = 1): Limit[] {
  return deviceResources(device).map(({ resource, available, used, isLogic }) => ({
    name: resource,
    used: ({ resources }) => used(resources),
    available: isLogic ? Math.floor(available * logicShare) : available,
  }));
}

/** @param microseconds from an image to the next, at most. */
export function intervalLimit(microseconds: number): Limit {
  return { name: FRAME_RATE_LIMIT, used: ({ intervalMicroseconds }) => intervalMicroseconds, available: microseconds };
}

/** Largest share of a limit: how large a device would have to be, in units of this one. */
export function largestShare(limits: readonly Limit[], figures: Figures): number {
  return Math.max(...limits.map((limit) => shareOf(limit, figures)));
}
