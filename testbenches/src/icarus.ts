/** A second opinion: the same design and vectors in Icarus Verilog, which knows unknown values. For small designs. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { type ImageSet, imageShape, SpikemillError, tokenCount } from '@spikemill/golden-model';
import { segmentsOf } from '@spikemill/hdl-gen';
import { acceleratorOf, type Build } from './build.js';
import { cached } from './cache.js';
import { type PrepareEngine, type RunContext, type RunOutcome, type RunSettings, stuckCycles } from './engine.js';
import { Lockstep } from './lockstep.js';
import { readAll, runProgram, startProgram, throwIfStopped, withCleanup } from './processes.js';
import { buildFault, harnessFile, harnessParameters, simulatorKey } from './sources.js';
import { findSimulator, type SimulatorTool } from './tool.js';
import type { Vectors } from './vectors.js';

const TOOL: SimulatorTool = {
  name: 'icarus',
  versionArgs: ['-V'],
  versionPattern: /Icarus Verilog version (\d+(?:\.\d+)*)/,
  minimum: '11',
  programs: ['iverilog', 'vvp'],
  packages: ['iverilog'],
};

const TOP = 'smx_icarus';
const HARNESS_FILES = ['smx_harness.v', 'smx_icarus.v'] as const;
const EXECUTABLE = 'simulator.vvp';
const FLAGS = ['-g2005', '-DSMX_POISON', '-I.', '-s', TOP];

function designArgs(build: Build): string[] {
  const { config } = build.network;
  const shape = imageShape(config);
  const parameters: [string, number][] = [
    ...harnessParameters(build),
    ['Pixels', tokenCount(shape) * shape.channels],
    ['Classes', config.numClasses],
  ];
  return [`-DSMX_TOP=${acceleratorOf(build)}`, ...parameters.map(([name, value]) => `-P${TOP}.${name}=${value}`)];
}

async function compile(build: Build, folder: string, stop: AbortSignal): Promise<void> {
  const sources = [...build.manifest.files, ...HARNESS_FILES.map(harnessFile)];
  const args = [...FLAGS, ...designArgs(build), '-o', join(folder, EXECUTABLE), ...sources];
  const { exitCode, stdout, stderr } = await runProgram('iverilog', args, build.folder, stop);
  if (exitCode !== 0) throw buildFault('Icarus Verilog does not take the build', build, stderr + stdout);
}

/** Runs the compiled design on the pixels in a file. */
async function simulate(
  build: Build,
  executable: string,
  pixels: string,
  lockstep: Lockstep,
  args: readonly string[],
  stop: AbortSignal,
  onImage: (done: number) => void,
): Promise<RunOutcome> {
  const { child, end } = startProgram('vvp', ['-n', executable, `+pixels=${pixels}`, ...args], build.folder, stop);
  child.stdin.end();
  const errors = readAll(child.stderr);
  let hasEnded = false;
  for await (const line of createInterface({ input: child.stdout })) {
    const before = lockstep.done;
    lockstep.take(line);
    hasEnded ||= / (end|stuck)$/.test(line);
    if (lockstep.done > before) onImage(lockstep.done);
  }
  const { exitCode } = await end;
  throwIfStopped(stop);
  if (exitCode !== 0 || !hasEnded) {
    throw buildFault(`the simulation broke off: exit code ${exitCode}`, build, await errors);
  }
  return lockstep.outcome();
}

function runImages(
  build: Build,
  executable: string,
  vectors: Vectors,
  images: ImageSet,
  settings: RunSettings,
  { stop, onImage, checkpoint, isPart }: RunContext,
): Promise<RunOutcome> {
  const { first, limit, seed, idlePercent, stallPercent, badFrames, resetAtCycle } = settings;
  if (badFrames > 0 || resetAtCycle !== null || checkpoint !== null || isPart) {
    throw new SpikemillError('USAGE', 'bad frames, resets, checkpoints and stages need Verilator', {
      where: 'simulator',
      actual: TOOL.name,
      suggestions: ['use --simulator verilator'],
    });
  }
  const folder = mkdtempSync(join(tmpdir(), 'spikemill-'));
  const cleanup = (): void => rmSync(folder, { recursive: true, force: true });
  return withCleanup(cleanup, () => {
    const pixels = join(folder, 'pixels.bin');
    writeFileSync(pixels, images.pixels.subarray(first * images.imageBytes, (first + limit) * images.imageBytes));
    const currents = vectors.currentTiles.length > 0 ? 1 : 0;
    const numbers = {
      images: limit,
      seed,
      idle: idlePercent,
      stall: stallPercent,
      stuck: stuckCycles(vectors),
      currents,
    };
    const args = Object.entries(numbers).map(([name, value]) => `+${name}=${value}`);
    return simulate(build, executable, pixels, new Lockstep(vectors, images, settings), args, stop, onImage);
  });
}

/**
 * Icarus Verilog with the build compiled for it, from the cache if the same Verilog was compiled before.
 * @throws SpikemillError TOOL without Icarus Verilog, and if it does not take the Verilog (see buildFault)
 */
export const prepareIcarus: PrepareEngine = async (build, { stop, onCompile }) => {
  if (build.plan.options.weights !== 'image' || segmentsOf(build.plan).length > 0) {
    throw new SpikemillError('USAGE', 'weights from outside and segments need Verilator', {
      where: 'simulator',
      actual: TOOL.name,
      suggestions: ['use --simulator verilator'],
    });
  }
  const simulator = await findSimulator(TOOL, stop);
  const key = simulatorKey(build, HARNESS_FILES, [TOOL.name, simulator.version, ...FLAGS, ...designArgs(build)]);
  const folder = await cached(key, (temporary) => {
    onCompile();
    return compile(build, temporary, stop);
  });
  const executable = join(folder, EXECUTABLE);
  return { simulator, key, run: (...run) => runImages(build, executable, ...run) };
};
