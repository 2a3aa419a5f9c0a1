/** Streams under stress: idles, back-pressure, resets, malformed frames, any state at power-up. */

import { openBuild, verify } from '@spikemill/testbenches';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { makeDesign, tinyConfig, tinyNetwork } from '../support/designs.js';
import { randomQuantized } from '../support/random-network.js';
import { assertPassed, mismatchText, randomImages } from '../support/simulation.js';

const PERCENTS = [0, 30, 95];
const IMAGES = 5;

const NETWORK = tinyNetwork(true);
const BUILD = openBuild(makeDesign(NETWORK, { lanes: 4, inputs: 4, neurons: 2, tokenBlock: 4 }).folder);
const SET = randomImages(NETWORK, IMAGES);

/** Little to compute and many results: they hold up the images behind them. */
const BUSY_NETWORK = randomQuantized(
  tinyConfig(true, { depths: [1], numClasses: 40, timesteps: 1, imageHeight: 4, imageWidth: 4 }),
  3,
);
const BUSY_BUILD = openBuild(makeDesign(BUSY_NETWORK, { lanes: 16, inputs: 8, neurons: 16 }).folder);
const BUSY_SET = randomImages(BUSY_NETWORK, 8);

test('every pace of images and results', async () => {
  for (const idlePercent of PERCENTS) {
    for (const stallPercent of PERCENTS) {
      for (const currents of [false, true]) {
        const options = { idlePercent, stallPercent, currents, seed: idlePercent + stallPercent };
        assertPassed(await verify(BUILD, SET, options), NETWORK, IMAGES, currents);
      }
    }
  }
});

test('results that are not taken hold back the next image, and its cycles stay the same', async () => {
  const free = await verify(BUSY_BUILD, BUSY_SET, { stallPercent: 0 });
  assertPassed(free, BUSY_NETWORK, BUSY_SET.count, false);
  assert.is(free.stallCycles, 0);
  for (const stallPercent of [90, 95, 99]) {
    const held = await verify(BUSY_BUILD, BUSY_SET, { stallPercent, seed: stallPercent });
    assertPassed(held, BUSY_NETWORK, BUSY_SET.count, false);
    assert.ok(held.stallCycles > 0, `${stallPercent} %`);
    assert.is(held.cyclesPerImage, free.cyclesPerImage);
    assert.ok(held.totalCycles > free.totalCycles);
  }
});

test('any state at power-up', async () => {
  for (let seed = 0; seed < 40; seed++) {
    const result = await verify(BUSY_BUILD, BUSY_SET, { seed, limit: 1, currents: true });
    assertPassed(result, BUSY_NETWORK, 1, true);
  }
});

test('malformed frames are dropped, images around them are not', async () => {
  for (const [build, network, set] of [
    [BUILD, NETWORK, SET],
    [BUSY_BUILD, BUSY_NETWORK, BUSY_SET],
  ] as const) {
    for (const badFrames of [1, 2, 3]) {
      for (const stallPercent of [0, 95]) {
        const result = await verify(build, set, { badFrames, stallPercent, idlePercent: 10, seed: badFrames });
        assertPassed(result, network, set.count, false);
        assert.is(result.frameErrors, badFrames * set.count);
      }
    }
  }
});

test('a reset in any phase of an image recovers, with several images in flight', async () => {
  for (const [build, set, stallPercent, badFrames] of [
    [BUILD, SET, 0, 0],
    [BUILD, SET, 95, 1],
    [BUSY_BUILD, BUSY_SET, 95, 0],
  ] as const) {
    const { totalCycles } = await verify(build, set, { stallPercent, badFrames, seed: 4 });
    const steps = 13;
    for (let step = 0; step <= steps; step++) {
      const resetAtCycle = Math.floor((step * totalCycles) / steps) + step;
      const result = await verify(build, set, { stallPercent, badFrames, resetAtCycle, currents: true, seed: 4 });
      assert.ok(result.passed, `reset in cycle ${resetAtCycle}: ${mismatchText(result.firstMismatch)}`);
      assert.is(result.images, set.count);
      assert.is(result.cyclesPerImage, result.closedFormCycles);
    }
  }
});

test('the same seed gives the same run, another one another', async () => {
  const options = { idlePercent: 40, stallPercent: 40 };
  const cyclesOf = async (seed: number): Promise<number> =>
    (await verify(BUILD, SET, { ...options, seed })).totalCycles;
  assert.is(await cyclesOf(7), await cyclesOf(7));
  assert.is.not(await cyclesOf(7), await cyclesOf(8));
});

test.run();
