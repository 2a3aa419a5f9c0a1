/** What a simulator does for the regression, whichever it is. */
import type { ImageSet } from '@spikemill/golden-model';
import type { Build } from './build.js';
import type { MismatchEvent } from './mismatch.js';
import type { Simulator } from './tool.js';
import type { Vectors } from './vectors.js';

/** Which images run, and what they meet. The same settings give the same cycles. */
export interface RunSettings {
  /** Number of the first image. */
  readonly first: number;
  /** How many images run. */
  readonly limit: number;
  readonly seed: number;
  /** Chance, in percent, that a pixel is held back for a cycle. */
  readonly idlePercent: number;
  /** Chance, in percent, that a result is not taken in a cycle. */
  readonly stallPercent: number;
  /** Frames with a misplaced tlast before every image. */
  readonly badFrames: number;
  /** Cycle in which the design is reset once; null: never. */
  readonly resetAtCycle: number | null;
}

export interface RunSummary {
  /** Whose results came out. */
  readonly images: number;
  readonly comparedSpikes: number;
  readonly comparedCurrents: number;
  readonly comparedResults: number;
  readonly mismatches: number;
  /** Frames that the design dropped, as it should. */
  readonly frameErrors: number;
  /** Cycles in which an image waited for the result of the one before. */
  readonly stallCycles: number;
  /** Of the whole run. */
  readonly totalCycles: number;
  /** Least and most of an image without stalls; 0 if none ended. */
  readonly minCycles: number;
  readonly maxCycles: number;
}

export interface RunOutcome {
  readonly summary: RunSummary;
  /** The first difference; null if there is none. */
  readonly event: MismatchEvent | null;
}

/** A simulator that is ready to run a build. */
export interface Engine {
  readonly simulator: Simulator;
  /** @param onImage called with the number of images that are done */
  run(
    vectors: Vectors,
    images: ImageSet,
    settings: RunSettings,
    stop: AbortSignal,
    onImage: (done: number) => void,
  ): Promise<RunOutcome>;
}

/** Prepares a simulator. @param onCompile called if that takes a while */
export type PrepareEngine = (build: Build, stop: AbortSignal, onCompile: () => void) => Promise<Engine>;

/** Cycles without any progress after which a design counts as stuck: an image computes for `cyclesPerImage`. */
export function stuckCycles({ plan }: Vectors): number {
  return 2 * plan.cyclesPerImage + 20_000;
}
