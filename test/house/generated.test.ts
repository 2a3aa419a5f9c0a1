import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { test } from 'uvu';
import * as assert from 'uvu/assert';

test('what is generated from the schemas is as `npm run generate` writes it', () => {
  const cwd = fileURLToPath(new URL('../..', import.meta.url));
  const { status, stdout } = spawnSync(process.execPath, ['scripts/generate.mjs', '--check'], {
    cwd,
    encoding: 'utf8',
  });
  assert.is(stdout, '');
  assert.is(status, 0);
});

test.run();
