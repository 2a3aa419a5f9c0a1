/** Integers that no training gives: thresholds of 0, odd ones, negative and empty token scales, shifts to both sides. */
import type { GenerateOptions } from '@spikemill/hdl-gen';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { tinyConfig } from '../support/designs.js';
import { randomQuantized } from '../support/random-network.js';
import { scramble } from '../support/scrambled-network.js';
import { randomImages, runDesign } from '../support/simulation.js';

const PLANS: readonly GenerateOptions[] = [
  { lanes: 4, inputs: 4, neurons: 2, tokenBlock: 4 },
  { lanes: 3, inputs: 2, neurons: 1, tokenBlock: null },
  { lanes: 2, inputs: 8, neurons: 2, tokenBlock: 1 },
];

for (const spe of [true, false]) {
  for (const [seed, plan] of PLANS.entries()) {
    test(`${spe ? 'with' : 'without'} SPE, seed ${seed}`, async () => {
      const scaleDigits = seed + 1;
      const config = tinyConfig(spe, { depths: [1, seed + 1], timesteps: 3 });
      const network = scramble(randomQuantized(config, seed, { scaleDigits }), seed, scaleDigits);
      const scales = [...network.secondLinearTokens.values()].flatMap(({ scale }) => [...scale]);
      assert.ok(scales.includes(0) && scales.some((scale) => scale < 0), 'the corners are there');
      const thresholds = [...network.firstLinearTokens.values()].flatMap(({ theta2 }) => [...theta2]);
      assert.ok(thresholds.some((theta2) => theta2 < 4) && thresholds.some((theta2) => theta2 % 2 === 1));
      await runDesign(network, plan, randomImages(network, 4, seed), { seed, currents: true, stallPercent: 30 });
    });
  }
}

test.run();
