/** Runs one tool to its end: log file, elapsed time, peak memory, and what it means if it does not come back. */
import { closeSync, openSync, readFileSync, writeSync } from 'node:fs';
import { totalmem } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { SpikemillError } from '@spikemill/golden-model';
import { startProgram, throwIfStopped } from '@spikemill/testbenches';
import type { Tool } from './tools.js';

export interface ToolRun {
  readonly seconds: number;
  /** Megabytes of memory at the most; null where the system does not tell. */
  readonly peakMegabytes: number | null;
}

export interface ToolEnd extends ToolRun {
  readonly exitCode: number;
  /** What the tool printed. */
  readonly output: string;
}

const MEGABYTE = 2 ** 20;
const POLL_MS = 200;

/** Largest resident set of a process so far, in megabytes; null where there is no /proc, or no process. */
function peakOf(pid: number): number | null {
  try {
    const kilobytes = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    return kilobytes === undefined ? null : Math.round(Number(kilobytes) / 1024);
  } catch {
    return null;
  }
}

const OUT_OF_MEMORY = /bad_alloc|out of memory|heap out of memory|memory access out of bounds|Cannot allocate memory/i;

function killed(tool: Tool, how: string, { seconds, peakMegabytes }: ToolRun, log: string): SpikemillError {
  const peak = peakMegabytes === null ? '' : `, at ${peakMegabytes} MB`;
  return new SpikemillError('TOOL', `${tool.name} was ended from outside, most likely because memory ran out`, {
    where: log,
    actual: `${how} after ${seconds.toFixed(0)} s${peak}; this machine has ${Math.round(totalmem() / MEGABYTE)} MB`,
    suggestions: [
      'close other programs, or use a machine with more memory',
      'leave out --flatten: modules one by one take a fraction of the memory',
      'choose a smaller plan',
    ],
  });
}

/** Hands on every line of a stream as it comes, and keeps the text. */
function follow(stream: Readable, onLine: (line: string) => void): () => string {
  let text = '';
  let rest = '';
  stream.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk;
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) onLine(line);
  });
  return () => text;
}

/**
 * Runs a tool in a folder. Its output goes to `NAME.log` there.
 *
 * @param onLine each line of the output as it comes.
 * @throws SpikemillError TOOL if it cannot be started or was killed; as throwIfStopped.
 */
export async function runTool(
  tool: Tool,
  args: readonly string[],
  folder: string,
  stop: AbortSignal,
  onLine: (line: string) => void = () => undefined,
): Promise<ToolEnd> {
  const started = performance.now();
  const log = join(folder, `${tool.name}.log`);
  const { child, end } = startProgram(tool.program, [...tool.leadingArgs, ...args], folder, stop);
  child.stdin.on('error', () => undefined).end();
  const file = openSync(log, 'w');
  const logLine = (line: string): void => {
    writeSync(file, `${line}\n`);
    onLine(line);
  };
  const texts = [follow(child.stdout, logLine), follow(child.stderr, logLine)];
  let peakMegabytes: number | null = null;
  const timer = setInterval(() => {
    peakMegabytes = (child.pid === undefined ? null : peakOf(child.pid)) ?? peakMegabytes;
  }, POLL_MS);
  let how: Awaited<typeof end>;
  try {
    how = await end;
  } catch (cause) {
    throw new SpikemillError('TOOL', `${tool.name} cannot be started`, { where: tool.program, cause });
  } finally {
    clearInterval(timer);
    closeSync(file);
  }
  throwIfStopped(stop);
  const run = { seconds: (performance.now() - started) / 1000, peakMegabytes };
  const output = texts.map((text) => text()).join('');
  if (how.signal !== null) throw killed(tool, how.signal, run, log);
  if (how.exitCode !== 0 && OUT_OF_MEMORY.test(output)) throw killed(tool, `exit code ${how.exitCode}`, run, log);
  return { ...run, exitCode: how.exitCode ?? 1, output };
}

/** The lines of a tool's output that say what is wrong. */
export function firstErrors(output: string): string {
  const lines = output.split('\n').filter((line) => line.trim() !== '');
  const errors = lines.filter((line) => /^(\S+: )?error\b/i.test(line));
  return (errors.length > 0 ? errors : lines.slice(-3)).slice(0, 3).join('\n');
}
