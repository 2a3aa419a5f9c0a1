/** The formulas of axial branches of several inputs against Yosys. */
import { costModelOf, plan } from '@spikemill/hdl-gen';
import { findTool, measureDesign } from '@spikemill/synthesis';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { listInstances } from '../../../hdl-gen/src/cost/instances.js';
import { moduleCost } from '../../../hdl-gen/src/cost/module-cost.js';
import { loadQuant } from '../../support/references.js';

/** How far off the LUTs of the addresses may be: what synthesis makes of them differs by as much from design to design. */
const GATHER_BOUND = 0.25;

test('xilinx-ultrascale-plus: array and line buffer are exact, the addresses nearly', async () => {
  const family = 'xilinx-ultrascale-plus';
  const stop = new AbortController().signal;
  const network = loadQuant('digits-tiny', 'w4-ptqbc');
  const choice = { lanes: 6, inputs: 8, neurons: 3, axialInputs: 3 };
  const tool = await findTool('yosys', stop, 'system');
  const measured = await measureDesign({ network, plan: choice }, family, tool, stop);
  const instances = listInstances(network, plan(network, choice));
  const cost = (name: string) => moduleCost(instances.find((each) => each.name === name)!, costModelOf(family));

  for (const name of ['u_spike_array', 'u_line_buffer']) {
    for (const resource of ['lut', 'lutRam', 'ff', 'carry', 'blockRam'] as const) {
      assert.is(cost(name)[resource], measured!.cells[name]![resource], `${name} ${resource}`);
    }
  }
  const [gather, real] = [cost('u_gather'), measured!.cells.u_gather!];
  assert.is(gather.ff, real.ff);
  assert.ok(Math.abs(gather.lut / real.lut - 1) <= GATHER_BOUND, `${gather.lut} LUT, synthesized ${real.lut}`);
});

test.run();
