/** The cycle-accurate simulator: the build and its harness, compiled by Verilator. */
import { existsSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Readable, type Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setImmediate } from 'node:timers/promises';
import { type ImageSet, imageAt, SpikemillError } from '@spikemill/golden-model';
import { acceleratorOf, type Build } from './build.js';
import { cached } from './cache.js';
import {
  type Checkpoint,
  type ExternalReads,
  NO_EXTERNAL_READS,
  type PassUse,
  type PrepareEngine,
  type PrepareOptions,
  type RunContext,
  type RunOutcome,
  type RunSettings,
  type RunSummary,
  stuckCycles,
  type Toggles,
} from './engine.js';
import type { MismatchEvent } from './mismatch.js';
import { PROBES_FILE, probeText } from './probes.js';
import { findProgram, readAll, runProgram, startProgram, throwIfStopped } from './processes.js';
import { buildFault, harnessFile, harnessMacros, harnessParameters, simulatorKey } from './sources.js';
import { findSimulator, type SimulatorTool } from './tool.js';
import { encodeHeader, encodeImage } from './vector-file.js';
import type { Vectors } from './vectors.js';

export const TOOL: SimulatorTool = {
  name: 'verilator',
  versionArgs: ['--version'],
  versionPattern: /Verilator (\d+\.\d+)/,
  minimum: '5.006',
  programs: ['verilator', 'make', 'g++'],
  packages: ['verilator', 'make', 'g++'],
};

const HARNESS_TOP = 'smx_harness';
const HARNESS_FILES = [
  'smx_harness.v',
  'smx_harness.cpp',
  'smx_checkpoint.h',
  'smx_counts.h',
  'smx_memory.h',
  'smx_options.h',
  'smx_signals.h',
  'smx_toggles.h',
  'smx_utilisation.h',
  'smx_vectors.h',
  'smx_weights.h',
] as const;
const EXECUTABLE = 'simulator';

/**
 * Unknown values are random, a memory access that must not be relied on yields the wrong word. Warnings are those of
 * somebody who changed the build: the generated text has none, which tests see to.
 */
export const FLAGS = [
  ...['--cc', '--exe', '--build', '-j', '2', '--savable'],
  ...['--language', '1364-2005', '-Wno-fatal', '-Wno-lint', '-Wno-style'],
  ...['--x-assign', 'unique', '--x-initial', 'unique', '-DSMX_POISON'],
  ...['-O3', '-CFLAGS', '-std=c++17 -O1', '-MAKEFLAGS', 'OPT_FAST=-O1 OPT_SLOW=-O0 OPT_GLOBAL=-O0'],
];

/** Arguments that depend on the build and the use of it. */
function designArgs(build: Build, { loadsMaps, countsToggles, countsUse }: PrepareOptions): string[] {
  const parameters = harnessParameters(build).map(([name, value]) => `-G${name}=${value}`);
  const isExternal = build.plan.options.weights === 'external';
  const macros = [
    `-DSMX_TOP=${acceleratorOf(build)}`,
    ...harnessMacros(build),
    ...(isExternal ? ['-CFLAGS', `-DSMX_EXTERNAL=${build.plan.options.weightBus / 8}`] : []),
    ...(loadsMaps ? ['-DSMX_SPIKE_MAPS'] : []),
    ...(countsUse ? ['-DSMX_UTILISATION', '-CFLAGS', '-DSMX_UTILISATION'] : []),
    ...(countsUse && build.plan.style === 'event' ? ['-DSMX_EVENT'] : []),
    ...(countsToggles ? ['-DSMX_TOGGLES', '-CFLAGS', '-DSMX_TOGGLES'] : []),
  ];
  return ['--top-module', HARNESS_TOP, ...macros, ...parameters];
}

/** A full disk is not the fault of the build. */
function compileError(build: Build, folder: string, output: string): SpikemillError {
  if (!/no space left on device|disk quota exceeded/i.test(output)) {
    return buildFault('Verilator does not take the build', build, output);
  }
  return new SpikemillError('OUTPUT_FAILED', 'the disk is full', {
    where: folder,
    suggestions: ['free some space, or set SPIKEMILL_CACHE to a folder on another disk'],
  });
}

