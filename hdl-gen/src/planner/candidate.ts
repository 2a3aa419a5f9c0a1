/**
 * Sets of plans that a search bounds, splits and finally estimates in full. A further option of a plan is a further level
 * of sets: it needs a bound for plans in which it is open, and a way to split them.
 */
import type { Figures } from './figures.js';

/** P: what a single plan is. */
export interface Candidate<P> {
  /** null: more than one plan. */
  readonly plan: P | null;
  /** Plans of the set. */
  readonly plans: number;
  /** No plan of the set has a smaller figure. */
  readonly bound: Figures;
  /**
   * Parts that together are the set, with bounds that are not below its own; one part of equal plans is a better bound.
   * null: a single plan that has nothing left to find out but its true figures.
   */
  split(): readonly Candidate<P>[] | null;
  /** True figures of a single plan, by the estimator. */
  estimate(): Figures;
}
