import { Errors } from '@oclif/core';
import { ERROR_CODES, type ErrorCode, SpikemillError } from '@spikemill/golden-model';
import { describeError, reportError } from '@spikemill/plugin-core';
import { test } from 'uvu';
import * as assert from 'uvu/assert';

test('every code has the exit code of the table', () => {
  for (const code of Object.keys(ERROR_CODES) as ErrorCode[]) {
    const report = reportError(new SpikemillError(code, 'm', { where: 'w', suggestions: ['s'] }));
    assert.equal(report, {
      code,
      message: 'm',
      where: 'w',
      expected: undefined,
      actual: undefined,
      suggestions: ['s'],
      exitCode: ERROR_CODES[code],
    });
  }
});

test('messages of oclif are put as ours are', () => {
  const error = new Errors.CLIError('Parsing --limit \n\tExpected 1 but received: 0\nSee more help with --help', {
    exit: 2,
  });
  assert.is(describeError(error), 'Error: --limit: Expected 1 but received: 0\n  try:      --help');
  assert.is(reportError(error).exitCode, 2);
});

test('a flag that needs another one says so', () => {
  const text = 'The following error occurred:\n  All of the following must be provided when using --fps: --fit';
  const { message, where, expected, suggestions, exitCode } = reportError(
    new Errors.CLIError(`${text}\nSee more help with --help`, { exit: 2 }),
  );
  assert.equal(
    [message, where, expected, exitCode],
    ['--fps has no effect without --fit', '--fps', '--fit beside it', 2],
  );
  assert.equal(suggestions, ['add --fit, or leave out --fps', '--help']);
});

test('anything else is a bug: exit code 70, with the stack for people', () => {
  const report = reportError(new TypeError('x is not a function'));
  assert.is(report.exitCode, 70);
  assert.is(report.code, 'INTERNAL');
  assert.match(describeError(new TypeError('x')), /^Internal error: TypeError: x\n +at .*\n[\s\S]*report it/);
  assert.is(reportError('a string').message, 'a string');
});

test.run();
