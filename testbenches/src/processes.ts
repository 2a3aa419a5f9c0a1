/** Child processes that leave nothing behind: each has a process group of its own that is killed whole. */
import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { SpikemillError } from '@spikemill/golden-model';

/** Process groups that run now. */
const groups = new Set<number>();

function killGroup(group: number): void {
  try {
    process.kill(-group, 'SIGKILL');
  } catch {
    // it ended by itself meanwhile
  }
}

/** Things to do when this process ends, however it does: children are no children of the terminal's signals. */
let isHooked = false;
const cleanups = new Set<() => void>();

function hookExit(): void {
  if (isHooked) return;
  isHooked = true;
  process.once('exit', () => {
    for (const group of groups) killGroup(group);
    for (const cleanup of cleanups) cleanup();
  });
}

/** Runs `work`; `cleanup` runs when it is done, or when the process ends before. */
export async function withCleanup<T>(cleanup: () => void, work: () => Promise<T>): Promise<T> {
  hookExit();
  cleanups.add(cleanup);
  try {
    return await work();
  } finally {
    cleanups.delete(cleanup);
    cleanup();
  }
}

/** Path of a program; null if PATH has none. */
export function findProgram(name: string): string | null {
  for (const folder of (process.env.PATH ?? '').split(delimiter)) {
    if (folder === '') continue;
    const path = join(folder, name);
    try {
      accessSync(path, constants.X_OK);
      return path;
    } catch {
      // not here
    }
  }
  return null;
}

/** A limit of time and the caller's wish to stop, in one signal. */
export interface Stop {
  readonly signal: AbortSignal;
  /** Ends the watch. */
  readonly release: () => void;
}

/**
 * Starts the clock.
 * @param seconds undefined: no limit
 */
export function watchStop(wish: AbortSignal | undefined, seconds: number | undefined): Stop {
  const controller = new AbortController();
  const follow = (): void => controller.abort(wish?.reason);
  wish?.addEventListener('abort', follow, { once: true });
  if (wish?.aborted) follow();
  const giveUp = (): void => {
    controller.abort(
      new SpikemillError('TIMEOUT', 'the time limit is over', {
        where: '--time-limit',
        expected: `an end within ${seconds} s`,
        suggestions: ['allow more time, or run fewer images'],
      }),
    );
  };
  const timer = seconds === undefined ? undefined : setTimeout(giveUp, 1000 * seconds);
  const release = (): void => {
    clearTimeout(timer);
    wish?.removeEventListener('abort', follow);
  };
  return { signal: controller.signal, release };
}

/** @throws the reason if work is to stop: SpikemillError TIMEOUT, or what the caller gave */
export function throwIfStopped(stop: AbortSignal): void {
  if (stop.aborted) throw stop.reason;
}

/** How a program ended. */
export interface ProgramEnd {
  /** null: a signal ended it. */
  readonly exitCode: number | null;
  readonly signal: string | null;
}

export interface RunningProgram {
  readonly child: ChildProcessByStdio<Writable, Readable, Readable>;
  /** Settles when it has ended and everything that it wrote was read; rejects if it could not be started. */
  readonly end: Promise<ProgramEnd>;
}

/** Starts a program in a process group of its own; the group dies with `stop` and with this process. */
export function startProgram(program: string, args: readonly string[], cwd: string, stop: AbortSignal): RunningProgram {
  hookExit();
  const child = spawn(program, args, { cwd, detached: true, stdio: ['pipe', 'pipe', 'pipe'] });
  const { pid } = child;
  const kill = (): void => {
    if (pid !== undefined) killGroup(pid);
  };
  if (pid !== undefined) groups.add(pid);
  stop.addEventListener('abort', kill, { once: true });
  if (stop.aborted) kill();
  const end = new Promise<ProgramEnd>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (exitCode, signal) => resolve({ exitCode, signal }));
  }).finally(() => {
    if (pid !== undefined) groups.delete(pid);
    stop.removeEventListener('abort', kill);
  });
  return { child, end };
}

/** Everything that comes out of a stream, as text. */
export async function readAll(stream: Readable): Promise<string> {
  let text = '';
  for await (const chunk of stream.setEncoding('utf8')) text += chunk;
  return text;
}

export interface ProgramRun extends ProgramEnd {
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Runs a program to its end.
 * @throws as throwIfStopped
 */
export async function runProgram(
  program: string,
  args: readonly string[],
  cwd: string,
  stop: AbortSignal,
): Promise<ProgramRun> {
  const { child, end } = startProgram(program, args, cwd, stop);
  child.stdin.end();
  const [how, stdout, stderr] = await Promise.all([end, readAll(child.stdout), readAll(child.stderr)]);
  throwIfStopped(stop);
  return { ...how, stdout, stderr };
}
