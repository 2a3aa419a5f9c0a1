/** Group order: every weight serves all tokens before the next; as bit-exact as token order, in as many cycles. */
import { plan } from '@spikemill/hdl-gen';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { COLOUR, GREY, testCorners } from '../support/corners.js';
import { tinyNetwork } from '../support/designs.js';
import { loadQuant } from '../support/references.js';
import { runDesign, testImages } from '../support/simulation.js';

const loopOrder = 'group';

testCorners([
  {
    title: 'SPE cells and blocks, words of several groups in a row, token blocks',
    spe: true,
    config: { ...GREY, dim: 6, timesteps: 3, depths: [1, 2], imageHeight: 9, imageWidth: 14 },
    plan: { lanes: 2, inputs: 6, neurons: 1, tokenBlock: 3, loopOrder },
  },
  {
    title: 'patch steps that cut odd sizes, all tokens at once',
    spe: false,
    config: { ...COLOUR, dim: 3, timesteps: 2, depths: [2, 1, 1], patchSize: 1, imageHeight: 5, imageWidth: 11 },
    plan: { lanes: 4, inputs: 3, neurons: 2, tokenBlock: null, loopOrder },
  },
  {
    title: 'one of everything',
    spe: true,
    config: { ...GREY, timesteps: 1, depths: [1], patchSize: 1, imageHeight: 3, imageWidth: 2, numClasses: 2 },
    plan: { lanes: 1, inputs: 1, neurons: 1, tokenBlock: 1, loopOrder },
  },
  {
    title: 'two segments',
    spe: true,
    config: { ...GREY, timesteps: 2, depths: [1, 1] },
    plan: { lanes: 3, inputs: 2, neurons: 1, tokenBlock: 4, loopOrder, segments: 2 },
  },
]);

test('a trained network with streamed weights', async () => {
  const network = loadQuant('digits-tiny', 'w4-ptqbc');
  const choice = { lanes: 6, inputs: 4, neurons: 3, loopOrder, weights: 'stream' } as const;
  await runDesign(network, choice, testImages('digits-tiny', network, 3), { currents: true, stallPercent: 20 });
});

test('the cycles do not depend on the order, nor do layers without weights of their own', () => {
  for (const spe of [true, false]) {
    const choice = { lanes: 4, inputs: 3, neurons: 2, tokenBlock: 4 };
    const [token, group] = [plan(tinyNetwork(spe), choice), plan(tinyNetwork(spe), { ...choice, loopOrder })];
    assert.is(group.cyclesPerImage, token.cyclesPerImage);
    assert.equal(group.depths, token.depths);
    for (const { source, order } of group.passes) assert.is(order, source === 'dense' ? 'group' : 'token');
  }
});

test.run();
