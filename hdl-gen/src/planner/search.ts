/** Branch and bound, the most promising set first: exact, because a set is left only for a reason that binds all of it. */
import TinyQueue from 'tinyqueue';
import type { Candidate } from './candidate.js';
import type { Figures } from './figures.js';
import { compareScores, excess, type Goal } from './goal.js';

export interface SearchStatistics {
  /** Plans of the space. */
  readonly plans: number;
  /** Plans that were estimated in full. */
  readonly estimated: number;
  /** Sets that were bounded. */
  readonly bounded: number;
  /** Plans that were left unvisited because of a limit, by its name, or because a better one was known. */
  readonly excluded: Readonly<Record<string, number>>;
  readonly outscored: number;
  /**
   * Every full estimate was at or above its bounds, on which the proof rests. false: some formula of the cost model
   * decreases where it should not, and the plan found may not be the best.
   */
  readonly isProven: boolean;
}

export interface Found<P> {
  readonly plan: P;
  readonly figures: Figures;
  readonly score: readonly number[];
}

export interface SearchOutcome<P> {
  /** The best plan within the limits; null: there is none. Of a search that was ended early: of what it has looked at. */
  readonly best: Found<P> | null;
  /** false: it was ended with sets left that may have a better plan. */
  readonly isComplete: boolean;
  readonly statistics: SearchStatistics;
}

/** How far a search is; nobody knows how far it has to go. */
export interface SearchProgress {
  /** Sets that were bounded. */
  readonly bounded: number;
}

interface Entry<P> {
  readonly candidate: Candidate<P>;
  readonly score: readonly number[];
}

type Counts = { -readonly [key in keyof Omit<SearchStatistics, 'excluded'>]: SearchStatistics[key] } & {
  excluded: Record<string, number>;
};

function isAtLeast(figures: Figures, bound: Figures): boolean {
  const { resources, ...cycles } = bound;
  const all = Object.entries(cycles) as [keyof typeof cycles, number][];
  const cells = Object.entries(resources) as [keyof typeof resources, number][];
  return (
    all.every(([name, least]) => figures[name] >= least) &&
    cells.every(([name, least]) => figures.resources[name] >= least)
  );
}

/**
 * Searches a set for the plan of the least score within the limits of a goal. Yields now and then, so that the caller can
 * show progress and let other work run.
 *
 * @param mostSets ends the search when so many sets have been bounded.
 */
export function* search<P>(
  root: Candidate<P>,
  goal: Goal,
  mostSets = Number.POSITIVE_INFINITY,
): Generator<SearchProgress, SearchOutcome<P>> {
  const counts: Counts = { plans: root.plans, estimated: 0, bounded: 0, excluded: {}, outscored: 0, isProven: true };
  const queue = new TinyQueue<Entry<P>>([], (a, b) => compareScores(a.score, b.score));
  let best: Found<P> | null = null;
  const exclude = (limit: string, plans: number): void => {
    counts.excluded[limit] = (counts.excluded[limit] ?? 0) + plans;
  };
  const offer = (candidate: Candidate<P>): void => {
    counts.bounded += 1;
    const limit = excess(candidate.bound, goal);
    if (limit === null) queue.push({ candidate, score: goal.score(candidate.bound) });
    else exclude(limit.name, candidate.plans);
  };
  const estimate = (candidate: Candidate<P>): void => {
    counts.estimated += 1;
    const figures = candidate.estimate();
    if (!isAtLeast(figures, candidate.bound)) counts.isProven = false;
    if (excess(figures, goal) !== null) return;
    const score = goal.score(figures);
    if (best === null || compareScores(score, best.score) < 0) best = { plan: candidate.plan!, figures, score };
  };
  offer(root);
  for (let entry = queue.pop(); entry !== undefined; entry = queue.pop()) {
    const { candidate, score } = entry;
    if (best !== null && compareScores(score, (best as Found<P>).score) >= 0) {
      // all that waits is no better
      counts.outscored += candidate.plans + queue.data.reduce((sum, { candidate: { plans } }) => sum + plans, 0);
      break;
    }
    if (counts.bounded >= mostSets) return { best, isComplete: false, statistics: counts };
    const parts = candidate.split();
    if (parts === null) estimate(candidate);
    else parts.forEach(offer);
    yield { bounded: counts.bounded };
  }
  return { best, isComplete: true, statistics: counts };
}
