/** What the passes of an event-driven plan do: at most, or as the mean over images. */
import { mostPassWork, type PassWork } from './cycles.js';
import type { EventPlan } from './plan.js';

/** Of every pass, in the order of the plan. */
export interface EventWork {
  /** `at most`: everything spikes; `mean`: over images; `rates`: from firing rates, see expected-cycles.ts. */
  readonly basis: 'at most' | 'mean' | 'rates';
  readonly passes: readonly PassWork[];
}

/** Cycles of images, without stalls of the result stream. */
export interface CycleSpread {
  readonly images: number;
  readonly mean: number;
  readonly min: number;
  readonly max: number;
}

/** A run over images. */
export interface EventRun extends EventWork {
  readonly basis: 'mean';
  readonly cycles: CycleSpread;
}

export function mostWork({ passes, grid, pixelInputs }: EventPlan): EventWork {
  return { basis: 'at most', passes: passes.map((pass) => mostPassWork(pass, grid, pixelInputs)) };
}

function addWork(a: PassWork, b: PassWork): PassWork {
  const names = Object.keys(a) as (keyof PassWork)[];
  return Object.fromEntries(names.map((name) => [name, a[name] + b[name]])) as unknown as PassWork;
}

function divideWork(work: PassWork, count: number): PassWork {
  const entries = Object.entries(work).map(([name, value]) => [name, value / count]);
  return Object.fromEntries(entries) as unknown as PassWork;
}

/** Mean of what the passes do for images. @param images at least one, the work of every pass each. */
export function meanWork(images: Iterable<readonly PassWork[]>): EventRun {
  let sums: readonly PassWork[] | null = null;
  const cycles: number[] = [];
  for (const passes of images) {
    sums = sums === null ? passes : sums.map((sum, i) => addWork(sum, passes[i]!));
    cycles.push(passes.reduce((sum, pass) => sum + pass.cycles, 0));
  }
  const count = cycles.length;
  const mean = cycles.reduce((sum, each) => sum + each, 0) / count;
  return {
    basis: 'mean',
    passes: sums!.map((sum) => divideWork(sum, count)),
    cycles: { images: count, mean, min: Math.min(...cycles), max: Math.max(...cycles) },
  };
}
