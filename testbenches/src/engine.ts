/** What a simulator does for the regression, whichever it is. */
import type { ImageSet } from '@spikemill/golden-model';
import type { Build } from './build.js';
import type { MismatchEvent } from './mismatch.js';
import type { Simulator } from './tool.js';
import type { Vectors } from './vectors.js';

/** How external memory answers. */
export interface MemorySettings {
  /** Cycles from the acceptance of a burst to its first beat; at least 1. */
  readonly latency: number;
  /** Bytes a cycle that it gives at most; null: a beat in every cycle. */
  readonly bytesPerCycle: number | null;
  /** Chance, in percent, of a cycle in which it takes or gives nothing. */
  readonly gapPercent: number;
}

export const IDEAL_MEMORY: MemorySettings = { latency: 1, bytesPerCycle: null, gapPercent: 0 };

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
  /** Of weights in external memory; others do not ask it. */
  readonly memory: MemorySettings;
}

/**
 * Bits that change from one clock cycle to the next, summed over a run from the first cycle behind the reset on:
 * Hamming distances of registers and of the words that they take.
 */
export interface Toggles {
  /** Accumulators of the spike array: lanes x T. */
  readonly accumulators: number;
  /** Accumulators of the plane array: lanes. */
  readonly planeAccumulators: number;
  /** Words out of the weight memories: lanes x inputs weights each. */
  readonly weights: number;
  readonly planeWeights: number;
  /** Spikes that are offered to the spike array: inputs x T. */
  readonly spikes: number;
  /** Inputs of the LIFs, one for each neuron of the neuron unit, sign-extended to 32 bits. */
  readonly currents: number;
}

/** Cycles of a pass, all images of a run together. */
export interface PassUse {
  /** In which the design works on the pass: those of its own counter. */
  readonly cycles: number;
  /** Of them those in which the array takes operands; in the event-driven style those in which it adds a weight row. */
  readonly array: number;
  /** In which the neuron unit takes a step. */
  readonly neurons: number;
  /** In which one of the two does. */
  readonly either: number;
}

/** What was read from external memory. */
export interface ExternalReads {
  /** Cycles in which images waited for weights: of all, and most of one. */
  readonly weightStallCycles: number;
  readonly mostWeightStalls: number;
  readonly weightBytes: number;
}

export const NO_EXTERNAL_READS: ExternalReads = { weightStallCycles: 0, mostWeightStalls: 0, weightBytes: 0 };

export interface RunSummary extends ExternalReads {
  /** null: they were not counted. */
  readonly toggles: Toggles | null;
  /** By number of the pass; null: it was not counted. */
  readonly passUse: readonly PassUse[] | null;
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
  /** Of the simulator, all processes of an interrupted run together; null if it does not tell. */
  readonly cpuSeconds: number | null;
  /** Most memory that the simulator had; null if it does not tell. */
  readonly peakBytes: number | null;
  /** Cycles between the ends of the last two images in the last engine; 0 for a single image. */
  readonly intervalCycles: number;
  /** Cycle of the checkpoint that the run went on from; 0: it ran from the start. */
  readonly resumedAtCycle: number;
}

export interface RunOutcome {
  readonly summary: RunSummary;
  /** The first difference; null if there is none. */
  readonly event: MismatchEvent | null;
}

/** Where a run keeps its state, so that it can be interrupted. */
export interface Checkpoint {
  /** File; there while a run is under way. */
  readonly path: string;
  /** 64 hexadecimal digits: another run has another one. */
  readonly key: string;
  /** From one state to the next. */
  readonly seconds: number;
}

/** What surrounds a run. */
export interface RunContext {
  /** Where the memory images are: that of the build, or of a part of its program (see stage.ts). */
  readonly folder: string;
  /** The program is such a part. */
  readonly isPart: boolean;
  readonly checkpoint: Checkpoint | null;
  readonly stop: AbortSignal;
  /** Called with the number of images that are done. */
  readonly onImage: (done: number) => void;
  /** Called every second with the images that are done and the share of the one under way. */
  readonly onProgress: (done: number) => void;
}

/** A simulator that is ready to run a build. */
export interface Engine {
  readonly simulator: Simulator;
  /** Digest of what the simulator was made from. */
  readonly key: string;
  run(vectors: Vectors, images: ImageSet, settings: RunSettings, context: RunContext): Promise<RunOutcome>;
}

export interface PrepareOptions {
  readonly stop: AbortSignal;
  /** Called if it takes a while. */
  readonly onCompile: () => void;
  /** The spike memory is loaded when the simulation starts (see stage.ts). */
  readonly loadsMaps: boolean;
  /** Toggles are counted. */
  readonly countsToggles: boolean;
  /** Cycles in which the parts of the design work are counted. */
  readonly countsUse: boolean;
}

export type PrepareEngine = (build: Build, options: PrepareOptions) => Promise<Engine>;

/** Cycles without any progress after which a design counts as stuck: an image computes for `cyclesPerImage`. */
export function stuckCycles({ plan }: Vectors): number {
  return 2 * plan.cyclesPerImage + 20_000;
}
