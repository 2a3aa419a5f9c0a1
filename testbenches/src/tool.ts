/** Checks on the simulators before they are used. */
import { SpikemillError } from '@spikemill/golden-model';
import { findProgram, runProgram } from './processes.js';

/** Whether dotted `version` is `minimum` or newer, number by number. */
export function isAtLeast(version: string, minimum: string): boolean {
  const numbers = version.split('.').map(Number);
  for (const [i, least] of minimum.split('.').map(Number).entries()) {
    const number = numbers[i] ?? 0;
    if (number !== least) return number > least;
  }
  return true;
}

export interface Simulator {
  readonly name: 'verilator' | 'icarus';
  readonly version: string;
}

/** What a simulator consists of. */
export interface SimulatorTool {
  readonly name: Simulator['name'];
  /** Arguments of the first program that print the version. */
  readonly versionArgs: readonly string[];
  readonly versionPattern: RegExp;
  readonly minimum: string;
  /** All programs that are needed, the one that knows the version first. */
  readonly programs: readonly string[];
  /** The Debian packages that hold them. */
  readonly packages: readonly string[];
}

function unusable(tool: SimulatorTool, message: string, actual: string): SpikemillError {
  return new SpikemillError('TOOL', message, {
    where: 'PATH',
    expected: `${tool.programs.join(', ')}; ${tool.programs[0]} ${tool.minimum} or newer`,
    actual,
    suggestions: [`apt-get install -y ${tool.packages.join(' ')}`, 'spikemill doctor'],
  });
}

/**
 * Finds a simulator with all that it needs.
 * @throws SpikemillError TOOL if something is missing or too old
 */
export async function findSimulator(tool: SimulatorTool, stop: AbortSignal): Promise<Simulator> {
  const missing = tool.programs.filter((program) => findProgram(program) === null);
  if (missing.length > 0) throw unusable(tool, 'a simulator is missing', `no ${missing.join(', no ')}`);
  const { stdout, stderr } = await runProgram(tool.programs[0]!, tool.versionArgs, process.cwd(), stop);
  const output = stdout + stderr;
  const version = tool.versionPattern.exec(output)?.[1];
  if (version === undefined) throw unusable(tool, 'a simulator does not say its version', output.slice(0, 200));
  if (!isAtLeast(version, tool.minimum)) throw unusable(tool, 'a simulator is too old', version);
  return { name: tool.name, version };
}
