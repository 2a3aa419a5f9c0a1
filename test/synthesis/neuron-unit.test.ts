/** The neuron unit alone, placed on an iCE40: its loop through the membrane must not set the clock. */
import { plan } from '@spikemill/hdl-gen';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { listInstances } from '../../hdl-gen/src/cost/instances.js';
import { placeModule } from '../support/placed-module.js';
import { loadQuant, type Model } from '../support/references.js';

/** A result a cycle, so this is also results a second and neuron, in millions. */
const MEGAHERTZ = 100;

const PLANS: readonly (readonly [model: Model, lanes: number, inputs: number, neurons: number])[] = [
  ['digits-tiny', 4, 4, 4],
  ['mnist-small', 8, 12, 4],
];

for (const [model, lanes, inputs, neurons] of PLANS) {
  test(`${model}, ${lanes} x ${inputs} lanes, ${neurons} neurons: more than ${MEGAHERTZ} MHz`, () => {
    const network = loadQuant(model, 'w4-qat');
    const instances = listInstances(network, plan(network, { lanes, inputs, neurons, tokenBlock: 4 }));
    const { module, parameters } = instances.find(({ name }) => name === 'u_neuron_unit')!;
    const { fmaxMegahertz, criticalPath } = placeModule(module, parameters);
    assert.ok(fmaxMegahertz! > MEGAHERTZ, `${fmaxMegahertz} MHz: ${JSON.stringify(criticalPath)}`);
  });
}

test.run();
