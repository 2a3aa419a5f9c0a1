/** A run that is interrupted goes on where it was, with the verdict that it would have had. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { openBuild, type VerifyOptions, type VerifyResult, verify } from '@spikemill/testbenches';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { makeDesign, newFolder } from '../support/designs.js';
import { catchRejection } from '../support/errors.js';
import { copyBuild, flipBits } from '../support/faults.js';
import { loadQuant } from '../support/references.js';
import { assertPassed, testImages } from '../support/simulation.js';

const NETWORK = loadQuant('digits-tiny', 'w4-ptq');
/** Few lanes: an image takes long enough to be interrupted in its midst. */
const { folder: FOLDER, plan: PLAN } = makeDesign(NETWORK, { lanes: 2, inputs: 1, neurons: 1 });
const IMAGES = testImages('digits-tiny', NETWORK, 12);
const PACE: VerifyOptions = { seed: 5, idlePercent: 30, stallPercent: 30, checkpointSeconds: 0 };

/** Runs with a checkpoint and breaks off when `images` are done. */
async function interrupt(folder: string, checkpointPath: string, images: number): Promise<void> {
  const controller = new AbortController();
  const onImage = (done: number): void => void (done === images && controller.abort('enough'));
  const options = { ...PACE, checkpointPath, signal: controller.signal, onImage };
  await verify(openBuild(folder), IMAGES, options).then(
    () => assert.unreachable('it was to be interrupted'),
    (reason: unknown) => assert.is(reason, 'enough'),
  );
  assert.ok(existsSync(checkpointPath), 'the state is kept');
}

/** What must not depend on interruptions. */
function verdict({ cpuSeconds: _cpu, peakBytes: _peak, resumedAtCycle: _resumed, ...rest }: VerifyResult): unknown {
  return rest;
}

test('interrupted twice: the same counts and cycles as in one go', async () => {
  const path = `${newFolder()}.checkpoint`;
  const whole = await verify(openBuild(FOLDER), IMAGES, PACE);
  assert.is(whole.resumedAtCycle, 0);
  assertPassed(whole, NETWORK, IMAGES.count, false);
  await interrupt(FOLDER, path, 3);
  await interrupt(FOLDER, path, 8);
  const resumed = await verify(openBuild(FOLDER), IMAGES, { ...PACE, checkpointPath: path });
  assert.ok(resumed.resumedAtCycle > 6 * PLAN.cyclesPerImage, String(resumed.resumedAtCycle));
  assert.equal(verdict(resumed), verdict(whole));
  assert.not.ok(existsSync(path), 'a run that has ended leaves no state');
});

test('a fault behind the checkpoint is still caught, at the same place', async () => {
  const copy = copyBuild(FOLDER);
  // only logits see it, so that the spikes up to any checkpoint are right
  flipBits(copy, 'head-bias', NETWORK.config.numClasses - 1, 0);
  const path = `${newFolder()}.checkpoint`;
  const single: VerifyOptions = { ...PACE, limit: 1, currents: true };
  const whole = await verify(openBuild(copy), IMAGES, single);
  assert.is(whole.firstMismatch?.kind, 'logits');
  const controller = new AbortController();
  // long before the head: the first news of an image that is not done
  const poll = setInterval(() => void (existsSync(path) && controller.abort('enough')), 1);
  const running = verify(openBuild(copy), IMAGES, { ...single, checkpointPath: path, signal: controller.signal });
  const reason = await running.then(
    () => assert.unreachable('it was to be interrupted'),
    (thrown: unknown) => thrown,
  );
  clearInterval(poll);
  assert.is(reason, 'enough');
  const resumed = await verify(openBuild(copy), IMAGES, { ...single, checkpointPath: path });
  assert.ok(resumed.resumedAtCycle > 0 && resumed.resumedAtCycle < PLAN.cyclesPerImage);
  assert.equal(verdict(resumed), verdict(whole));
});

test('a mismatch before the checkpoint is told by the run that ends', async () => {
  const copy = copyBuild(FOLDER);
  const { bases } = PLAN.bindings.find(({ layer }) => layer.name === 'token_mix.0.fuse')!;
  flipBits(copy, 'params', bases.params, 0, 0xffn);
  const path = `${newFolder()}.checkpoint`;
  const whole = await verify(openBuild(copy), IMAGES, PACE);
  assert.is(whole.passed, false);
  await interrupt(copy, path, 8);
  const resumed = await verify(openBuild(copy), IMAGES, { ...PACE, checkpointPath: path });
  assert.ok(resumed.resumedAtCycle > 0);
  assert.equal(verdict(resumed), verdict(whole));
});

test('the state of another run, or a damaged one, is refused', async () => {
  const path = `${newFolder()}.checkpoint`;
  await interrupt(FOLDER, path, 2);
  const refused = async (options: VerifyOptions, reason: RegExp, build = FOLDER): Promise<void> => {
    const error = await catchRejection(verify(openBuild(build), IMAGES, { ...PACE, checkpointPath: path, ...options }));
    assert.is(error.code, 'INVALID_FILE');
    assert.is(error.details.where, path);
    assert.match(error.details.actual!, reason);
  };
  await refused({ seed: 6 }, /another run/);
  await refused({ limit: 11 }, /another run/);
  const copy = copyBuild(FOLDER);
  flipBits(copy, 'head-bias', 0, 0);
  await refused({}, /another run/, copy);
  const state = readFileSync(path);
  state[state.length - 1]! ^= 1;
  writeFileSync(path, state);
  await refused({}, /damaged/);
  writeFileSync(path, state.subarray(0, 50));
  await refused({}, /no checkpoint/);
});

test.run();
