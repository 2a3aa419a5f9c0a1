/** The regression: every spike and every result of a build against the golden model, at tolerance zero. */
import { rmSync } from 'node:fs';
import { resolve } from 'node:path';
import { type ImageSet, type QuantizedNetwork, SpikemillError } from '@spikemill/golden-model';
import {
  checkMemoryChoice,
  type DesignPlan,
  mostWeightStalls,
  planDigest,
  requireDense,
  segmentsOf,
} from '@spikemill/hdl-gen';
import type { Build } from './build.js';
import {
  type Checkpoint,
  type Engine,
  type ExternalReads,
  IDEAL_MEMORY,
  type MemorySettings,
  NO_EXTERNAL_READS,
  type PrepareEngine,
  type RunOutcome,
  type RunSettings,
  type Toggles,
} from './engine.js';
import { prepareIcarus } from './icarus.js';
import { brokenBuild, decodeMismatch, type Mismatch } from './mismatch.js';
import { modelsOf } from './models.js';
import { watchStop, withCleanup } from './processes.js';
import { checkpointKey, planOf, prepareScene } from './scene.js';
import { isBuildFault } from './sources.js';
import { cutPlan, stageRange } from './stage.js';
import type { Simulator } from './tool.js';
import type { TraceSource } from './trace-source.js';
import { type MeasuredUtilisation, measuredUtilisation } from './utilisation.js';
import { prepareVerilator } from './verilator.js';

const ENGINES: Readonly<Record<Simulator['name'], PrepareEngine>> = {
  verilator: prepareVerilator,
  icarus: prepareIcarus,
};

/** Seeds are 0..MAX_SEED. */
export const MAX_SEED = 2 ** 31 - 3;
/** At 100 % nothing would ever move. */
export const MAX_PERCENT = 99;

export interface VerifyOptions extends Partial<Omit<RunSettings, 'memory'>> {
  /** How external memory answers; what is left out is ideal. */
  readonly memory?: Partial<MemorySettings>;
  /** Trace that says what the spikes must be; default: the golden model runs. */
  readonly source?: TraceSource;
  /** Networks that are streamed in and run in turn, image by image; default: the build's own. */
  readonly networks?: readonly QuantizedNetwork[];
  /** Also compares the input of every LIF and every partial sum. */
  readonly currents?: boolean;
  readonly simulator?: Simulator['name'];
  /** Also counts toggles, for an energy model; with Verilator, in a run that is not interrupted. */
  readonly toggles?: boolean;
  /** Also counts the cycles in which array and neuron unit work; under the same conditions. */
  readonly utilisation?: boolean;
  /** Path of the images, for the command that replays a mismatch. */
  readonly imagesPath?: string;
  /** Only this stage, on one image; see stage.ts. */
  readonly stage?: number;
  /**
   * File for the state of the simulation, written now and then and removed at the end. If it is there, the run goes on
   * from it; a file that another run has left is refused.
   */
  readonly checkpointPath?: string;
  /** From one checkpoint to the next. */
  readonly checkpointSeconds?: number;
  /** Paths of `networks`, likewise. */
  readonly networkPaths?: readonly string[];
  readonly timeLimitSeconds?: number | undefined;
  readonly signal?: AbortSignal;
  /** A simulator is being compiled. */
  readonly onCompile?: () => void;
  /** Images that are done. */
  readonly onImage?: (done: number) => void;
  /** Every second: images that are done and the share of the one under way. */
  readonly onProgress?: (done: number) => void;
}

const DEFAULT_CHECKPOINT_SECONDS = 15;

