/**
 * Runs every `*.test.ts` below test/ as uvu in a process of its own, at most two at a time.
 *
 *   node scripts/test.mjs [PATTERN...]      only the files whose path contains one of the patterns
 *
 * Prints one line per file, and the output of each file that fails. The last line is `N passed, N failed`, counting
 * tests. A file counts as failed if it has no tests, skips any, exits non-zero, or outlives its time limit
 * (TEST_TIMEOUT_SECONDS, default 300).
 */
import { spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
const PARALLEL = 2;
const TIMEOUT_SECONDS = Number(process.env.TEST_TIMEOUT_SECONDS ?? 300);
const NODE_FLAGS = ['--import', 'tsx', '--conditions=spikemill-source'];

const running = new Set();

/** Every file runs in a process group of its own, so that a time-out also ends the simulators that it started. */
function killGroup(child) {
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch {
    // it ended by itself meanwhile
  }
}

for (const signal of ['SIGINT', 'SIGTERM']) {
  process.on(signal, () => {
    for (const child of running) killGroup(child);
    process.exit(130);
  });
}

/** Starts one file; resolves to its exit code (null: killed), its whole output and its wall time. */
function execute(file) {
  return new Promise((done) => {
    const started = performance.now();
    const child = spawn(process.execPath, [...NODE_FLAGS, 'scripts/run-uvu.mjs', file], {
      cwd: ROOT,
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, NO_COLOR: '1' },
    });
    running.add(child);
    let output = '';
    child.stdout.on('data', (chunk) => (output += chunk));
    child.stderr.on('data', (chunk) => (output += chunk));
    const timer = setTimeout(() => {
      output += `\nkilled after ${TIMEOUT_SECONDS} s`;
      killGroup(child);
    }, TIMEOUT_SECONDS * 1000);
    child.on('close', (exitCode) => {
      clearTimeout(timer);
      running.delete(child);
      done({ exitCode, output, seconds: (performance.now() - started) / 1000 });
    });
  });
}

/** Last figure that uvu printed behind `label`; 0 when it did not come that far. */
function count(output, label) {
  const all = [...output.matchAll(new RegExp(`^  ${label}: +(\\d+)$`, 'gm'))];
  return Number(all.at(-1)?.[1] ?? 0);
}

/** Counts of one finished file. A file that fails as a whole adds at least one failure. */
function judge({ exitCode, output }) {
  const total = count(output, 'Total');
  const passed = count(output, 'Passed');
  const skipped = count(output, 'Skipped');
  const failed = total - passed;
  if (total === 0) return { passed, failed: 1, why: exitCode === 0 ? 'no tests in this file' : 'it did not finish' };
  if (skipped > 0) return { passed, failed: Math.max(failed, 1), why: `${skipped} skipped` };
  if (exitCode !== 0) return { passed, failed: Math.max(failed, 1), why: `exit code ${exitCode}` };
  return { passed, failed, why: failed > 0 ? 'failed tests' : null };
}

async function main(patterns) {
  const files = readdirSync(join(ROOT, 'test'), { recursive: true })
    .map((file) => join('test', file))
    .filter((file) => file.endsWith('.test.ts'))
    .filter((file) => patterns.length === 0 || patterns.some((pattern) => file.includes(pattern)))
    .sort();
  const sum = { passed: 0, failed: 0 };
  if (files.length === 0) {
    console.log(`no test file matches ${patterns.join(' ') || 'test/**/*.test.ts'}`);
    sum.failed = 1;
  }
  const queue = files.values();
  const work = async () => {
    for (const file of queue) {
      const result = await execute(file);
      const { passed, failed, why } = judge(result);
      sum.passed += passed;
      sum.failed += failed;
      const mark = why === null ? 'ok  ' : 'FAIL';
      console.log(`${mark} ${file}  ${passed} passed, ${result.seconds.toFixed(1)} s${why === null ? '' : `: ${why}`}`);
      if (why !== null) console.log(result.output.trimEnd().replace(/^/gm, '  | '));
    }
  };
  await Promise.all(Array.from({ length: PARALLEL }, work));
  console.log(`${sum.passed} passed, ${sum.failed} failed`);
  process.exitCode = sum.failed > 0 ? 1 : 0;
}

await main(process.argv.slice(2));
