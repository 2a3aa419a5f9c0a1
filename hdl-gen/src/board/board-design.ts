/** makeBoardDesign(): what comes on top of an accelerator's build to put it on a board. Pure, as generate(). */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Board, boardPorts, constraintFiles, type DividedClock } from '@spikemill/constraints';
import { type NetworkConfig, SpikemillError } from '@spikemill/golden-model';
import { GENERATOR } from '../generate.js';
import { type Manifest, sha256 } from '../manifest.js';
import { isIdentifier } from '../verilog/check.js';
import { BOARD_LIBRARY_FOLDER, libraryFiles } from '../verilog/library.js';
import { printConstants, printStructure } from '../verilog/print.js';
import { type BridgeConstants, CORE_CLOCK, makeBoardTop } from './board-top.js';
import { clocksPerBit } from './line-rate.js';

export const DEFAULT_BOARD_TOP = 'spikemill_board';
export const DEFAULT_BAUD = 115_200;
/** A host that is this late in the midst of a frame has given up; operating systems pause for less. */
export const DEFAULT_TIMEOUT_MILLISECONDS = 100;

export interface BoardOptions {
  /** Bits per second of the serial line. */
  readonly baud?: number;
  /** Oscillator cycles per cycle of the design, 1 or even; the board's default if left out. */
  readonly divide?: number;
  /** Longest pause within a frame. */
  readonly timeoutMilliseconds?: number;
  /** Name of the top module and of its file. */
  readonly top?: string;
}

/** An accelerator as its build folder describes it. */
export interface BuiltAccelerator {
  readonly manifest: Manifest;
  readonly config: NetworkConfig;
}

export interface BoardDesign {
  readonly board: Board;
  /** Top module: its ports are the pins of the board. */
  readonly top: string;
  /** New files by path relative to the build folder: Verilog, constants, constraints. */
  readonly files: ReadonlyMap<string, string>;
  /** All Verilog sources, the accelerator's included, in the order in which tools read them. */
  readonly sources: readonly string[];
  readonly includes: readonly string[];
  /** Names of the constraint files among `files`. */
  readonly constraints: readonly string[];
  readonly baud: number;
  /** Clock of the design. */
  readonly clockKHz: number;
  /** Oscillator cycles per cycle of the design. */
  readonly divide: number;
}

function checkOptions(divide: number, top: string, accelerator: string): void {
  if (!Number.isInteger(divide) || divide < 1 || (divide > 1 && divide % 2 === 1)) {
    throw new SpikemillError('USAGE', 'the clock cannot be divided by this', {
      where: '--clock-divide',
      expected: '1 or an even number',
      actual: String(divide),
      suggestions: [`--clock-divide ${Math.max(1, 2 * Math.round(divide / 2))}`],
    });
  }
  if (!isIdentifier(top) || top === accelerator) {
    throw new SpikemillError('USAGE', 'the name of the top module cannot be used', {
      where: '--top',
      expected: `a Verilog identifier other than ${accelerator}`,
      actual: top,
      suggestions: [`leave out --top: ${DEFAULT_BOARD_TOP}`],
    });
  }
}

const NO_WEIGHTS_FROM = {
  stream: 'a board has no stream for weights',
  external: 'a board design has no external memory for weights',
} as const;

/** The serial bridge has one stream, and it is that of the images; pins and a controller of DRAM are of no board here. */
function checkWeights({ plan: { weights } }: Manifest): void {
  if (weights === 'image') return;
  throw new SpikemillError('PLAN', NO_WEIGHTS_FROM[weights], {
    where: 'plan.weights',
    expected: 'image',
    actual: weights,
    suggestions: ['generate the accelerator with --weights image'],
  });
}

/** Constants of the serial bridge. */
function bridgeConstants(
  { manifest, config }: BuiltAccelerator,
  clockKHz: number,
  baud: number,
  timeoutMilliseconds: number,
): BridgeConstants {
  const digest = Buffer.from(manifest.digests[manifest.network]!, 'hex');
  return {
    ClocksPerBit: clocksPerBit(clockKHz, baud),
    TimeoutClocks: Math.round(clockKHz * timeoutMilliseconds),
    Channels: config.inChannels,
    Height: config.imageHeight,
    Width: config.imageWidth,
    Classes: config.numClasses,
    Timesteps: config.timesteps,
    ClockKHz: clockKHz,
    Digest0: digest.readUInt16LE(0),
    Digest1: digest.readUInt16LE(2),
    Digest2: digest.readUInt16LE(4),
    Digest3: digest.readUInt16LE(6),
  };
}

/**
 * Puts an accelerator on a board: a top that hangs it on the board's serial line, and the constraint files.
 *
 * @throws SpikemillError USAGE for a baud rate or a divider that the board's clock cannot make.
 */
export function makeBoardDesign(accelerator: BuiltAccelerator, board: Board, options: BoardOptions = {}): BoardDesign {
  const { manifest } = accelerator;
  const { baud = DEFAULT_BAUD, divide = board.clock.divide, top = DEFAULT_BOARD_TOP } = options;
  const { timeoutMilliseconds = DEFAULT_TIMEOUT_MILLISECONDS } = options;
  checkWeights(manifest);
  checkOptions(divide, top, manifest.top);
  const clockKHz = Math.round((1000 * board.clock.megahertz) / divide);
  const ports = boardPorts(board);
  const { led, reset } = board;
  const structure = makeBoardTop({
    name: top,
    header: [
      `Generated by ${GENERATOR} for the board ${board.name} from the accelerator ${sha256(JSON.stringify(manifest.digests)).slice(0, 16)}.`,
      `Do not edit; regenerate with: ${regenerate(board, baud, divide, top)}`,
    ],
    accelerator: {
      top: manifest.top,
      images: Object.fromEntries(manifest.memories.map(({ name, file }) => [name, file])),
    },
    ports,
    divide,
    ledActiveLow: led?.activeLow ?? false,
    resetActiveLow: reset?.activeLow ?? false,
    bridge: bridgeConstants(accelerator, clockKHz, baud, timeoutMilliseconds),
  });
  const divided: DividedClock = { divide, ...CORE_CLOCK };
  const constraints = constraintFiles(board, ports, divided);
  const library = libraryFiles(BOARD_LIBRARY_FOLDER);
  const files = new Map([
    ...library.map((name) => [`rtl/${name}`, readFileSync(join(BOARD_LIBRARY_FOLDER, name), 'utf8')] as const),
    [structure.constantsFile, printConstants(structure)],
    [`${top}.v`, printStructure(structure)],
    ...constraints,
  ]);
  return {
    board,
    top,
    files,
    sources: [...manifest.files, ...library.map((name) => `rtl/${name}`), `${top}.v`],
    includes: [...manifest.includes, structure.constantsFile],
    constraints: [...constraints.keys()],
    baud,
    clockKHz,
    divide,
  };
}

/** How to make the same files again, for their heads. */
function regenerate({ name, clock }: Board, baud: number, divide: number, top: string): string {
  const division = divide === clock.divide ? '' : ` --clock-divide ${divide}`;
  const topName = top === DEFAULT_BOARD_TOP ? '' : ` --top ${top}`;
  return `spikemill board generate BUILD -o FOLDER --board ${name} --baud ${baud}${division}${topName}`;
}
