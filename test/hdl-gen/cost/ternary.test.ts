/** The formulas of lanes of ternary adders against Yosys, and families that have none. */
import { costModelOf, isPriced, plan } from '@spikemill/hdl-gen';
import { findTool, measureDesign } from '@spikemill/synthesis';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { listInstances } from '../../../hdl-gen/src/cost/instances.js';
import { moduleCost } from '../../../hdl-gen/src/cost/module-cost.js';
import { assertError } from '../../support/errors.js';
import { loadQuant } from '../../support/references.js';

const TERNARY = { adders: 'ternary' } as const;
const FAMILY = 'xilinx-ultrascale-plus';

/**
 * Nine weights and what is left of them, sums of three and of two; plane weights of 8 bits, or planes on the spike array;
 * axial branches of several inputs. The formulas count a few flip-flops too many where a term passes several levels, such
 * as the last of 28 inputs.
 */
for (const choice of [
  { ...TERNARY, lanes: 2, inputs: 19, neurons: 2, axialInputs: 3 },
  { ...TERNARY, lanes: 2, inputs: 14, neurons: 2, planes: 'shared' },
] as const) {
  test(`${FAMILY}: arrays of ${choice.inputs} inputs are exact`, async () => {
    const stop = new AbortController().signal;
    const network = loadQuant('digits-tiny', 'w4-ptqbc');
    const tool = await findTool('yosys', stop, 'system');
    const measured = await measureDesign({ network, plan: choice }, FAMILY, tool, stop);
    const instances = listInstances(network, plan(network, choice));
    const arrays = instances.filter(({ name }) => /^u_(spike|plane)_array$/.test(name));
    assert.is(arrays.length, 'planes' in choice ? 1 : 2);
    for (const instance of arrays) {
      const { name } = instance;
      const cost = moduleCost(instance, costModelOf(FAMILY));
      for (const resource of ['lut', 'lutRam', 'ff', 'carry', 'blockRam'] as const) {
        assert.is(cost[resource], measured!.cells[name]![resource], `${name} ${resource}`);
      }
    }
  });
}

test('families with LUTs of four inputs have no formulas for adders of three terms', () => {
  const network = loadQuant('digits-tiny', 'w4-ptqbc');
  const planned = plan(network, TERNARY);
  assert.ok(isPriced(network, planned, 'xilinx-7series'));
  for (const family of ['ice40', 'ecp5'] as const) {
    assert.not(isPriced(network, planned, family));
    const array = listInstances(network, planned).find(({ name }) => name === 'u_spike_array')!;
    const cost = () => moduleCost(array, costModelOf(family));
    assertError(cost, 'PLAN', 'smx_spike_array:ternary', family, 'adders of three terms', '--adders binary');
  }
});

test.run();
