import { test } from 'uvu';
import { testSimulations } from '../support/model-simulations.js';

testSimulations('digits-tiny', [
  { name: 'w4-ptq', plan: { lanes: 8, inputs: 4, neurons: 4, tokenBlock: 16 }, images: 40, currents: true },
  { name: 'w8-ptq', plan: { lanes: 8, inputs: 4, neurons: 8, tokenBlock: null }, images: 40 },
  { name: 'w4-ptqbc', plan: { lanes: 5, inputs: 3, neurons: 1, tokenBlock: 7 }, images: 10 },
  { name: 'w2-qat', plan: { lanes: 12, inputs: 12, neurons: 6, tokenBlock: null }, images: 20, currents: true },
]);

test.run();
