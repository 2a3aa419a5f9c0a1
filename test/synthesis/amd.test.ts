import { test } from 'uvu';
import { assertAsPlanned, synthesizeSmall } from '../support/synthesized-design.js';

test('xc7a35t: memories are where they were planned, no multiplier', async () => {
  assertAsPlanned(await synthesizeSmall({ device: 'xc7a35t', noPlace: true }));
});

test('xczu5ev: memories are where they were planned, no multiplier', async () => {
  assertAsPlanned(await synthesizeSmall({ device: 'xczu5ev', noPlace: true }));
});

test.run();
