/** Cycles of the event-driven style from firing rates alone, against those that the spikes of the same images give. */
import { imageAt } from '@spikemill/golden-model';
import {
  type EventPlan,
  expectedWork,
  type FiringRates,
  meanRates,
  mostWork,
  planDesign,
  startRates,
} from '@spikemill/hdl-gen';
import { meanCycles } from '@spikemill/testbenches';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { tinyNetwork } from '../../support/designs.js';
import { loadQuant, type Model } from '../../support/references.js';
import { testImages } from '../../support/simulation.js';

/** With a rate for each timestep and token. */
const BOUND = 0.02;
/** With one rate for each population: what docs/cost-model.md says. */
const MEAN_BOUND = 0.07;

const MODELS: readonly (readonly [model: Model, quantized: string, images: number])[] = [
  ['digits-tiny', 'w4-qat', 10],
  ['mnist-small', 'w4-qat', 10],
  ['stress-spe', 'w4-ptq', 4],
  ['stress-nospe', 'w4-ptq', 4],
];
const GRIDS = [
  { lanes: 48, neurons: 8 },
  { lanes: 24, neurons: 4 },
  { lanes: 15, neurons: 5 },
];

const cyclesOf = (plan: EventPlan, rates: FiringRates): number =>
  expectedWork(plan, rates).passes.reduce((sum, { cycles }) => sum + cycles, 0);

for (const [model, quantized, count] of MODELS) {
  test(`${model}: rates give the cycles of the spikes`, () => {
    const network = loadQuant(model, quantized);
    const images = testImages(model, network, count);
    const measured = startRates(network);
    for (let i = 0; i < count; i++) measured.run(imageAt(images, i));
    const rates = measured.rates();
    for (const grid of GRIDS) {
      const plan = planDesign(network, { style: 'event', ...grid }) as EventPlan;
      const exact = meanCycles(plan, network, images);
      const byPlace = cyclesOf(plan, rates) / exact - 1;
      const byPopulation = cyclesOf(plan, meanRates(rates)) / exact - 1;
      assert.ok(Math.abs(byPlace) <= BOUND, `${grid.lanes} x ${grid.neurons}: ${byPlace}`);
      assert.ok(Math.abs(byPopulation) <= MEAN_BOUND, `${grid.lanes} x ${grid.neurons}, one rate: ${byPopulation}`);
    }
  });
}

test('rates of 0 and 1 are silence, and the most that there is', () => {
  for (const spe of [true, false]) {
    const network = tinyNetwork(spe);
    const plan = planDesign(network, { style: 'event', lanes: 12, neurons: 3 }) as EventPlan;
    const flat = (rate: number): FiringRates => ({
      lifs: new Map(
        plan.derived.layers.flatMap(({ layer: { lif } }) => (lif === null ? [] : [[lif, [rate]] as const])),
      ),
      planes: Array.from({ length: 8 }, () => [rate]),
    });
    const most = mostWork(plan).passes.reduce((sum, { cycles }) => sum + cycles, 0);
    // padding never spikes: the closed form of the plan takes it for spikes, too
    assert.ok(cyclesOf(plan, flat(1)) <= most + 1e-6);
    assert.ok(cyclesOf(plan, flat(1)) > 0.8 * most);
    assert.ok(cyclesOf(plan, flat(0)) < cyclesOf(plan, flat(0.5)));
  }
});

test.run();
