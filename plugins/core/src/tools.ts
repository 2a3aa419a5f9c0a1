/** The programs that spikemill calls: what for, from which version on, and how to get them. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

export interface Tool {
  readonly name: string;
  /** Program and arguments that print its version. */
  readonly command: readonly [program: string, ...args: string[]];
  /** Finds the version in what the command prints. */
  readonly pattern: RegExp;
  readonly minimum: string | null;
  /** Without it `demo`, `verify` and the tests do not work. */
  readonly isRequired: boolean;
  /** What does not work without it. */
  readonly purpose: string;
  /** The line that installs it on Debian and Ubuntu. */
  readonly install: string;
}

const NUMBER = /(\d+(?:\.\d+)+)/;

function apt(name: string): string {
  return `apt-get install -y ${name}`;
}

export const TOOLS: readonly Tool[] = [
  {
    name: 'node',
    command: ['node', '--version'],
    pattern: NUMBER,
    minimum: '20.19',
    isRequired: true,
    purpose: 'everything',
    install: 'see https://nodejs.org, version 20.19 or newer',
  },
  {
    name: 'verilator',
    command: ['verilator', '--version'],
    pattern: NUMBER,
    minimum: '5.006',
    isRequired: true,
    purpose: 'verify run: simulation of the generated Verilog',
    install: apt('verilator'),
  },
  {
    name: 'g++',
    command: ['g++', '-dumpfullversion', '-dumpversion'],
    pattern: NUMBER,
    minimum: '10.0',
    isRequired: true,
    purpose: 'verify run: compiles what Verilator writes',
    install: apt('g++'),
  },
  {
    name: 'make',
    command: ['make', '--version'],
    pattern: NUMBER,
    minimum: null,
    isRequired: true,
    purpose: 'verify run: drives the compiler',
    install: apt('make'),
  },
  {
    name: 'ccache',
    command: ['ccache', '--version'],
    pattern: NUMBER,
    minimum: null,
    isRequired: false,
    purpose: 'fast second builds of a simulation',
    install: apt('ccache'),
  },
  {
    name: 'yosys',
    command: ['yosys', '-V'],
    pattern: /Yosys (\S+)/,
    minimum: '0.23',
    isRequired: false,
    purpose: 'synthesized cell counts and the proof that there is no multiplier',
    install: apt('yosys'),
  },
  {
    name: 'iverilog',
    command: ['iverilog', '-V'],
    pattern: /version (\S+)/,
    minimum: '11.0',
    isRequired: false,
    purpose: 'a second simulator as a second opinion',
    install: apt('iverilog'),
  },
  {
    name: 'nextpnr-ice40',
    command: ['nextpnr-ice40', '--version'],
    pattern: /Version ([^\s)]+)/,
    minimum: null,
    isRequired: false,
    purpose: 'place and route for iCE40',
    install: apt('nextpnr-ice40'),
  },
  {
    name: 'nextpnr-ecp5',
    command: ['nextpnr-ecp5', '--version'],
    pattern: /Version ([^\s)]+)/,
    minimum: null,
    isRequired: false,
    purpose: 'place and route for ECP5',
    install: apt('nextpnr-ecp5'),
  },
];

export interface ToolState {
  readonly tool: Tool;
  /** null: not found. */
  readonly version: string | null;
  /** Found, and new enough. */
  readonly isUsable: boolean;
}

/** Whether dotted `version` is `minimum` or newer, number by number. */
export function isAtLeast(version: string, minimum: string): boolean {
  const numbers = version.split('.').map((part) => Number.parseInt(part, 10) || 0);
  const wanted = minimum.split('.').map(Number);
  for (const [i, least] of wanted.entries()) {
    const number = numbers[i] ?? 0;
    if (number !== least) return number > least;
  }
  return true;
}

/** Asks one tool for its version. */
export async function inspectTool(tool: Tool): Promise<ToolState> {
  const [program, ...args] = tool.command;
  try {
    // Some print their version on stderr.
    const { stdout, stderr } = await promisify(execFile)(program, args, { timeout: 10_000 });
    const version = tool.pattern.exec(`${stdout}\n${stderr}`)?.[1] ?? 'unknown';
    return { tool, version, isUsable: tool.minimum === null || isAtLeast(version, tool.minimum) };
  } catch {
    return { tool, version: null, isUsable: false };
  }
}
