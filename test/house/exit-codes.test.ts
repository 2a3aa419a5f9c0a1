import { readFileSync } from 'node:fs';
import { ERROR_CODES } from '@spikemill/golden-model';
import { test } from 'uvu';
import * as assert from 'uvu/assert';

test('docs/exit-codes.md lists every error code with its exit code, and no other', () => {
  const text = readFileSync(new URL('../../docs/exit-codes.md', import.meta.url), 'utf8');
  const listed = new Map<string, number>();
  for (const [, exitCode, codes] of text.matchAll(/^\| (\d+) \|.*\| (.*) \|$/gm)) {
    for (const [, code] of codes!.matchAll(/`(\w+)`/g)) listed.set(code!, Number(exitCode));
  }
  assert.equal(Object.fromEntries([...listed].sort()), Object.fromEntries(Object.entries(ERROR_CODES).sort()));
});

test.run();