async function compile(build: Build, design: readonly string[], folder: string, stop: AbortSignal): Promise<void> {
  const objects = join(folder, 'objects');
  const ccache = findProgram('ccache') === null ? [] : ['-MAKEFLAGS', 'OBJCACHE=ccache'];
  const sources = [...build.manifest.files, harnessFile('smx_harness.v'), harnessFile('smx_harness.cpp')];
  writeFileSync(join(folder, PROBES_FILE), probeText(build));
  const args = [...FLAGS, ...design, ...ccache, '-I.', `-I${folder}`, '--Mdir', objects, ...sources];
  const { exitCode, stdout, stderr } = await runProgram('verilator', args, build.folder, stop);
  if (exitCode !== 0) throw compileError(build, folder, stderr + stdout);
  renameSync(join(objects, `V${HARNESS_TOP}`), join(folder, EXECUTABLE));
  rmSync(objects, { recursive: true });
}

/**
 * The vectors, made while the simulator works on those before: at most a few images are in memory at a time.
 * @param done settles with the number of images that the simulator need not see again
 */
async function* streamVectors(
  vectors: Vectors,
  images: ImageSet,
  { first, limit }: RunSettings,
  done: Promise<number>,
) {
  yield encodeHeader(vectors, limit, first);
  let weights: Uint8Array | null = null;
  for (let i = first + (await done); i < first + limit; i++) {
    const image = imageAt(images, i);
    const expected = vectors.expect(image, i);
    yield encodeImage(image, expected, expected.weights !== weights);
    weights = expected.weights;
    // signals and the simulator's progress are seen in between
    await setImmediate();
  }
}

function checkpointArgs({ path, key, seconds }: Checkpoint): string[] {
  const resume = existsSync(path) ? '1' : '0';
  return ['--checkpoint', path, '--checkpoint-key', key, '--checkpoint-seconds', String(seconds), '--resume', resume];
}

function simulatorArgs(vectors: Vectors, settings: RunSettings, { isPart, checkpoint }: RunContext): string[] {
  const { seed, idlePercent, stallPercent, badFrames, resetAtCycle, memory } = settings;
  const options: [name: string, value: number][] = [
    ['seed', seed],
    ['idle', idlePercent],
    ['stall', stallPercent],
    ['bad-frames', badFrames],
    ['timeout', stuckCycles(vectors)],
    ['partial', isPart ? 1 : 0],
    ['memory-latency', memory.latency],
    ['memory-bandwidth', memory.bytesPerCycle ?? 0],
    ['memory-gaps', memory.gapPercent],
    ...(resetAtCycle === null ? [] : [['reset-at', resetAtCycle] as [string, number]]),
  ];
  // Verilator takes a seed of 0 for "any"
  const random = ['+verilator+rand+reset+2', `+verilator+seed+${seed + 1}`];
  const numbers = options.flatMap(([name, value]) => [`--${name}`, String(value)]);
  return [...random, ...numbers, ...(checkpoint === null ? [] : checkpointArgs(checkpoint))];
}

/** The last line of the simulator. */
interface Summary extends Omit<RunSummary, 'cpuSeconds' | 'peakBytes' | 'toggles' | 'passUse' | keyof ExternalReads> {
  /** If the simulator was compiled to count. */
  readonly toggles?: Toggles;
  readonly passUse?: readonly PassUse[];
  /** If weights are read from external memory. */
  readonly weightStallCycles?: number;
  readonly mostWeightStalls?: number;
  readonly weightBytes?: number;
  readonly kind: 'summary';
  readonly cpuMilliseconds: number;
  readonly peakKilobytes: number;
}

/** The JSON lines among what the simulator printed. */
function parseOutput(output: string): RunOutcome | null {
  const lines = output.split('\n').filter((line) => line.startsWith('{'));
  const events = lines.map((line) => JSON.parse(line) as MismatchEvent | Summary);
  let event: MismatchEvent | null = null;
  let summary: RunSummary | null = null;
  for (const each of events) {
    if (each.kind === 'summary') {
      const { kind: _kind, cpuMilliseconds, peakKilobytes, ...counts } = each;
      summary = {
        ...NO_EXTERNAL_READS,
        toggles: null,
        passUse: null,
        ...counts,
        cpuSeconds: cpuMilliseconds / 1000,
        peakBytes: 1024 * peakKilobytes,
      };
    } else event = each;
  }
  return summary === null ? null : { summary, event };
}

