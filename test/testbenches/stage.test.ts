/** A stage alone does what it does in the whole network, and nothing outside it is looked at. */
import { openBuild, type VerifyResult, verify } from '@spikemill/testbenches';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { makeDesign, tinyConfig } from '../support/designs.js';
import { catchRejection } from '../support/errors.js';
import { copyBuild, editWord, flipBits } from '../support/faults.js';
import { randomQuantized } from '../support/random-network.js';
import { mismatchText, randomImages } from '../support/simulation.js';

/** Rows of several words and slices, padding lanes, three stages. */
const DESIGNS = [true, false].map((spe) => {
  const network = randomQuantized(tinyConfig(spe, { depths: [1, 2, 1], imageHeight: 9, imageWidth: 13 }), 7);
  return makeDesign(network, { lanes: 4, inputs: 6, neurons: 2, tokenBlock: 3 });
});
const SPE = DESIGNS[0]!;
const IMAGES = randomImages(SPE.network, 3);
const FIRST = 2;

function runStage(folder: string, stage: number, currents = false): Promise<VerifyResult> {
  return verify(openBuild(folder), IMAGES, {
    stage,
    currents,
    first: FIRST,
    idlePercent: 10,
    stallPercent: 50,
    seed: 3,
  });
}

for (const { network, folder, plan } of DESIGNS) {
  test(`the stages together are the whole network, ${network.config.spe ? 'with' : 'without'} SPE`, async () => {
    const whole = await verify(openBuild(folder), IMAGES, { first: FIRST, currents: true });
    const stages: VerifyResult[] = [];
    for (const stage of network.config.depths.keys()) stages.push(await runStage(folder, stage, true));
    for (const result of stages) {
      assert.ok(result.passed, mismatchText(result.firstMismatch));
      assert.is(result.images, 1);
      assert.is(result.cyclesPerImage, result.closedFormCycles);
    }
    const sum = (of: (result: VerifyResult) => number): number => stages.reduce((total, each) => total + of(each), 0);
    assert.is(
      sum(({ comparedSpikes }) => comparedSpikes),
      whole.comparedSpikes,
    );
    assert.is(
      sum(({ comparedCurrents }) => comparedCurrents),
      whole.comparedCurrents,
    );
    assert.is(
      sum(({ comparedResults }) => comparedResults),
      whole.comparedResults,
    );
    assert.is(
      sum(({ closedFormCycles }) => closedFormCycles),
      plan.cyclesPerImage,
    );
  });
}

test('a fault is seen in its stage, with its place, and in no other', async () => {
  const copy = copyBuild(SPE.folder);
  const { bases } = SPE.plan.bindings.find(({ layer }) => layer.name === 'channel_mix.1.1.net.0')!;
  flipBits(copy, 'spike-weights', bases.weights, 0, 0xfffn);
  for (const stage of [0, 2]) assert.ok((await runStage(copy, stage)).passed, `stage ${stage}`);
  const { firstMismatch } = await runStage(copy, 1, true);
  assert.is(firstMismatch!.layer, 'channel_mix.1.1.net.0');
  assert.match(firstMismatch!.replay!, / --first 2 --limit 1 .* --stage 1/);
});

test('a fault in the program of the build is in the cut program, too', async () => {
  const copy = copyBuild(SPE.folder);
  const pass = SPE.plan.passes.findIndex(({ layer }) => layer.stage === 2);
  editWord(copy, 'program', pass + 1, (word) => word ^ 1n);
  assert.ok((await runStage(copy, 1)).passed);
  assert.is((await runStage(copy, 2)).passed, false);
});

test('what cannot be', async () => {
  const build = openBuild(SPE.folder);
  const none = await catchRejection(verify(build, IMAGES, { stage: 3 }));
  assert.is(none.code, 'USAGE');
  assert.match(none.describe(), /no such stage.*0 to 2/s);
  const many = await catchRejection(verify(build, IMAGES, { stage: 1, limit: 2 }));
  assert.match(many.describe(), /limit is out of range/);
  const icarus = await catchRejection(verify(build, IMAGES, { stage: 1, simulator: 'icarus' }));
  assert.match(icarus.describe(), /need Verilator/);
});

test.run();
