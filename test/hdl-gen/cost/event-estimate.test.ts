/** Estimates of event-driven plans: cells of every instance, bits of every memory, and where the cycles go. */
import { imageAt, startStatistics } from '@spikemill/golden-model';
import {
  acceleratorCost,
  type EventPlan,
  estimate,
  eventRoofline,
  eventUtilisation,
  generate,
  meanWork,
  mostWork,
  planDesign,
  timingOf,
  workingMemories,
} from '@spikemill/hdl-gen';
import { makeVectors } from '@spikemill/testbenches';
import * as fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { tinyNetwork } from '../../support/designs.js';
import { anyConfig, randomQuantized } from '../../support/random-network.js';
import { loadQuant } from '../../support/references.js';
import { testImages } from '../../support/simulation.js';

const FAMILIES = ['ice40', 'ecp5', 'xilinx-7series', 'xilinx-ultrascale-plus'] as const;
const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

test('layers share out the cycles, no layer is faster than its roof, and cells are whole', () => {
  const grids = fc.constantFrom<[number, number]>([1, 1], [6, 3], [12, 2], [24, 8], [40, 4]);
  fc.assert(
    fc.property(anyConfig, fc.integer(), grids, fc.constantFrom(...FAMILIES), (config, seed, grid, family) => {
      const network = randomQuantized(config, seed);
      const [lanes, neurons] = grid;
      const plan = planDesign(network, { style: 'event', lanes, neurons }) as EventPlan;
      const work = mostWork(plan);
      const { layers } = eventUtilisation(plan, work);
      assert.is(sum(layers.map(({ cycles }) => cycles)), plan.cyclesPerImage);
      for (const { name, waitingCycles, overheadCycles, utilisation } of layers) {
        assert.ok(waitingCycles >= 0 && overheadCycles > 0 && utilisation >= 0 && utilisation <= 1, name);
      }
      for (const { cycles, demands, name } of eventRoofline(network, plan, work, layers)) {
        const { external: _, ...inside } = demands;
        for (const [part, needed] of Object.entries(inside)) {
          assert.ok(needed <= cycles + 1e-9, `${name}, ${part}: ${needed} of ${cycles}`);
        }
      }
      for (const { name, module: _module, memories: _memories, ...cells } of acceleratorCost(network, plan, family)
        .instances) {
        for (const count of Object.values(cells)) assert.ok(Number.isInteger(count) && count >= 0, `${family} ${name}`);
        assert.ok(cells.lutRam <= cells.lut && cells.loneFf <= cells.ff, `${family} ${name}`);
      }
    }),
    { numRuns: 40 },
  );
});

test('memories are those of the generated design, bit for bit', () => {
  for (const spe of [true, false]) {
    const network = tinyNetwork(spe);
    const choice = { style: 'event', lanes: 12, neurons: 3 } as const;
    const { manifest } = generate(network, choice);
    const plan = planDesign(network, choice);
    const { memories } = estimate(network, plan).memory;
    for (const { name, width, depth } of [...manifest.memories, ...workingMemories(plan)]) {
      const found = memories.filter((memory) => memory.name === `u_${name.replaceAll('-', '_')}`);
      if (found.length > 0) assert.is(sum(found.map(({ bits }) => bits)), width * depth, name);
      else assert.match(name, /states|membranes/);
    }
    for (const { name, bits, weightBits } of memories) {
      assert.ok(weightBits === null || (weightBits > 0 && weightBits <= bits), name);
    }
  }
});

test('with images cycles and operations are those of the run', () => {
  const network = loadQuant('digits-tiny', 'w4-qat');
  const plan = planDesign(network, { style: 'event', lanes: 12, neurons: 2 }) as EventPlan;
  const images = testImages('digits-tiny', network, 3);
  const vectors = makeVectors(plan, network, { currents: false });
  const statistics = startStatistics(network);
  const expected = [0, 1, 2].map((i) => {
    statistics.run(imageAt(images, i));
    return vectors.expect(imageAt(images, i));
  });
  const run = meanWork(expected.map(({ work }) => work!));
  const cycles = expected.map((each) => each.cycles);
  assert.equal(run.cycles, { images: 3, mean: sum(cycles) / 3, min: Math.min(...cycles), max: Math.max(...cycles) });
  const { timing, utilisation } = estimate(network, plan, statistics.summary(), run);
  assert.ok(Math.abs(timing.cyclesPerImage - run.cycles.mean) < 1e-6);
  assert.is(timing.basis, 'golden model, mean');
  // what the lanes add contains what spikes, and less than there would be without silence
  const fuse = utilisation.layers.find(({ kind }) => kind === 'fuse')!;
  assert.ok(fuse.effectiveOperations! <= fuse.physicalOperations + 1e-6);
  assert.ok(fuse.physicalOperations < fuse.denseOperations);
  assert.ok(timing.intervalCycles < timingOf(network, plan).intervalCycles);
});

test.run();
