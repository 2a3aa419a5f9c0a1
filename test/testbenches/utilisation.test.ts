/** Cycles in which array and neuron unit work, counted in the RTL, against the closed form of the plan. */

import { imageAt } from '@spikemill/golden-model';
import { type EventPlan, eventUtilisation, LANE_KINDS, meanWork, planDesign, utilisationOf } from '@spikemill/hdl-gen';
import { makeVectors, openBuild, verify } from '@spikemill/testbenches';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { consumerCycles, tileCount } from '../../hdl-gen/src/plan/pass.js';
import { makeDesign, tinyConfig, tinyNetwork } from '../support/designs.js';
import { catchRejection } from '../support/errors.js';
import { randomQuantized } from '../support/random-network.js';
import { randomImages } from '../support/simulation.js';

const IMAGES = 2;

const DENSE = [...LANE_KINDS.map((lane) => ({ lane })), { axialInputs: 2 }];

for (const own of DENSE) {
  test(`dense lanes, ${Object.values(own)}: layer by layer what the closed form says, padding lanes and waits for results included`, async () => {
    // 4 lanes for 3 and 9 channels: some pad; 1 neuron: tiles wait for it
    const network = tinyNetwork(true, 3);
    const { folder, plan } = makeDesign(network, { lanes: 4, inputs: 2, neurons: 1, tokenBlock: 4, ...own });
    const options = { utilisation: true, idlePercent: 10, stallPercent: 50 } as const;
    const result = await verify(openBuild(folder), randomImages(network, IMAGES), options);
    assert.ok(result.passed);
    const counted = result.utilisation!;
    const expected = utilisationOf(plan);
    assert.is(counted.cycles, IMAGES * plan.cyclesPerImage);
    assert.is(counted.filled / counted.cycles, expected.laneUtilisation);
    assert.equal(
      counted.layers.map(({ name, cycles, array }) => [name, cycles / IMAGES, array / IMAGES]),
      expected.layers.map(({ name, cycles, operandCycles }) => [name, cycles, operandCycles]),
    );
    for (const [i, { filled, cycles }] of counted.layers.entries()) {
      assert.is(filled / cycles, expected.layers[i]!.utilisation);
    }
    const steps = plan.passes.map((pass) =>
      pass.source === 'head' ? 0 : tileCount(pass) * consumerCycles(pass, plan.grid),
    );
    assert.is(
      counted.neurons / IMAGES,
      steps.reduce((sum, count) => sum + count, 0),
    );
    assert.ok(counted.either >= Math.max(counted.array, counted.neurons) && counted.either < counted.cycles);
    assert.ok(expected.layers.some(({ filledLanes }) => filledLanes < 1));
    assert.ok(expected.layers.some(({ waitingCycles }) => waitingCycles > 0));
  });
}

test("event-driven lanes: layer by layer what the golden model's spikes say", async () => {
  const network = randomQuantized(tinyConfig(true, { depths: [1] }), 2);
  const choice = { style: 'event', lanes: 12, neurons: 3, tokenBlock: null } as const;
  const { folder } = makeDesign(network, choice);
  const plan = planDesign(network, choice) as EventPlan;
  const images = randomImages(network, IMAGES);
  const result = await verify(openBuild(folder), images, { utilisation: true });
  assert.ok(result.passed);
  const { cycles, array, neurons, either, layers } = result.utilisation!;
  const vectors = makeVectors(plan, network, { currents: false });
  const works = Array.from({ length: IMAGES }, (_, i) => vectors.expect(imageAt(images, i)).work!);
  const expected = eventUtilisation(plan, meanWork(works));
  assert.is(cycles / IMAGES, meanWork(works).cycles.mean);
  for (const [i, { utilisation, physicalOperations }] of expected.layers.entries()) {
    const layer = layers[i]!;
    assert.is(layer.array / IMAGES, physicalOperations / plan.grid.lanes, layer.name);
    assert.ok(Math.abs(layer.filled / layer.cycles - utilisation) < 1e-12, layer.name);
  }
  assert.ok(expected.layers.some(({ filledLanes }) => filledLanes > 0 && filledLanes < 1));
  assert.ok(array > 0 && neurons > 0 && either <= array + neurons && either < cycles);
});

test('what cannot be counted', async () => {
  const network = tinyNetwork(false);
  const { folder } = makeDesign(network, { lanes: 2, inputs: 2, neurons: 2 });
  const images = randomImages(network, 1);
  const error = await catchRejection(verify(openBuild(folder), images, { utilisation: true, simulator: 'icarus' }));
  assert.is(error.code, 'USAGE');
  assert.match(error.message, /utilisation/);
});

test.run();
