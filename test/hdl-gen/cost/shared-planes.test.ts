/** The formulas of a spike array that adds planes against Yosys. */
import type { DeviceFamily } from '@spikemill/constraints';
import { costModelOf, plan } from '@spikemill/hdl-gen';
import { findTool, measureDesign } from '@spikemill/synthesis';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { listInstances } from '../../../hdl-gen/src/cost/instances.js';
import { moduleCost } from '../../../hdl-gen/src/cost/module-cost.js';
import { loadQuant } from '../../support/references.js';

const stop = new AbortController().signal;

/** Two digits, wider and narrower accumulators than spikes need. */
const CHOICE = { lanes: 4, inputs: 8, neurons: 2, axialInputs: 2, planes: 'shared' } as const;

for (const family of ['xilinx-ultrascale-plus', 'ecp5', 'ice40'] as const satisfies readonly DeviceFamily[]) {
  test(`${family}: an array of two digits is exact`, async () => {
    const network = loadQuant('digits-tiny', 'w4-ptqbc');
    const tool = await findTool('yosys', stop, 'system');
    const measured = await measureDesign({ network, plan: CHOICE }, family, tool, stop);
    const instances = listInstances(network, plan(network, CHOICE));
    assert.not.ok(instances.some(({ name }) => /plane/.test(name)));
    const array = instances.find(({ name }) => name === 'u_spike_array')!;
    const cost = moduleCost(array, costModelOf(family));
    for (const resource of ['lut', 'ff', 'carry'] as const) {
      assert.is(cost[resource], measured!.cells.u_spike_array![resource], resource);
    }
  });
}

test.run();