export interface VerifyResult extends ExternalReads {
  /** Of the network and the plan, which toggles belong to. */
  readonly planDigest: string;
  /** Of the whole run; null if they were not asked for. */
  readonly toggles: Toggles | null;
  /** Likewise. */
  readonly utilisation: MeasuredUtilisation | null;
  readonly passed: boolean;
  readonly images: number;
  /** Bits: neurons x timesteps x images. */
  readonly comparedSpikes: number;
  readonly comparedCurrents: number;
  /** Classes and logits. */
  readonly comparedResults: number;
  readonly mismatches: number;
  readonly firstMismatch: Mismatch | null;
  /** The cycle counter of the hardware, without stalls; null if no image ended. */
  readonly cyclesPerImage: number | null;
  /** The plan's, of an image or of the stage. */
  readonly closedFormCycles: number;
  /** From the end of the image before the last to that of the last; 0 for a single one. */
  readonly intervalCycles: number;
  /** The only stage that was run; null: all. */
  readonly stage: number | null;
  /** Of the simulator, all processes of an interrupted run together; null if it does not tell. */
  readonly cpuSeconds: number | null;
  /** Most memory that the simulator had; null if it does not tell. */
  readonly peakBytes: number | null;
  /** Cycle of the checkpoint that the run went on from; 0: it ran from the start. */
  readonly resumedAtCycle: number;
  /** Cycles in which images waited for the result stream. */
  readonly stallCycles: number;
  /**
   * The most cycles that an image may wait for weights at this pace of the memory; null if none are external, or with
   * random gaps.
   */
  readonly weightStallBound: number | null;
  /** Simulated, all images with their idles. */
  readonly totalCycles: number;
  readonly frameErrors: number;
  readonly firstImage: number;
  readonly seed: number;
  readonly idlePercent: number;
  readonly stallPercent: number;
  readonly simulator: Simulator;
  readonly warnings: readonly string[];
}

function usage(message: string, where: string, expected: string, actual: number): SpikemillError {
  return new SpikemillError('USAGE', message, { where, expected, actual: String(actual) });
}

function checkWhole(name: string, value: number, min: number, max: number): number {
  if (Number.isInteger(value) && value >= min && value <= max) return value;
  throw usage(`${name} is out of range`, `--${name}`, `a whole number from ${min} to ${max}`, value);
}

/** States of a run and stages alone are those of one engine that needs no stream. */
function checkParts({ plan }: Build, { stage, checkpointPath }: VerifyOptions): void {
  const isPlain = plan.options.weights !== 'stream' && segmentsOf(plan).length === 0;
  if (isPlain || (stage === undefined && checkpointPath === undefined)) return;
  throw new SpikemillError('USAGE', 'a design with streamed weights or segments runs as a whole', {
    where: stage === undefined ? '--checkpoint' : '--stage',
    suggestions: ['generate it with --weights image and one segment for that'],
  });
}

/** What is counted beside the comparison: toggles, or cycles in which parts of the design work. */
function checkCounts({ plan }: Build, options: VerifyOptions): void {
  const { toggles = false, utilisation = false, simulator = 'verilator', checkpointPath } = options;
  if (!toggles && !utilisation) return;
  const [what, where] = toggles ? ['toggles are', '--toggles'] : ['utilisation is', '--utilisation'];
  if (toggles) requireDense(plan, 'a count of toggles');
  if (toggles && plan.options.planes === 'shared') {
    const suggestions = ['generate the design without --planes shared for that', 'leave out --toggles'];
    throw new SpikemillError('USAGE', 'toggles are counted with a plane array only', { where, suggestions });
  }
  if (segmentsOf(plan).length > 0) {
    const suggestions = ['generate the design with one segment for that', `leave out ${where}`];
    throw new SpikemillError('USAGE', `${what} counted in one engine only`, { where, suggestions });
  }
  if (simulator === 'verilator' && checkpointPath === undefined) return;
  throw new SpikemillError('USAGE', `${what} counted by Verilator, in one run without checkpoints`, {
    where,
    actual: checkpointPath === undefined ? `--simulator ${simulator}` : '--checkpoint',
    suggestions: [`leave out ${checkpointPath === undefined ? '--simulator' : '--checkpoint'}`],
  });
}

const MAX_MEMORY = 1_000_000;

function completeMemory(memory: Partial<MemorySettings> = {}): MemorySettings {
  const { latency, bytesPerCycle, gapPercent } = { ...IDEAL_MEMORY, ...memory };
  if (bytesPerCycle !== null) checkWhole('memory-bandwidth', bytesPerCycle, 1, MAX_MEMORY);
  return {
    latency: checkWhole('memory-latency', latency, 1, MAX_MEMORY),
    bytesPerCycle,
    gapPercent: checkWhole('memory-gaps', gapPercent, 0, MAX_PERCENT),
  };
}

function checkMemory({ plan }: Build, { memory }: VerifyOptions): void {
  if (memory !== undefined) checkMemoryChoice(plan.options, memory);
}

