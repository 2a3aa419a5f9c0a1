/** Several engines, each for a run of layers, on images behind each other. */
import { type GenerateOptions, timingOf } from '@spikemill/hdl-gen';
import { openBuild, verify } from '@spikemill/testbenches';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { makeDesign, tinyConfig } from '../support/designs.js';
import { catchRejection } from '../support/errors.js';
import { copyBuild, flipBits } from '../support/faults.js';
import { randomQuantized } from '../support/random-network.js';
import { loadQuant } from '../support/references.js';
import { assertPassed, mismatchText, randomImages, testImages } from '../support/simulation.js';

const PLAN: GenerateOptions = { lanes: 4, inputs: 3, neurons: 2, tokenBlock: 4 };
const IMAGES = 9;
/** Blocks that share h with others of their stage: eight units. */
const DEEP = { depths: [2, 3], imageHeight: 6, imageWidth: 8 };
const UNITS = 8;

for (const [spe, cuts] of [
  [true, [3, UNITS]],
  [false, [UNITS]],
] as const) {
  const network = randomQuantized(tinyConfig(spe, DEEP), 7);
  const images = randomImages(network, IMAGES);
  const variant = spe ? 'with SPE' : 'without SPE';
  const designs = cuts.map((segments) => makeDesign(network, { ...PLAN, segments }));
  const builds = designs.map(({ folder }) => openBuild(folder));

  for (const [i, segments] of cuts.entries()) {
    test(`${variant}: ${segments} segments, every spike and current, at the pace that was predicted`, async () => {
      const { plan } = designs[i]!;
      assert.is(plan.segments.length, segments);
      const free = await verify(builds[i]!, images, { currents: true });
      assertPassed(free, network, IMAGES, true);
      assert.is(free.intervalCycles, timingOf(network, plan).intervalCycles);
      const held = await verify(builds[i]!, images, {
        idlePercent: 40,
        stallPercent: 60,
        badFrames: 1,
        seed: segments,
      });
      assertPassed(held, network, IMAGES, false);
    });
  }

  test(`${variant}: a reset recovers with images in all segments`, async () => {
    const build = builds.at(-1)!;
    const { totalCycles } = await verify(build, images, { seed: 4 });
    for (let step = 1; step < 7; step++) {
      const resetAtCycle = Math.floor((step * totalCycles) / 7) + step;
      const result = await verify(build, images, { resetAtCycle, seed: 4, stallPercent: 50 });
      assert.ok(result.passed, `reset in cycle ${resetAtCycle}: ${mismatchText(result.firstMismatch)}`);
      assert.is(result.images, IMAGES);
    }
  });

  test(`${variant}: a mismatch names the layer, whichever segment it is in`, async () => {
    const { folder, plan } = designs[0]!;
    for (const [number, segment] of plan.segments.entries()) {
      const fuse = segment.bindings.find(({ layer }) => layer.kind === 'fuse');
      if (fuse === undefined) continue;
      const copy = copyBuild(folder);
      flipBits(copy, `segment-${number}-params`, fuse.bases.params, 0); // lowest bit of a bias
      const { firstMismatch } = await verify(openBuild(copy), images, { stallPercent: 20, currents: true });
      assert.is(firstMismatch?.layer, fuse.layer.name, mismatchText(firstMismatch));
      assert.match(firstMismatch!.replay!, '--limit 1');
    }
  });
}

test('cuts at given layers, uneven lanes, all tokens at once and slow results', async () => {
  const network = randomQuantized(tinyConfig(true, DEEP), 8);
  const segments = ['token_mix.1.proj_h', 'token_mix.3.proj_h', 'mlp_head'];
  const { folder, plan } = makeDesign(network, { lanes: 6, inputs: 4, neurons: 6, tokenBlock: null, segments });
  const names = plan.segments.slice(1).map(({ bindings }) => bindings.map(({ layer }) => layer.name));
  for (const [i, name] of segments.entries()) assert.ok(names[i]!.includes(name));
  const images = randomImages(network, IMAGES);
  assertPassed(await verify(openBuild(folder), images, { currents: true, stallPercent: 95 }), network, IMAGES, true);
});

test('digits-tiny in three segments', async () => {
  const network = loadQuant('digits-tiny', 'w4-ptqbc');
  const { folder, plan } = makeDesign(network, { lanes: 6, inputs: 6, segments: 3 });
  const images = testImages('digits-tiny', network, 8);
  const result = await verify(openBuild(folder), images);
  assertPassed(result, network, 8, false);
  assert.is(result.intervalCycles, timingOf(network, plan).intervalCycles);
  const one = makeDesign(network, { lanes: 6, inputs: 6 }).plan;
  assert.ok(timingOf(network, one).intervalCycles > 1.8 * result.intervalCycles);
});

test('what does not work with segments says so', async () => {
  const network = randomQuantized(tinyConfig(true), 1);
  const build = openBuild(makeDesign(network, { ...PLAN, segments: 2 }).folder);
  for (const options of [{ stage: 1 }, { checkpointPath: 'x' }, { simulator: 'icarus' }] as const) {
    assert.is((await catchRejection(verify(build, randomImages(network, 1), options))).code, 'USAGE');
  }
});

test.run();
