/** The shipped kernels are what their sources give, and both sides agree on the record between them. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { STEP_FIELDS } from '../../../golden-model/src/backend/wasm/step-record.js';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

test('kernels.wasm is byte for byte what the sources build to', () => {
  execFileSync(process.execPath, ['scripts/build-wasm.mjs', '--check'], { cwd: ROOT });
});

test('the record has the same fields in the same order on both sides', () => {
  const source = readFileSync(`${ROOT}/golden-model/wasm/step.ts`, 'utf8');
  const fields = [...source.matchAll(/^ {2}(\w+): (?:usize|i32);$/gm)].map(([, name]) => name);
  assert.equal(fields, [...STEP_FIELDS]);
});

test.run();
