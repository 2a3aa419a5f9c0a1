/** All TypeScript, sources and tests, has sound types and the style of the house. */
import { spawnSync } from 'node:child_process';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { ROOT } from '../support/source-tree.js';

function check(...args: string[]): void {
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: ROOT, encoding: 'utf8' });
  assert.is(status, 0, `${stdout}${stderr}`);
}

test('types', () => check('node_modules/typescript/bin/tsc', '-p', 'test'));

test('style', () => check('node_modules/@biomejs/biome/bin/biome', 'check', '--error-on-warnings', '.'));

test.run();
