import { test } from 'uvu';
import { testSimulations } from '../support/model-simulations.js';

testSimulations('stress-nospe', [
  { name: 'w4-ptq', plan: { lanes: 4, inputs: 4, neurons: 2, tokenBlock: 16 }, images: 4, currents: true },
  { name: 'w8-ptq', plan: { lanes: 8, inputs: 3, neurons: 8, tokenBlock: 5 }, images: 4 },
  { name: 'w8-ptq', plan: { lanes: 3, inputs: 5, neurons: 3, tokenBlock: null }, images: 4, currents: true },
]);

test.run();
