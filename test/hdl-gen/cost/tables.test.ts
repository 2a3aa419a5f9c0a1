/** The formulas of lanes of tables against Yosys, for full tables: less is left of one that has fewer than four weights. */
import { costModelOf, plan } from '@spikemill/hdl-gen';
import { findTool, measureDesign } from '@spikemill/synthesis';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { listInstances } from '../../../hdl-gen/src/cost/instances.js';
import { moduleCost } from '../../../hdl-gen/src/cost/module-cost.js';
import { loadQuant } from '../../support/references.js';

/** How far off the LUTs of the addresses may be: an eighth. */
const GATHER_BOUND = 0.125;

test('xilinx-ultrascale-plus: the array is exact, the addresses nearly', async () => {
  const family = 'xilinx-ultrascale-plus';
  const stop = new AbortController().signal;
  const network = loadQuant('digits-tiny', 'w4-ptqbc');
  const choice = { lanes: 4, inputs: 8, neurons: 4, lane: 'table' } as const;
  const tool = await findTool('yosys', stop, 'system');
  const measured = await measureDesign({ network, plan: choice }, family, tool, stop);
  const instances = listInstances(network, plan(network, choice));
  const cost = (name: string) => moduleCost(instances.find((each) => each.name === name)!, costModelOf(family));

  const { memories, ...array } = cost('u_spike_array');
  assert.ok(memories.every(({ cost: { place } }) => place === 'lut-ram'));
  for (const resource of ['lut', 'lutRam', 'ff', 'carry', 'blockRam'] as const) {
    assert.is(array[resource], measured!.cells.u_spike_array![resource], resource);
  }
  const [gather, real] = [cost('u_gather'), measured!.cells.u_gather!];
  assert.is(gather.ff, real.ff);
  assert.ok(Math.abs(gather.lut / real.lut - 1) <= GATHER_BOUND, `${gather.lut} LUT, synthesized ${real.lut}`);
});

test.run();
