/** Weights over a stream: several networks on one design, swapped between images, bad frames dropped. */

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { commonWidths, type GenerateOptions } from '@spikemill/hdl-gen';
import { openBuild, verify } from '@spikemill/testbenches';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { makeDesign, tinyNetwork } from '../support/designs.js';
import { catchRejection } from '../support/errors.js';
import { copyBuild } from '../support/faults.js';
import { assertPassed, mismatchText, randomImages } from '../support/simulation.js';

const PLAN: GenerateOptions = { lanes: 4, inputs: 3, neurons: 2, tokenBlock: 4, weights: 'stream' };
const IMAGES = 6;

for (const spe of [true, false]) {
  const [first, second] = [tinyNetwork(spe, 1), tinyNetwork(spe, 2, { weightBits: 3 })];
  const third = tinyNetwork(spe, 3);
  const networks = [first, third];
  const { folder } = makeDesign(first, { ...PLAN, widths: commonWidths(networks) });
  const build = openBuild(folder);
  const images = randomImages(first, IMAGES);
  const variant = spe ? 'with SPE' : 'without SPE';

  test(`${variant}: the network that was generated, from the file of the build`, async () => {
    const result = await verify(build, images, { currents: true, idlePercent: 20, stallPercent: 40 });
    assertPassed(result, first, IMAGES, true);
    assert.equal(result.warnings, []);
  });

  test(`${variant}: two networks take turns, at every pace, behind bad frames`, async () => {
    for (const [seed, badFrames] of [0, 0, 1, 3].entries()) {
      const pace = { idlePercent: 30 * seed, stallPercent: 25 * seed };
      const result = await verify(build, images, { networks, seed, badFrames, currents: seed % 2 === 0, ...pace });
      assertPassed(result, first, IMAGES, seed % 2 === 0);
    }
  });

  test(`${variant}: another network alone is not the one that was generated`, async () => {
    assertPassed(await verify(build, images, { networks: [third] }), third, IMAGES, false);
  });

  test(`${variant}: a reset loses the weights, too`, async () => {
    const { totalCycles } = await verify(build, images, { networks, seed: 5 });
    for (let step = 0; step < 7; step++) {
      const resetAtCycle = Math.floor((step * totalCycles) / 7) + step;
      const result = await verify(build, images, { networks, resetAtCycle, seed: 5 });
      assert.ok(result.passed, `reset in cycle ${resetAtCycle}: ${mismatchText(result.firstMismatch)}`);
      assert.is(result.images, IMAGES);
    }
  });

  test(`${variant}: a frame of a build with a changed weight, and one with a wrong CRC`, async () => {
    const copy = copyBuild(folder);
    const path = join(copy, 'weights.bin');
    const frame = readFileSync(path);
    frame[frame.length - 8]! ^= 1; // bias of the last class
    writeFileSync(path, frame);
    const dropped = await verify(openBuild(copy), images);
    assert.is(dropped.firstMismatch?.kind, 'weights');
    frame.writeUInt32LE(crc32(frame.subarray(0, -4)), frame.length - 4);
    writeFileSync(path, frame);
    const changed = await verify(openBuild(copy), images);
    assert.match(changed.warnings.join(), 'weights.bin: changed since it was generated');
    assert.is(changed.firstMismatch?.layer, 'mlp_head', mismatchText(changed.firstMismatch));
  });

  test(`${variant}: other shapes and widths are refused`, async () => {
    const narrow = openBuild(makeDesign(second, PLAN).folder);
    const wide = await catchRejection(verify(narrow, images, { networks: [first] }));
    assert.is(wide.code, 'PLAN');
    assert.match(wide.describe(), /Bits of at most \d+ bits.*--also/s);
    const other = await catchRejection(verify(build, images, { networks: [tinyNetwork(!spe)] }));
    assert.match(other.describe(), 'the network does not suit the build');
  });
}
test.run();
