/** The cycle-accurate simulator: the build and its harness, compiled by Verilator. */
import { renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Readable, type Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setImmediate } from 'node:timers/promises';
import { type ImageSet, imageAt, SpikemillError } from '@spikemill/golden-model';
import { acceleratorOf, type Build } from './build.js';
import { cached } from './cache.js';
import { type PrepareEngine, type RunOutcome, type RunSettings, type RunSummary, stuckCycles } from './engine.js';
import type { MismatchEvent } from './mismatch.js';
import { findProgram, readAll, runProgram, startProgram, throwIfStopped } from './processes.js';
import { buildFault, harnessFile, harnessParameters, simulatorKey } from './sources.js';
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
const HARNESS_FILES = ['smx_harness.v', 'smx_harness.cpp', 'smx_vectors.h'] as const;
const EXECUTABLE = 'simulator';

/**
 * Unknown values are random, a memory access that must not be relied on yields the wrong word. Warnings are those of
 * somebody who changed the build: the generated text has none, which tests see to.
 */
export const FLAGS = [
  ...['--cc', '--exe', '--build', '-j', '2'],
  ...['--language', '1364-2005', '-Wno-fatal', '-Wno-lint', '-Wno-style'],
  ...['--x-assign', 'unique', '--x-initial', 'unique', '-DSMX_POISON'],
  ...['-O3', '-CFLAGS', '-std=c++17 -O1', '-MAKEFLAGS', 'OPT_FAST=-O1 OPT_SLOW=-O0 OPT_GLOBAL=-O0'],
];

/** Arguments that depend on the build. */
function designArgs(build: Build): string[] {
  const parameters = harnessParameters(build).map(([name, value]) => `-G${name}=${value}`);
  return ['--top-module', HARNESS_TOP, `-DSMX_TOP=${acceleratorOf(build)}`, ...parameters];
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

async function compile(build: Build, folder: string, stop: AbortSignal): Promise<void> {
  const objects = join(folder, 'objects');
  const ccache = findProgram('ccache') === null ? [] : ['-MAKEFLAGS', 'OBJCACHE=ccache'];
  const sources = [...build.manifest.files, harnessFile('smx_harness.v'), harnessFile('smx_harness.cpp')];
  const args = [...FLAGS, ...designArgs(build), ...ccache, '-I.', '--Mdir', objects, ...sources];
  const { exitCode, stdout, stderr } = await runProgram('verilator', args, build.folder, stop);
  if (exitCode !== 0) throw compileError(build, folder, stderr + stdout);
  renameSync(join(objects, `V${HARNESS_TOP}`), join(folder, EXECUTABLE));
  rmSync(objects, { recursive: true });
}

/** The vectors, made while the simulator works on those before: at most a few images are in memory at a time. */
async function* streamVectors(vectors: Vectors, images: ImageSet, { first, limit }: RunSettings) {
  yield encodeHeader(vectors, limit, first);
  for (let i = first; i < first + limit; i++) {
    const image = imageAt(images, i);
    yield encodeImage(image, vectors.expect(image));
    // signals and the simulator's progress are seen in between
    await setImmediate();
  }
}

function simulatorArgs(vectors: Vectors, settings: RunSettings): string[] {
  const { seed, idlePercent, stallPercent, badFrames, resetAtCycle } = settings;
  const options: [name: string, value: number][] = [
    ['seed', seed],
    ['idle', idlePercent],
    ['stall', stallPercent],
    ['bad-frames', badFrames],
    ['timeout', stuckCycles(vectors)],
    ['cycles', vectors.plan.cyclesPerImage],
    ...(resetAtCycle === null ? [] : [['reset-at', resetAtCycle] as [string, number]]),
  ];
  // Verilator takes a seed of 0 for "any"
  const random = ['+verilator+rand+reset+2', `+verilator+seed+${seed + 1}`];
  return [...random, ...options.flatMap(([name, value]) => [`--${name}`, String(value)])];
}

/** The JSON lines among what the simulator printed. */
function parseOutput(output: string): RunOutcome | null {
  const lines = output.split('\n').filter((line) => line.startsWith('{'));
  const events = lines.map((line) => JSON.parse(line) as MismatchEvent | (RunSummary & { kind: 'summary' }));
  let event: MismatchEvent | null = null;
  let summary: RunSummary | null = null;
  for (const each of events) {
    if (each.kind === 'summary') {
      const { kind: _kind, ...counts } = each;
      summary = counts;
    } else event = each;
  }
  return summary === null ? null : { summary, event };
}

const PROGRESS = /^image (\d+)\//;

/** Tells the progress; everything else that the simulator says on stderr is returned. */
async function readComplaints(stderr: Readable, onImage: (done: number) => void): Promise<string[]> {
  const complaints: string[] = [];
  for await (const line of createInterface({ input: stderr })) {
    const done = PROGRESS.exec(line)?.[1];
    if (done === undefined) complaints.push(line);
    else onImage(Number(done));
  }
  return complaints;
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
  stop: AbortSignal,
  onImage: (done: number) => void,
): Promise<RunOutcome> {
  const { child, end } = startProgram(executable, simulatorArgs(vectors, settings), build.folder, stop);
  const feed = Readable.from(streamVectors(vectors, images, settings), { objectMode: true, highWaterMark: 1 });
  const [how, stdout, complaints] = await Promise.all([
    end,
    readAll(child.stdout),
    readComplaints(child.stderr, onImage),
    feedProgram(feed, child.stdin),
  ]);
  throwIfStopped(stop);
  const outcome = parseOutput(stdout);
  if (outcome !== null) return outcome;
  const reason = how.signal ?? `exit code ${how.exitCode}`;
  throw buildFault(`the simulation broke off: ${reason}`, build, [stdout, ...complaints].join('\n'));
}

/**
 * Verilator with the build compiled into it, from the cache if the same Verilog was compiled before.
 * @throws SpikemillError TOOL without Verilator, and if it does not take the Verilog (see buildFault)
 */
export const prepareVerilator: PrepareEngine = async (build, stop, onCompile) => {
  const simulator = await findSimulator(TOOL, stop);
  const key = simulatorKey(build, HARNESS_FILES, [TOOL.name, simulator.version, ...FLAGS, ...designArgs(build)]);
  const folder = await cached(key, (temporary) => {
    onCompile();
    return compile(build, temporary, stop);
  });
  const executable = join(folder, EXECUTABLE);
  return { simulator, run: (...run) => simulate(build, executable, ...run) };
};
