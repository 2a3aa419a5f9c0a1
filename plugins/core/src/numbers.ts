/** Numbers in flags. */
import { Errors } from '@oclif/core';

/**
 * A number above 0.
 *
 * @param what the number counts, for messages: `MHz`.
 * @throws CLIError with exit code 2 for anything else, or a number above `most`.
 */
export function parseNumber(text: string, what: string, most = Number.POSITIVE_INFINITY): number {
  const value = Number(text);
  if (Number.isFinite(value) && value > 0 && value <= most) return value;
  const range = most === Number.POSITIVE_INFINITY ? 'above 0' : `above 0, up to ${most}`;
  throw new Errors.CLIError(`Expected a number of ${what} ${range} but received: ${text}`, { exit: 2 });
}
