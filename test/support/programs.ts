/** Programs that tests call. */
import { spawnSync } from 'node:child_process';

/** Runs a program; what it printed if it ends with 0, else an error with it. */
export function runProgram(program: string, args: readonly string[], cwd?: string): string {
  const { status, stdout, stderr, error } = spawnSync(program, args, {
    ...(cwd === undefined ? {} : { cwd }),
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  if (error !== undefined) throw error;
  if (status !== 0) throw new Error(`${program} ${args.join(' ')}\nended with ${status}:\n${stdout}${stderr}`);
  return stdout + stderr;
}
