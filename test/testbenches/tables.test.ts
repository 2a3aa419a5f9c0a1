/** Lanes of tables: every spike and current as the golden model has it, in the cycles that the plan says. */
import { plan } from '@spikemill/hdl-gen';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { COLOUR, GREY, testCorners } from '../support/corners.js';
import { tinyNetwork } from '../support/designs.js';
import { loadQuant } from '../support/references.js';
import { runDesign, testImages } from '../support/simulation.js';

const lane = 'table';

testCorners([
  {
    title: 'SPE cells and blocks, several blocks of positions, the last one short',
    spe: true,
    config: { ...GREY, dim: 6, timesteps: 3, depths: [1, 2], imageHeight: 9, imageWidth: 14 },
    plan: { lanes: 2, inputs: 6, neurons: 1, tokenBlock: null, lane },
  },
  {
    title: 'patch steps that cut odd sizes, neurons that are slower than the lanes',
    spe: false,
    config: { ...COLOUR, dim: 3, timesteps: 4, depths: [2, 1, 1], patchSize: 1, imageHeight: 5, imageWidth: 11 },
    plan: { lanes: 4, inputs: 3, neurons: 1, tokenBlock: null, lane },
  },
  {
    title: 'one of everything',
    spe: true,
    config: { ...GREY, timesteps: 1, depths: [1], patchSize: 1, imageHeight: 3, imageWidth: 2, numClasses: 2 },
    plan: { lanes: 1, inputs: 1, neurons: 1, tokenBlock: 1, lane },
  },
  {
    title: 'T 16, three stages, tall images, one table and a half',
    spe: true,
    config: { ...GREY, timesteps: 16, depths: [1, 2, 1], imageHeight: 13, imageWidth: 6 },
    plan: { lanes: 3, inputs: 6, neurons: 3, tokenBlock: 7, lane },
  },
]);

test('a network of eight bits that strains every width', async () => {
  const network = loadQuant('stress-spe', 'w8-ptq');
  const choice = { lanes: 8, inputs: 16, neurons: 4, tokenBlock: null, lane } as const;
  await runDesign(network, choice, testImages('stress-spe', network, 2), { currents: true });
});

test('a trained network with streamed weights', async () => {
  const network = loadQuant('digits-tiny', 'w4-ptqbc');
  const choice = { lanes: 6, inputs: 12, neurons: 6, lane, weights: 'stream' } as const;
  await runDesign(network, choice, testImages('digits-tiny', network, 3), { currents: true, stallPercent: 20 });
});

test('tables are in group order', () => {
  const { options, passes } = plan(tinyNetwork(true), { lane });
  assert.is(options.loopOrder, 'group');
  for (const { source, order } of passes) assert.is(order, source === 'dense' ? 'group' : 'token');
});

test.run();
