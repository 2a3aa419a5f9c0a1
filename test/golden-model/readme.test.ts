import { readFileSync } from 'node:fs';
import * as goldenModel from '@spikemill/golden-model';
import { test } from 'uvu';
import * as assert from 'uvu/assert';

test('every function of the interface table exists', () => {
  const text = readFileSync(new URL('../../golden-model/README.md', import.meta.url), 'utf8');
  const rows = text
    .slice(text.indexOf('## Interface'))
    .split('\n')
    .filter((line) => line.startsWith('| `'));
  const names = rows.flatMap((row) => [...row.split('|')[1]!.matchAll(/`(\w+)`/g)].map((match) => match[1]!));
  assert.ok(names.length > 15);
  for (const name of names) assert.type((goldenModel as Record<string, unknown>)[name], 'function', name);
});

test.run();
