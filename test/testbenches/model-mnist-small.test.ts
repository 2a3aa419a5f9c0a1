import { test } from 'uvu';
import { testSimulations } from '../support/model-simulations.js';

testSimulations('mnist-small', [
  { name: 'w4-ptq', plan: { lanes: 8, inputs: 8, neurons: 4, tokenBlock: 16 }, images: 6, currents: true },
  { name: 'w8-ptq', plan: { lanes: 12, inputs: 4, neurons: 6, tokenBlock: null }, images: 6 },
  { name: 'w4-qat', plan: { lanes: 24, inputs: 6, neurons: 12, tokenBlock: 8 }, images: 6 },
]);

test.run();