/** What the simulator says on stderr while it works: images done; images and cycles of the next one; images and cycle. */
const PROGRESS = /^(image|at|resume) (\d+)(?:\/| (\d+))/;

/**
 * Tells the progress; everything else that the simulator says on stderr is returned.
 * @param onResume called with the images that the checkpoint has behind it
 */
async function readComplaints(
  stderr: Readable,
  { onImage, onProgress }: RunContext,
  cyclesPerImage: number,
  onResume: (done: number) => void,
): Promise<string[]> {
  const complaints: string[] = [];
  for await (const line of createInterface({ input: stderr })) {
    const [, what, images, cycles] = PROGRESS.exec(line) ?? [];
    if (what === 'image') onImage(Number(images));
    else if (what === 'at') onProgress(Number(images) + Number(cycles) / cyclesPerImage);
    else if (what === 'resume') onResume(Number(images));
    else complaints.push(line);
  }
  return complaints;
}

/** Exit code of the simulator if the checkpoint is not one of this run. */
const FOREIGN_CHECKPOINT = 3;

function foreignCheckpoint(where: string, reason: string): SpikemillError {
  return new SpikemillError('INVALID_FILE', 'the run cannot go on from this checkpoint', {
    where,
    expected: 'what the same command has left',
    actual: reason,
    suggestions: ['remove the file: the run then starts again', 'name another file'],
  });
}

/** A program that has seen enough stops reading: its own end tells what happened. */
async function feedProgram(feed: Readable, stdin: Writable): Promise<void> {
  try {
    await pipeline(feed, stdin);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'EPIPE' && code !== 'ECONNRESET' && code !== 'ERR_STREAM_PREMATURE_CLOSE') throw error;
  }
}

/** Streams the images through the simulator. */
async function simulate(
  build: Build,
  executable: string,
  vectors: Vectors,
  images: ImageSet,
  settings: RunSettings,
  context: RunContext,
): Promise<RunOutcome> {
  const { folder, checkpoint, stop } = context;
  const resumes = checkpoint !== null && existsSync(checkpoint.path);
  const { child, end } = startProgram(executable, simulatorArgs(vectors, settings, context), folder, stop);
  let onResume = (_done: number): void => undefined;
  // a simulator that ends before it tells needs no images
  const done = resumes
    ? new Promise<number>((resolve) => {
        onResume = resolve;
        void end.finally(() => resolve(settings.limit));
      })
    : Promise.resolve(0);
  const feed = Readable.from(streamVectors(vectors, images, settings, done), { objectMode: true, highWaterMark: 1 });
  const [how, stdout, complaints] = await Promise.all([
    end,
    readAll(child.stdout),
    readComplaints(child.stderr, context, vectors.plan.cyclesPerImage, (images) => onResume(images)),
    feedProgram(feed, child.stdin),
  ]);
  throwIfStopped(stop);
  const outcome = parseOutput(stdout);
  if (outcome !== null) return outcome;
  if (checkpoint !== null && how.exitCode === FOREIGN_CHECKPOINT) {
    throw foreignCheckpoint(checkpoint.path, complaints.join('\n'));
  }
  const reason = how.signal ?? `exit code ${how.exitCode}`;
  throw buildFault(`the simulation broke off: ${reason}`, build, [stdout, ...complaints].join('\n'));
}

/**
 * Verilator with the build compiled into it, from the cache if the same Verilog was compiled before.
 * @throws SpikemillError TOOL without Verilator, and if it does not take the Verilog (see buildFault)
 */
export const prepareVerilator: PrepareEngine = async (build, options) => {
  const { stop, onCompile } = options;
  const simulator = await findSimulator(TOOL, stop);
  const design = designArgs(build, options);
  const key = simulatorKey(build, HARNESS_FILES, [TOOL.name, simulator.version, ...FLAGS, ...design, probeText(build)]);
  const folder = await cached(key, (temporary) => {
    onCompile();
    return compile(build, design, temporary, stop);
  });
  const executable = join(folder, EXECUTABLE);
  return { simulator, key, run: (...run) => simulate(build, executable, ...run) };
};
