/** No plan is below the bounds of any set that it is in. */
import {
  acceleratorCost,
  completeOptions,
  type Figures,
  memoryTraffic,
  movedBits,
  plan,
  type Resources,
  timingOf,
} from '@spikemill/hdl-gen';
import * as fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { makeBounds } from '../../../hdl-gen/src/planner/bounds.js';
import { anyConfig, randomQuantized, smallConfig } from '../../support/random-network.js';
import { anyDenseOptions } from '../../support/random-plan.js';

const FAMILIES = ['ice40', 'ecp5', 'xilinx-7series', 'xilinx-ultrascale-plus'] as const;
const anyFamily = fc.constantFrom(...FAMILIES);

function assertBelow(bound: Resources, resources: Resources, what: string): void {
  for (const name of Object.keys(bound) as (keyof Resources)[]) {
    assert.ok(bound[name] <= resources[name], `${what}: ${name} ${bound[name]} above ${resources[name]}`);
  }
}

test('spans of lanes and inputs, open neurons, open token blocks', () => {
  const around = fc.record({ below: fc.nat(3), above: fc.nat(9) });
  fc.assert(
    fc.property(
      anyConfig,
      fc.integer(),
      anyDenseOptions,
      anyFamily,
      around,
      around,
      (config, seed, options, drawn, p, k) => {
        // the only families with tables have LUT RAM
        const family = options.lane === 'table' ? 'xilinx-ultrascale-plus' : drawn;
        const network = randomQuantized(config, seed);
        const planned = plan(network, options);
        const truth = acceleratorCost(network, planned, family).total;
        const { cyclesPerImage, intervalCycles } = timingOf(network, planned);
        const bounds = makeBounds(network, family, options);
        const span = (value: number, { below, above }: typeof p) => {
          return { from: Math.max(1, value - below), to: value + above };
        };
        const lanes = span(options.lanes, p);
        const inputs = span(options.inputs, k);
        for (const neurons of [null, options.neurons]) {
          const least = bounds.leastCycles(lanes, inputs, neurons);
          assert.ok(least.cyclesPerImage <= cyclesPerImage && least.intervalCycles <= intervalCycles);
        }
        assertBelow(bounds.leastResources(lanes, inputs), truth, 'span');
        assert.ok(bounds.traffic.least(lanes, inputs) <= movedBits(memoryTraffic(network, planned)));
        const full = plan(network, { ...options, neurons: options.lanes }).grid;
        assertBelow(bounds.resources(full, { neurons: true, leastTokens: 1 }), truth, 'open neurons');
        assertBelow(
          bounds.resources(planned.grid, { neurons: false, leastTokens: options.tokenBlock }),
          truth,
          'open token block',
        );
        assertBelow(bounds.resourcesOf(planned.grid, options.tokenBlock), truth, 'one plan');
      },
    ),
    { numRuns: 60 },
  );
});

test('arrays grow with lanes and with inputs, over all that can be built', () => {
  const network = randomQuantized(smallConfig(), 3);
  const trees = FAMILIES.map((family) => [family, 'tree'] as const);
  for (const [family, lane] of [...trees, ['xilinx-7series', 'table'], ['xilinx-ultrascale-plus', 'table']] as const) {
    const bounds = makeBounds(network, family, completeOptions({ lane }));
    const point = (value: number) => ({ from: value, to: value });
    const arrays = (lanes: number, inputs: number) => {
      const { blockRam: _, ...cells } = bounds.leastResources(point(lanes), point(inputs));
      return { ...cells, blockRam: 0 };
    };
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1023 }), fc.integer({ min: 1, max: 255 }), (lanes, inputs) => {
        const cells = arrays(lanes, inputs);
        assertBelow(cells, arrays(lanes + 1, inputs), `${family}: a lane more`);
        assertBelow(cells, arrays(lanes, inputs + 1), `${family}: an input more`);
      }),
      { numRuns: 300 },
    );
  }
});

test('weights that fill block RAM bound it before lanes and inputs are chosen', () => {
  const network = randomQuantized(smallConfig({ dim: 24, alpha: 4, depths: [1, 4] }), 5);
  const bounds = makeBounds(network, 'ice40');
  const blocks = (figures: Pick<Figures['resources'], 'blockRam'>) => figures.blockRam;
  const least = blocks(bounds.leastResources({ from: 4, to: 8 }, { from: 4, to: 8 }));
  const { total } = acceleratorCost(network, plan(network, { lanes: 8, inputs: 8 }), 'ice40');
  assert.ok(least > 20 && least > 0.3 * total.blockRam, `${least} of ${total.blockRam}`);
});

test.run();
