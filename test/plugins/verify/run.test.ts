import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import type { VerifyResult } from '@spikemill/testbenches';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type ErrorDocument, runCli, runJson } from '../../support/cli.js';
import { makeDesign, newFolder } from '../../support/designs.js';
import { copyBuild, editText, flipBits } from '../../support/faults.js';
import { loadQuant, modelPath } from '../../support/references.js';
import { assertPassed } from '../../support/simulation.js';

const NETWORK = loadQuant('digits-tiny', 'w4-ptq');
const { folder: FOLDER, plan: PLAN } = makeDesign(NETWORK, { lanes: 8, inputs: 4, neurons: 4, tokenBlock: 16 });
const IMAGES = modelPath('digits-tiny', 'test-images.bin');

function verifyRun(folder: string, ...args: string[]): string[] {
  return ['verify', 'run', folder, '--images', IMAGES, ...args];
}

/** A copy with a wrong threshold. */
function brokenBuild(): string {
  const copy = copyBuild(FOLDER);
  const { bases } = PLAN.bindings.find(({ layer }) => layer.name === 'channel_mix.1.1.net.0')!;
  flipBits(copy, 'tokens', bases.tokens + 3, PLAN.formats.thetaBits - 2);
  return copy;
}

test('a build that is right', async () => {
  const result = await runJson<VerifyResult>(verifyRun(FOLDER, '--limit', '4', '--first', '3', '--currents'));
  assertPassed(result, NETWORK, 4, true);
  assert.is(result.firstImage, 3);
  const { exitCode, stdout } = await runCli(verifyRun(FOLDER, '--limit', '2', '--seed', '9'));
  assert.is(exitCode, 0);
  assert.match(stdout, /verilator [\d.]+, seed 9 *\n/);
  assert.match(stdout, /spikes compared +64,512\n/);
  assert.match(stdout, '\nPASSED');
});

test('a trace in the place of images: the spikes that must come are those of the trace', async () => {
  const path = join(newFolder(), 'run.trace');
  const model = modelPath('digits-tiny', 'quant-w4-ptq.safetensors');
  await runJson(['model', 'trace', model, '--images', IMAGES, '-o', path, '--limit', '3']);
  assertPassed(await runJson<VerifyResult>(['verify', 'run', FOLDER, '--images', path]), NETWORK, 3, false);
  const other = modelPath('digits-tiny', 'quant-w8-ptq.safetensors');
  await runJson(['model', 'trace', other, '--images', IMAGES, '-o', path, '--limit', '1']);
  const { exitCode, stderr } = await runCli(['verify', 'run', FOLDER, '--images', path]);
  assert.is(exitCode, 3);
  assert.match(stderr, /the trace belongs to another network/);
});

test('a mismatch: exit code 1, the file, the place, the command that shows it again', async () => {
  const folder = brokenBuild();
  const { exitCode, stdout, stderr } = await runCli(verifyRun(folder, '--limit', '30', '--seed', '5', '--idle', '0'));
  assert.is(exitCode, 1);
  assert.match(stderr, 'mem/tokens.mem: changed since it was generated');
  assert.match(stdout, 'FAILED: a spike differs\n');
  assert.match(stdout, '  layer     channel_mix.1.1.net.0\n  LIF       channel_mix.1.1.net.2\n');
  assert.match(
    stdout,
    /\n {2}token {5}3 \(row 0, column 3\)\n {2}channel {3}\d+\n {2}expected {2}[01]\n {2}got {7}[01]\n/,
  );
  const replay = /replay +spikemill (.*)\n/.exec(stdout)![1]!;
  const again = await runJson<VerifyResult>(replay.split(' '), 1);
  assert.is(again.images, 1);
  assert.is(again.firstMismatch!.layer, 'channel_mix.1.1.net.0');
  assert.match(stdout, `cycle     ${again.firstMismatch!.cycle}\n`);
  assert.is(`spikemill ${replay}`, again.firstMismatch!.replay);
});

