import { test } from 'uvu';
import { testSimulations } from '../support/model-simulations.js';

testSimulations('stress-spe', [
  { name: 'w4-ptq', plan: { lanes: 4, inputs: 4, neurons: 2, tokenBlock: 16 }, images: 8, currents: true },
  { name: 'w4-ptq', plan: { lanes: 9, inputs: 2, neurons: 3, tokenBlock: 1 }, images: 8 },
  { name: 'w8-ptq', plan: { lanes: 6, inputs: 8, neurons: 1, tokenBlock: null }, images: 8, currents: true },
]);

test.run();
