/** Widths for networks that come later. */
import { commonWidths, plan, planSwap, weightFrame } from '@spikemill/hdl-gen';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { tinyNetwork } from '../../support/designs.js';
import { assertError } from '../../support/errors.js';

const FIRST = tinyNetwork(true, 1);

test('weights and accumulators do not depend on the network, only on its number format', () => {
  const widthsOf = (seed: number) => {
    const { weightBits, accBits, planeAccBits } = plan(tinyNetwork(true, seed), { weights: 'stream' }).formats;
    return { weightBits, accBits, planeAccBits };
  };
  const widths = widthsOf(1);
  assert.is(widths.weightBits, 4);
  for (const seed of [2, 3, 4]) assert.equal(widthsOf(seed), widths);
});

test('declared widths are a floor, and frames of both networks fit', () => {
  const others = [2, 3, 4, 5].map((seed) => tinyNetwork(true, seed));
  const built = plan(FIRST, { weights: 'stream', widths: commonWidths([FIRST, ...others]) });
  for (const other of others) {
    const swapped = planSwap({ network: FIRST, plan: built }, other);
    assert.equal(swapped.formats, built.formats);
    assert.is(weightFrame(other, swapped).length, weightFrame(FIRST, built).length);
  }
});

test('what does not suit is named', () => {
  const wide = (widths: Record<string, number>) => () => plan(FIRST, { weights: 'stream', widths });
  assertError(wide({ acBits: 12 }), 'PLAN', 'plan.widths.acBits', 'accBits');
  assertError(wide({ accBits: 33 }), 'PLAN', 'plan.widths.accBits');
  assertError(wide({ clampBits: 20 }), 'PLAN', 'plan.widths.clampBits', 'expected: 10 bits');
  assertError(() => commonWidths([FIRST, tinyNetwork(true, 1, { membraneBits: 12 })]), 'PLAN', 'plan.widths.clampBits');
  const image = { network: FIRST, plan: plan(FIRST) };
  assertError(() => planSwap(image, FIRST), 'PLAN', '--weights stream');
});

test.run();
