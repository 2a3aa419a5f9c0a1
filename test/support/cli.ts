/** The command line as a process, from the sources. */
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import * as assert from 'uvu/assert';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const DEV = fileURLToPath(new URL('../../bin/dev.js', import.meta.url));

export interface CliResult {
  /** null: ended by a signal. */
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CliOptions {
  /** Working directory. */
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Called at once; may send a signal later. */
  readonly onStart?: (kill: (signal: NodeJS.Signals) => void) => void;
  /** Called with each piece of stderr; may send a signal. */
  readonly onStderr?: (text: string, kill: (signal: NodeJS.Signals) => void) => void;
}

/** Runs `spikemill ARGS`. */
export function runCli(
  args: readonly string[],
  { cwd = ROOT, env = {}, onStart, onStderr }: CliOptions = {},
): Promise<CliResult> {
  const flags = ['--import', import.meta.resolve('tsx'), '--conditions=spikemill-source'];
  const child = spawn(process.execPath, [...flags, DEV, ...args], {
    cwd,
    env: { ...process.env, NO_COLOR: '1', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  onStart?.((signal) => child.kill(signal));
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk) => {
    stdout += chunk;
  });
  child.stderr.on('data', (chunk) => {
    stderr += chunk;
    onStderr?.(stderr, (signal) => child.kill(signal));
  });
  return new Promise((done) => child.on('close', (exitCode) => done({ exitCode, stdout, stderr })));
}

/** Runs with `--json`, asserts the exit code and that stdout is one JSON document, and returns it. */
export async function runJson<T = Record<string, unknown>>(
  args: readonly string[],
  exitCode = 0,
  options: CliOptions = {},
): Promise<T> {
  const result = await runCli([...args, '--json'], options);
  assert.is(result.exitCode, exitCode, `${result.stdout}${result.stderr}`);
  return JSON.parse(result.stdout);
}

/** What `--json` prints for an error. */
export interface ErrorDocument {
  readonly error: {
    readonly code: string;
    readonly message: string;
    readonly where?: string;
    readonly expected?: string;
    readonly actual?: string;
    readonly suggestions: readonly string[];
    readonly exitCode: number;
  };
}
