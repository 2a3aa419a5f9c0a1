import { SpikemillError } from '@spikemill/golden-model';
import { test } from 'uvu';
import * as assert from 'uvu/assert';

test('an error tells its whole story in lines', () => {
  const error = new SpikemillError('INVALID_FILE', 'the header is cut off', {
    where: 'net.safetensors',
    expected: '9096 bytes',
    actual: '12 bytes',
    suggestions: ['copy the file again'],
  });
  assert.is(
    error.describe(),
    [
      'the header is cut off',
      '  where:    net.safetensors',
      '  expected: 9096 bytes',
      '  actual:   12 bytes',
      '  try:      copy the file again',
    ].join('\n'),
  );
});

test('the exit code follows from the code', () => {
  assert.is(new SpikemillError('USAGE', '').exitCode, 2);
  assert.is(new SpikemillError('TIMEOUT', '').exitCode, 124);
});

test.run();
