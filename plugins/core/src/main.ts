/** The frame around every command: signals, exit codes, errors as text or as the one JSON document. */
import { flush, run } from '@oclif/core';
import { removeTemporaries, SpikemillError } from '@spikemill/golden-model';
import { describeError, reportError, silentExitCode } from './errors.js';
import { formatJson } from './json.js';

/** As shells count: 128 + the number of the signal. */
const SIGNAL_EXIT_CODES = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;

function installSignalHandlers(): void {
  for (const [signal, exitCode] of Object.entries(SIGNAL_EXIT_CODES)) {
    process.once(signal, () => {
      removeTemporaries();
      process.stderr.write(`\ninterrupted (${signal}); nothing half-written is left\n`);
      process.exit(exitCode);
    });
  }
}

/** A reader that has seen enough, such as `head`, closes the pipe: no error. A full disk is one. */
function watchStdout(): void {
  process.stdout.on('error', (cause: NodeJS.ErrnoException) => {
    if (cause.code === 'EPIPE') process.exit();
    const error = new SpikemillError('OUTPUT_FAILED', `writing failed: ${cause.message}`, { where: 'stdout', cause });
    process.stderr.write(`${describeError(error)}\n`, () => process.exit(error.exitCode));
  });
}

/** Whether `--json` is among the flags, also when the command never came to parse them. */
function wantsJson(args: readonly string[]): boolean {
  const end = args.indexOf('--');
  return args.slice(0, end === -1 ? undefined : end).includes('--json');
}

/** Prints the error and ends the process with its code. */
function fail(error: unknown, args: readonly string[]): void {
  const silent = silentExitCode(error);
  if (silent !== null) process.exit(silent);
  const report = reportError(error);
  process.exitCode = report.exitCode;
  const exit = (): never => process.exit(report.exitCode);
  if (wantsJson(args)) process.stdout.write(`${formatJson({ error: report })}\n`, exit);
  else process.stderr.write(`${describeError(error)}\n`, exit);
}

/**
 * Runs the command line.
 * @param url import.meta.url of the binary: oclif finds the package around it
 */
export async function main(url: string): Promise<void> {
  const args = process.argv.slice(2);
  installSignalHandlers();
  watchStdout();
  try {
    await run(args, url);
    await flush();
  } catch (error) {
    fail(error, args);
  }
}
