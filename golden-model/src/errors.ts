/**
 * The one error class of the toolkit. Levels 0 to 2 throw it; the plugins turn it into an exit code and a printed
 * message. Every code below has a test that provokes it.
 */

/** What went wrong, as a stable word. The value is the process exit code (documented in docs/exit-codes.md). */
export const ERROR_CODES = {
  /** A flag or an argument is off. */
  USAGE: 2,
  /** A file is not what it says it is: truncated, overlapping offsets, wrong dtype, hostile pickle, ... */
  INVALID_FILE: 3,
  /** A tensor is missing, has the wrong shape, or holds NaN or infinity. */
  INVALID_TENSOR: 3,
  /** The network configuration contradicts itself or the tensors. */
  INVALID_CONFIG: 3,
  /** Images or labels do not fit the network. */
  INVALID_IMAGES: 3,
  /** An output folder holds files that the tool did not write. */
  FOREIGN_OUTPUT: 3,
  /** Writing failed: disk full, no permission. */
  OUTPUT_FAILED: 3,
  /** A tool such as Verilator is missing, too old, or failed. */
  TOOL: 4,
  /** A board or its serial port is not there, or does not accept what it is sent. */
  BOARD: 4,
  /** A plan cannot be built as asked: the binding limit is named. */
  PLAN: 5,
  /** A bug of the toolkit. */
  INTERNAL: 70,
  /** A tool ran into its time limit. */
  TIMEOUT: 124,
} as const;

export type ErrorCode = keyof typeof ERROR_CODES;

export interface ErrorDetails {
  /** The place: file, tensor key, flag, JSON pointer. */
  readonly where?: string;
  readonly expected?: string;
  readonly actual?: string;
  /** What the user can do, one sentence each. */
  readonly suggestions?: readonly string[];
  readonly cause?: unknown;
}

export class SpikemillError extends Error {
  override readonly name = 'SpikemillError';
  readonly code: ErrorCode;
  readonly details: ErrorDetails;

  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.code = code;
    this.details = details;
  }

  /** Process exit code of this error. */
  get exitCode(): number {
    return ERROR_CODES[this.code];
  }

  /** The whole story in lines: message, place, expected and actual, what to do. */
  describe(): string {
    const { where, expected, actual, suggestions = [] } = this.details;
    const lines = [this.message];
    if (where !== undefined) lines.push(`  where:    ${where}`);
    if (expected !== undefined) lines.push(`  expected: ${expected}`);
    if (actual !== undefined) lines.push(`  actual:   ${actual}`);
    for (const suggestion of suggestions) lines.push(`  try:      ${suggestion}`);
    return lines.join('\n');
  }
}