/** Fills in what was left out: all images, seed 1, no idles. */
function completeSettings(count: number, options: VerifyOptions): RunSettings {
  const first = checkWhole('first', options.first ?? 0, 0, count - 1);
  const most = options.stage === undefined ? Number.MAX_SAFE_INTEGER : 1;
  const limit = checkWhole('limit', options.limit ?? Math.min(count, most), 1, most);
  return {
    first,
    limit: Math.min(limit, count - first),
    seed: checkWhole('seed', options.seed ?? 1, 0, MAX_SEED),
    idlePercent: checkWhole('idle', options.idlePercent ?? 0, 0, MAX_PERCENT),
    stallPercent: checkWhole('stall', options.stallPercent ?? 0, 0, MAX_PERCENT),
    badFrames: checkWhole('bad-frames', options.badFrames ?? 0, 0, MAX_SEED),
    resetAtCycle: options.resetAtCycle ?? null,
    memory: completeMemory(options.memory),
  };
}

/** Quotes an argument for a shell if it needs it. */
function shellQuote(argument: string): string {
  return /^[\w@%+=:,./-]+$/.test(argument) ? argument : `'${argument.replaceAll("'", "'\\''")}'`;
}

function replayCommand(
  build: Build,
  settings: RunSettings,
  { imagesPath = 'IMAGES', networkPaths = [], simulator = 'verilator', stage }: VerifyOptions,
  currents: boolean,
): string {
  const { first, limit, seed, idlePercent, stallPercent, memory } = settings;
  const pace: [string, number][] = [
    ['--memory-latency', memory.latency],
    ...(memory.bytesPerCycle === null ? [] : [['--memory-bandwidth', memory.bytesPerCycle] as [string, number]]),
    ['--memory-gaps', memory.gapPercent],
  ];
  const numbers: [string, number][] = [
    ['--first', first],
    ['--limit', limit],
    ['--seed', seed],
    ['--idle', idlePercent],
    ['--stall', stallPercent],
    ...(build.plan.options.weights === 'external' ? pace : []),
  ];
  return [
    ...['spikemill', 'verify', 'run', shellQuote(build.folder), '--images', shellQuote(imagesPath)],
    ...numbers.flat().map(String),
    ...(stage === undefined ? [] : ['--stage', String(stage)]),
    ...networkPaths.flatMap((path) => ['--network', shellQuote(path)]),
    ...(currents ? ['--currents'] : []),
    ...(simulator === 'verilator' ? [] : ['--simulator', simulator]),
  ].join(' ');
}

/** One run, with or without currents. */
type Run = (
  settings: RunSettings,
  currents: boolean,
  watch?: Pick<VerifyOptions, 'onImage' | 'onProgress' | 'checkpointPath'>,
) => Promise<RunOutcome & { mismatch: Mismatch | null }>;

function makeRun(build: Build, engine: Engine, images: ImageSet, options: VerifyOptions, stop: AbortSignal): Run {
  const { source, stage, checkpointSeconds: seconds = DEFAULT_CHECKPOINT_SECONDS } = options;
  const models = modelsOf(build, options.networks);
  const ignore = (): void => undefined;
  return (settings, currents, { checkpointPath, onImage = ignore, onProgress = ignore } = {}) => {
    const scene = prepareScene(build, images, settings.first, { currents, source, stage, models });
    const { folder, vectors } = scene;
    return withCleanup(scene.remove, async () => {
      const checkpoint: Checkpoint | null =
        checkpointPath === undefined
          ? null
          : { path: resolve(checkpointPath), seconds, key: checkpointKey(build, engine.key, scene, images, settings) };
      const context = { folder, isPart: stage !== undefined, checkpoint, stop, onImage, onProgress };
      const outcome = await engine.run(vectors, images, settings, context);
      if (checkpoint !== null) for (const end of ['', '.new']) rmSync(checkpoint.path + end, { force: true });
      const { event } = outcome;
      // the same up to the mismatch, and not longer than it needs
      const needed = event === null ? settings : { ...settings, limit: event.imagesSent };
      const replay = replayCommand(build, needed, options, currents);
      return { ...outcome, mismatch: event === null ? null : decodeMismatch(vectors, event, replay) };
    });
  };
}

/**
 * Runs the image of a mismatch alone and with currents: they tell the layer that is wrong from those that only hand a
 * wrong sum on. A fault that needs the images before keeps the mismatch and the run that showed it.
 */
async function narrow(run: Run, settings: RunSettings, currents: boolean, found: Mismatch): Promise<Mismatch> {
  if (found.image === null || (currents && settings.limit === 1)) return found;
  const { mismatch } = await run({ ...settings, first: found.image, limit: 1 }, true);
  return mismatch ?? found;
}

