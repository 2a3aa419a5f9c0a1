/** What a call throws, for tests of errors and their wording. */
import { type ErrorCode, SpikemillError } from '@spikemill/golden-model';
import * as assert from 'uvu/assert';

/** The SpikemillError that `act` throws; anything else fails the test. */
export function catchError(act: () => unknown): SpikemillError {
  try {
    act();
  } catch (error) {
    if (error instanceof SpikemillError) return error;
    throw error;
  }
  assert.unreachable('nothing was thrown');
  throw new Error('unreachable');
}

/** Asserts the code, and that the whole description matches every pattern. */
export function assertError(act: () => unknown, code: ErrorCode, ...patterns: (RegExp | string)[]): void {
  const error = catchError(act);
  assert.is(error.code, code, error.describe());
  for (const pattern of patterns) {
    const isFound = typeof pattern === 'string' ? error.describe().includes(pattern) : pattern.test(error.describe());
    assert.ok(isFound, `${pattern} in:\n${error.describe()}`);
  }
}

/** The SpikemillError that a promise is rejected with; anything else fails the test. */
export async function catchRejection(promise: Promise<unknown>): Promise<SpikemillError> {
  const error = await promise.then(
    () => assert.unreachable('nothing was thrown'),
    (reason: unknown) => reason,
  );
  if (error instanceof SpikemillError) return error;
  throw error;
}
