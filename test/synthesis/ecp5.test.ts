import { test } from 'uvu';
import { assertAsPlanned, synthesizeSmall } from '../support/synthesized-design.js';

test('ecp5-85f: memories are where they were planned, no multiplier', async () => {
  assertAsPlanned(await synthesizeSmall({ device: 'ecp5-85f', noPlace: true }));
});

test.run();
