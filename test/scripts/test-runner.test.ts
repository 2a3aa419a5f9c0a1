import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { makeTemporaryFolder } from '../support/temporary-folder.js';

const REPOSITORY = fileURLToPath(new URL('../..', import.meta.url));
const HEAD = "import { test } from 'uvu';\nimport * as assert from 'uvu/assert';\n";

/** A repository with the runner and these test files. */
function makeRepository(files: Readonly<Record<string, string>>): string {
  const root = makeTemporaryFolder();
  for (const folder of ['scripts', 'test/sub']) mkdirSync(join(root, folder), { recursive: true });
  for (const script of ['test.mjs', 'run-uvu.mjs']) {
    copyFileSync(join(REPOSITORY, 'scripts', script), join(root, 'scripts', script));
  }
  symlinkSync(join(REPOSITORY, 'node_modules'), join(root, 'node_modules'));
  writeFileSync(join(root, 'package.json'), '{"type": "module"}');
  for (const [name, text] of Object.entries(files)) writeFileSync(join(root, 'test', name), HEAD + text);
  return root;
}

interface Outcome {
  readonly exitCode: number | null;
  readonly lines: readonly string[];
}

function runTests(root: string, args: readonly string[] = [], env: Record<string, string> = {}): Outcome {
  const { status, stdout } = spawnSync(process.execPath, ['scripts/test.mjs', ...args], {
    cwd: root,
    encoding: 'utf8',
    env: { ...process.env, ...env },
  });
  return { exitCode: status, lines: stdout.trimEnd().split('\n') };
}

const PASSING = "test('a', () => assert.ok(true));\ntest('b', () => assert.ok(true));\ntest.run();\n";

test('files in subfolders are run, tests are counted, the last line says so', () => {
  const { exitCode, lines } = runTests(
    makeRepository({ 'x.test.ts': PASSING, 'sub/y.test.ts': PASSING, 'z.ts': 'throw 1' }),
  );
  assert.is(exitCode, 0);
  assert.is(lines.length, 3);
  assert.match(lines.slice(0, 2).sort()[0]!, /^ok {3}test\/sub\/y\.test\.ts {2}2 passed, \d+\.\d s$/);
  assert.is(lines.at(-1), '4 passed, 0 failed');
});

test('a pattern picks files; one that picks none is a failure', () => {
  const root = makeRepository({ 'x.test.ts': PASSING, 'sub/y.test.ts': PASSING });
  assert.is(runTests(root, ['sub/']).lines.at(-1), '2 passed, 0 failed');
  const none = runTests(root, ['nothing']);
  assert.is(none.exitCode, 1);
  assert.is(none.lines.at(-1), '0 passed, 1 failed');
});

/** One file; the last line and why it failed. */
function fails(text: string, env: Record<string, string> = {}): [last: string | undefined, why: string | undefined] {
  const { exitCode, lines } = runTests(makeRepository({ 'x.test.ts': text }), [], env);
  assert.is(exitCode, 1);
  return [lines.at(-1), /: ([^:]*)$/.exec(lines[0]!)?.[1]];
}

test('a failed test is counted and its output is shown', () => {
  const text = "test('a', () => assert.ok(true));\ntest('b', () => assert.is(1, 2));\ntest.run();\n";
  const { exitCode, lines } = runTests(makeRepository({ 'x.test.ts': text }));
  assert.is(exitCode, 1);
  assert.ok(lines.some((line) => /FAIL {2}"b"/.test(line)));
  assert.is(lines.at(-1), '1 passed, 1 failed');
});

test('what uvu would let pass is a failure', () => {
  assert.equal(fails("test('forgotten', () => {});"), ['0 passed, 1 failed', 'no tests in this file']);
  assert.equal(fails("test.skip('later', () => {});\ntest('a', () => {});\ntest.run();"), [
    '1 passed, 1 failed',
    '1 skipped',
  ]);
});

test('a file that does not compile, one that exits early, one that never ends', () => {
  assert.equal(fails('const ='), ['0 passed, 1 failed', 'it did not finish']);
  assert.equal(fails("test('a', () => process.exit(0));\ntest.run();"), ['0 passed, 1 failed', 'it did not finish']);
  const endless = "test('a', () => new Promise((done) => setTimeout(done, 60_000)));\ntest.run();";
  assert.equal(fails(endless, { TEST_TIMEOUT_SECONDS: '2' }), ['0 passed, 1 failed', 'it did not finish']);
});

test('tests behind a top-level await are run', () => {
  const text = `await new Promise((done) => setTimeout(done, 300));\n${PASSING}`;
  assert.is(runTests(makeRepository({ 'x.test.ts': text })).lines.at(-1), '2 passed, 0 failed');
});

test.run();