/** Result of a build that cannot be simulated at all. */
function refused(
  build: Build,
  settings: RunSettings,
  simulator: Simulator,
  stage: number | null,
  reason: string,
): VerifyResult {
  const { first, seed, idlePercent, stallPercent } = settings;
  return {
    planDigest: planDigest(build.network, build.plan.options),
    toggles: null,
    utilisation: null,
    ...{ passed: false, images: 0, comparedSpikes: 0, comparedCurrents: 0, comparedResults: 0, mismatches: 1 },
    firstMismatch: brokenBuild(reason),
    ...{ cyclesPerImage: null, closedFormCycles: build.plan.cyclesPerImage },
    ...{ stage, cpuSeconds: null, peakBytes: null, resumedAtCycle: 0, intervalCycles: 0 },
    ...{ stallCycles: 0, totalCycles: 0, frameErrors: 0, ...NO_EXTERNAL_READS, weightStallBound: null },
    ...{ firstImage: first, seed, idlePercent, stallPercent, simulator, warnings: build.warnings },
  };
}

/**
 * Runs a build on images and compares it with the golden model in lockstep.
 *
 * @param build from openBuild; its warnings come back in the result.
 * @param images from loadImages, for the configuration of the build's network.
 * @throws SpikemillError USAGE for numbers out of range; TOOL without the simulator, or if it does not take a build
 *   that is as it was generated; TIMEOUT; OUTPUT_FAILED if the cache cannot be written. The reason of `signal`.
 */
export async function verify(build: Build, images: ImageSet, options: VerifyOptions = {}): Promise<VerifyResult> {
  const { simulator: name = 'verilator', currents = false } = options;
  // what the style cannot do is said before anything is compiled
  if (options.stage !== undefined) requireDense(build.plan, 'a stage alone');
  checkParts(build, options);
  checkCounts(build, options);
  checkMemory(build, options);
  const settings = completeSettings(images.count, options);
  const { signal: stop, release } = watchStop(options.signal, options.timeLimitSeconds);
  try {
    const { onCompile = () => undefined } = options;
    const uses = {
      loadsMaps: options.stage !== undefined,
      countsToggles: options.toggles ?? false,
      countsUse: options.utilisation ?? false,
    };
    const engine = await ENGINES[name](build, { stop, onCompile, ...uses });
    const run = makeRun(build, engine, images, options, stop);
    const { summary, mismatch } = await run(settings, currents, options);
    const { minCycles, maxCycles, passUse, ...counts } = summary;
    const bound = weightStallBound(build.plan, options.stage, settings.memory);
    return {
      planDigest: planDigest(build.network, build.plan.options),
      passed: summary.mismatches === 0,
      ...counts,
      utilisation: passUse === null ? null : measuredUtilisation(planOf(build.plan, options.stage), passUse),
      firstMismatch: mismatch === null ? null : await narrow(run, settings, currents, mismatch),
      cyclesPerImage: maxCycles === 0 ? null : maxCycles,
      closedFormCycles: planOf(build.plan, options.stage).cyclesPerImage,
      stage: options.stage ?? null,
      firstImage: settings.first,
      seed: settings.seed,
      idlePercent: settings.idlePercent,
      stallPercent: settings.stallPercent,
      simulator: engine.simulator,
      weightStallBound: bound,
      warnings: [...cycleWarnings(build, minCycles, maxCycles), ...stallWarnings(summary.mostWeightStalls, bound)],
    };
  } catch (error) {
    // what was changed by hand may well not compile: that is a finding, not a failure of the tools
    if (build.warnings.length === 0 || !isBuildFault(error, build)) throw error;
    const reason = `${error.message}: ${error.details.actual ?? ''}`;
    return refused(build, settings, { name, version: 'unknown' }, options.stage ?? null, reason);
  } finally {
    release();
  }
}

function weightStallBound(plan: DesignPlan, stage: number | undefined, memory: MemorySettings): number | null {
  if (plan.style !== 'dense' || plan.external === null || memory.gapPercent > 0) return null;
  return mostWeightStalls(stage === undefined ? plan : cutPlan(plan, stageRange(plan, stage)), memory);
}

function stallWarnings(most: number, bound: number | null): string[] {
  if (bound === null || most <= bound) return [];
  return [`an image waited ${most} cycles for weights, of which ${bound} were predicted at most`];
}

function cycleWarnings({ warnings, plan }: Build, minCycles: number, maxCycles: number): readonly string[] {
  if (minCycles === maxCycles || plan.style === 'event') return warnings;
  return [...warnings, `the cycles differ from image to image: ${minCycles} to ${maxCycles}`];
}
