/** The programs that spikemill calls: what for, from which version on, and how to get them. */
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';

/** One entry of data/tools.json, which scripts/bootstrap.mjs reads, too. */
export interface Tool {
  readonly name: string;
  /** Program and arguments that print its version. */
  readonly command: readonly string[];
  /** Regular expression that finds the version in what the command prints. */
  readonly versionPattern: string;
  readonly minimum: string | null;
  /** Without it the demo and `verify run` do not work. */
  readonly required: boolean;
  /** What does not work without it. */
  readonly purpose: string;
  /** null: not to be had from Debian. */
  readonly debianPackage: string | null;
  /** Programs that do as well, and take the same arguments. */
  readonly alternatives?: readonly string[];
  /** How to get it where Debian does not have it. */
  readonly install?: string;
}

export interface ToolState {
  readonly tool: Tool;
  /** null: not found. */
  readonly version: string | null;
  /** Found, and new enough. */
  readonly isUsable: boolean;
}

const VERSION_TIMEOUT_MS = 10_000;

export function readTools(): readonly Tool[] {
  return JSON.parse(readFileSync(new URL('../data/tools.json', import.meta.url), 'utf8'));
}

/** The line that installs a tool. */
export function installLine({ name, debianPackage, minimum, install }: Tool): string {
  if (debianPackage !== null) return `apt-get install -y ${debianPackage}`;
  if (install !== undefined) return install;
  return `install ${name}${minimum === null ? '' : ` ${minimum} or newer`}`;
}

/** Whether dotted `version` is `minimum` or newer, number by number. */
export function isAtLeast(version: string, minimum: string): boolean {
  const numbers = version.split('.').map((part) => Number.parseInt(part, 10) || 0);
  for (const [i, least] of minimum.split('.').map(Number).entries()) {
    const number = numbers[i] ?? 0;
    if (number !== least) return number > least;
  }
  return true;
}

/** What a program prints; null if it is not there, fails in silence, or does not end. Some fail after their help. */
async function outputOf(program: string, args: readonly string[]): Promise<string | null> {
  try {
    // Some print their version on stderr.
    const { stdout, stderr } = await promisify(execFile)(program, args, { timeout: VERSION_TIMEOUT_MS });
    return `${stdout}\n${stderr}`;
  } catch (error) {
    const { code, stdout, stderr } = error as { code?: unknown; stdout?: string; stderr?: string };
    const output = `${stdout}\n${stderr}`;
    return typeof code === 'number' && output.trim() !== '' ? output : null;
  }
}

/** Asks one tool for its version. */
export async function inspectTool(tool: Tool): Promise<ToolState> {
  const [program = tool.name, ...args] = tool.command;
  for (const candidate of [program, ...(tool.alternatives ?? [])]) {
    const output = await outputOf(candidate, args);
    if (output === null) continue;
    const version = new RegExp(tool.versionPattern).exec(output)?.[1] ?? 'unknown';
    return { tool, version, isUsable: tool.minimum === null || isAtLeast(version, tool.minimum) };
  }
  return { tool, version: null, isUsable: false };
}