test('one stage, and lint', async () => {
  const stage = await runJson<VerifyResult>(verifyRun(FOLDER, '--stage', '1', '--first', '2'));
  assert.ok(stage.passed);
  assert.equal([stage.stage, stage.images, stage.firstImage], [1, 1, 2]);
  assert.ok(stage.closedFormCycles < PLAN.cyclesPerImage);
  assert.match((await runCli(['verify', 'lint', FOLDER])).stdout, 'PASSED: verilator');
  const copy = copyBuild(FOLDER);
  editText(copy, 'rtl/smx_delay.v', 'endmodule', 'wire [3:0] wide = 2;\nendmodule');
  const { exitCode, stdout } = await runCli(['verify', 'lint', copy]);
  assert.is(exitCode, 1);
  assert.match(stdout, /%Warning-UNUSED.*smx_delay.*FAILED/s);
});

test('a checkpoint: Ctrl-C, and the same command again', async () => {
  const checkpoint = `${newFolder()}.checkpoint`;
  const args = verifyRun(FOLDER, '--limit', '60', '--checkpoint', checkpoint, '--checkpoint-seconds', '0');
  let poll: NodeJS.Timeout | undefined;
  const { exitCode } = await runCli(args, {
    onStart: (kill) => {
      poll = setInterval(() => {
        if (!existsSync(checkpoint)) return;
        clearInterval(poll);
        kill('SIGINT');
      }, 1);
    },
  });
  assert.is(exitCode, 130);
  const result = await runJson<VerifyResult>(args);
  assertPassed(result, NETWORK, 60, false);
  assert.ok(result.resumedAtCycle > 0);
  assert.not.ok(existsSync(checkpoint));
});

test('the report as JSON', async () => {
  const result = await runJson<VerifyResult>(verifyRun(brokenBuild(), '--limit', '30', '--seed', '5'), 1);
  assert.is(result.passed, false);
  assert.ok(result.mismatches > 0);
  assert.is(result.images, 30);
  assert.is(result.cyclesPerImage, PLAN.cyclesPerImage);
  assert.equal(result.warnings, ['mem/tokens.mem: changed since it was generated']);
});

test('flags and environment', async () => {
  const env = { SPIKEMILL_LIMIT: '2', SPIKEMILL_SEED: '77' };
  const result = await runJson<VerifyResult>(verifyRun(FOLDER, '--limit', '1'), 0, { env });
  assert.equal([result.images, result.seed], [1, 77]);
});

test('wrong usage and missing things', async () => {
  const fails = async (args: string[], exitCode: number, pattern: string, env = {}): Promise<void> => {
    const { error } = await runJson<ErrorDocument>(args, exitCode, { env });
    assert.match(JSON.stringify(error), pattern);
  };
  await fails(verifyRun(FOLDER, '--stall', '100'), 2, '--stall');
  await fails(verifyRun(FOLDER, '--first', '360'), 2, '--first');
  await fails(verifyRun(newFolder()), 3, 'manifest.json');
  await fails(['verify', 'run', FOLDER, '--images', modelPath('mnist-small', 'config.json')], 3, 'INVALID_IMAGES');
  await fails(verifyRun(FOLDER), 4, 'apt-get install -y verilator', { PATH: newFolder() });
});

test('the time is over: exit code 124', async () => {
  const args = verifyRun(FOLDER, '--time-limit', '1', '--idle', '99', '--limit', '360');
  const { error } = await runJson<ErrorDocument>(args, 124);
  assert.is(error.code, 'TIMEOUT');
});

test('Ctrl-C while it compiles: exit code 130, nothing half-made, no process left', async () => {
  const cache = newFolder();
  let isStopped = false;
  const { exitCode, stderr } = await runCli(verifyRun(FOLDER, '--limit', '1'), {
    env: { SPIKEMILL_CACHE: cache },
    onStderr: (text, kill) => {
      if (isStopped || !text.includes('compiling')) return;
      isStopped = true;
      kill('SIGINT');
    },
  });
  assert.is(exitCode, 130);
  assert.match(stderr, 'compiling the simulation with verilator');
  await setTimeout(500);
  assert.equal(existsSync(cache) ? readdirSync(cache) : [], []);
  assert.not.ok(existsSync(join(FOLDER, 'obj_dir')));
});

test.run();
