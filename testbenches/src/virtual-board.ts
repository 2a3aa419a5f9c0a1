/** A board made of software: the simulated design of a board, its serial line on a pseudo-terminal. */
import { renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { readFileChecked, SpikemillError } from '@spikemill/golden-model';
import { clocksPerBit, type Manifest, readManifest } from '@spikemill/hdl-gen';
import { cached, cacheKey } from './cache.js';
import { findProgram, type ProgramEnd, readAll, runProgram, startProgram, throwIfStopped } from './processes.js';
import { harnessFile } from './sources.js';
import { findSimulator } from './tool.js';
import { FLAGS, TOOL } from './verilator.js';

export interface VirtualBoard {
  /** Path of the pseudo-terminal: what a real board has as /dev/ttyUSB0. */
  readonly port: string;
  /** Ends it. */
  close(): void;
  /** Settles when it has ended. */
  readonly end: Promise<ProgramEnd>;
}

export interface VirtualBoardOptions {
  readonly signal?: AbortSignal;
  /** Called when the simulation has to be compiled first. */
  readonly onCompile?: () => void;
}

type BoardManifest = Manifest & { readonly board: NonNullable<Manifest['board']> };

const HARNESS = 'smx_board.cpp';
const EXECUTABLE = 'board';
/** The simulation rests when the line is still for this many times the cycles of an image. */
const BUSY_IMAGES = 4;

function readBoardManifest(folder: string): BoardManifest {
  const manifest = readManifest(folder);
  const { board } = manifest;
  if (board !== undefined) return { ...manifest, board };
  throw new SpikemillError('INVALID_CONFIG', 'this build is not for a board', {
    where: folder,
    expected: 'a folder that board generate wrote',
    suggestions: [`spikemill board generate ${folder} --board BOARD -o FOLDER`],
  });
}

/** Names of ports that differ from board to board, as macros of the harness. */
function portMacros(folder: string, { top }: BoardManifest): string[] {
  const text = new TextDecoder().decode(readFileChecked(join(folder, `${top}.v`)));
  const constants = new TextDecoder().decode(readFileChecked(join(folder, `${top}_params.vh`)));
  const clock = /\binput +wire clk_p,/.test(text) ? 'clk_p' : 'clk';
  const released = /ResetActiveLow += 1;/.test(constants) ? 1 : 0;
  const reset = /\binput +wire reset_button\b/.test(text)
    ? ['-DSMX_RESET=reset_button', `-DSMX_RELEASED=${released}`]
    : [];
  return [`-DSMX_CLOCK=${clock}`, ...reset];
}

function compileArgs(folder: string, manifest: BoardManifest): string[] {
  const macros = portMacros(folder, manifest).join(' ');
  return [...FLAGS, '-CFLAGS', macros, '--prefix', 'Vsmx_board', '--top-module', manifest.top, '-I.'];
}

async function compile(folder: string, manifest: BoardManifest, into: string, stop: AbortSignal): Promise<void> {
  const objects = join(into, 'objects');
  const ccache = findProgram('ccache') === null ? [] : ['-MAKEFLAGS', 'OBJCACHE=ccache'];
  const args = [
    ...compileArgs(folder, manifest),
    ...ccache,
    '--Mdir',
    objects,
    ...manifest.files,
    harnessFile(HARNESS),
  ];
  const { exitCode, stdout, stderr } = await runProgram('verilator', args, folder, stop);
  if (exitCode !== 0) {
    throw new SpikemillError('TOOL', 'Verilator does not take the design of the board', {
      where: folder,
      actual: (stderr + stdout).split('\n').filter((line) => /error/i.test(line))[0] ?? stderr,
    });
  }
  renameSync(join(objects, 'Vsmx_board'), join(into, EXECUTABLE));
  rmSync(objects, { recursive: true });
}

/** Path of the executable, from the cache if the same Verilog was compiled before. */
async function prepare(
  folder: string,
  manifest: BoardManifest,
  stop: AbortSignal,
  onCompile: () => void,
): Promise<string> {
  const { version } = await findSimulator(TOOL, stop);
  const sources = [...manifest.files, ...manifest.includes].flatMap((path) => [
    path,
    readFileChecked(join(folder, path)),
  ]);
  const key = cacheKey([version, ...compileArgs(folder, manifest), readFileChecked(harnessFile(HARNESS)), ...sources]);
  const entry = await cached(key, (temporary) => {
    onCompile();
    return compile(folder, manifest, temporary, stop);
  });
  return join(entry, EXECUTABLE);
}

/**
 * Starts the design of a board in Verilator. It runs until it is closed or this process ends.
 *
 * @param folder that board generate wrote.
 * @throws SpikemillError INVALID_CONFIG if it is no such folder, TOOL without Verilator
 */
export async function startVirtualBoard(
  folder: string,
  { signal, onCompile = () => {} }: VirtualBoardOptions = {},
): Promise<VirtualBoard> {
  const stop = signal ?? new AbortController().signal;
  const manifest = readBoardManifest(folder);
  const { baud, clockKHz, divide } = manifest.board;
  const executable = await prepare(folder, manifest, stop, onCompile);
  const clocks = clocksPerBit(clockKHz, baud) * divide;
  const busy = BUSY_IMAGES * manifest.cyclesPerImage * divide;
  const random = ['+verilator+rand+reset+2', '+verilator+seed+1'];
  const { child, end } = startProgram(executable, [String(clocks), String(busy), ...random], folder, stop);
  const port = await new Promise<string | null>((resolve) => {
    createInterface({ input: child.stdout })
      .once('line', resolve)
      .once('close', () => resolve(null));
  });
  throwIfStopped(stop);
  if (port === null) {
    const actual = (await readAll(child.stderr)).trim();
    throw new SpikemillError('TOOL', 'the simulation of the board does not start', { where: folder, actual });
  }
  child.stderr.resume();
  return { port, end, close: () => child.stdin.end() };
}
