/** Every way out of the program: which exit code an error has, and how it is told. */
import { Errors } from '@oclif/core';
import { SpikemillError } from '@spikemill/golden-model';

const INTERNAL_EXIT_CODE = 70;
const BUG_HINT = 'this is a bug of spikemill: report it with the command and the lines above';

/** What `--json` prints under `error`; absent fields do not apply. */
export interface ErrorReport {
  readonly code: string;
  readonly message: string;
  readonly where?: string | undefined;
  readonly expected?: string | undefined;
  readonly actual?: string | undefined;
  readonly suggestions: readonly string[];
  readonly exitCode: number;
}

/** oclif's way to end early with a code and without a message, as `this.exit(code)` does. */
export function silentExitCode(error: unknown): number | null {
  return error instanceof Errors.ExitError ? (error.oclif.exit ?? 0) : null;
}

/** What oclif throws: unknown flags, missing arguments, values out of range. */
function isUsageError(error: unknown): error is Errors.CLIError {
  return error instanceof Error && 'oclif' in error;
}

const HELP_HINT = /\nSee more help with --help$/;

const NEEDS_OTHERS = /^ *All of the following must be provided when using (--\S+): (.+)$/m;

/** A flag that only means something beside others. */
function needsOthers(message: string): SpikemillError | null {
  const [, flag, needed] = NEEDS_OTHERS.exec(message) ?? [];
  if (flag === undefined || needed === undefined) return null;
  return new SpikemillError('USAGE', `${flag} has no effect without ${needed}`, {
    where: flag,
    expected: `${needed} beside it`,
    suggestions: [`add ${needed}, or leave out ${flag}`, '--help'],
  });
}

/** oclif spreads "Parsing --flag: what is wrong" over lines and adds a hint; both are put as our own errors are. */
function toSpikemillError({ message, oclif }: Errors.CLIError): SpikemillError {
  const needs = needsOthers(message);
  if (needs !== null) return needs;
  const text = message.replace(HELP_HINT, '').replace(/^Parsing (--\S+) \n\t/, '$1: ');
  const suggestions = HELP_HINT.test(message) ? ['--help'] : [];
  return new SpikemillError(oclif.exit === 2 ? 'USAGE' : 'INTERNAL', text, { suggestions });
}

export function reportError(error: unknown): ErrorReport {
  if (error instanceof SpikemillError) {
    const { code, message, exitCode } = error;
    const { where, expected, actual, suggestions = [] } = error.details;
    return { code, message, where, expected, actual, suggestions, exitCode };
  }
  if (isUsageError(error)) return reportError(toSpikemillError(error));
  const message = error instanceof Error ? error.message : String(error);
  return { code: 'INTERNAL', message, suggestions: [BUG_HINT], exitCode: INTERNAL_EXIT_CODE };
}

/** The same for people: several lines, for stderr. */
export function describeError(error: unknown): string {
  if (error instanceof SpikemillError) return `Error: ${error.describe()}`;
  if (isUsageError(error)) return describeError(toSpikemillError(error));
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return `Internal error: ${stack}\n  try:      ${BUG_HINT}`;
}
