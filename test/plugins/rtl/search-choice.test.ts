/** Flags that widen a search have an effect, or are refused with what leaves them without one. */
import { findDevice } from '@spikemill/constraints';
import { makeSpace, type PlanOptions } from '@spikemill/hdl-gen';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { checkWidening, type Widening, withoutSearched } from '../../../plugins/rtl/src/search-choice.js';
import { assertError } from '../../support/errors.js';
import { smallConfig } from '../../support/random-network.js';

const NOTHING: Widening = { segments: false, lanes: false, images: false };

function check(wide: Partial<Widening>, choice: Partial<PlanOptions>, device = 'xc7a35t'): void {
  const { segments, lanes, images } = { ...NOTHING, ...wide };
  const space = makeSpace(smallConfig(), choice, { segments, lanes, styles: images });
  const typed = new Set(Object.keys(choice).filter((field) => field === 'style'));
  const file = { path: 'plan.json', choice };
  checkWidening({ segments, lanes, images }, choice, space, findDevice(device), { typed, file });
}

function refused(wide: Partial<Widening>, choice: Partial<PlanOptions>, flag: string, field: string): void {
  const advice = field === 'style' ? 'leave out --style' : `leave ${field} out of plan.json`;
  assertError(() => check(wide, choice), 'USAGE', `${flag} has no effect`, `leave out ${flag}`, advice);
}

test('one segment all the same', () => {
  check({ segments: true }, {});
  check({ segments: true }, { style: 'dense', lane: 'tree', inputs: 4 });
  refused({ segments: true }, { style: 'event' }, '--segments any', 'style');
  refused({ segments: true }, { weights: 'external' }, '--segments any', 'weights');
  refused({ segments: true }, { lane: 'table' }, '--segments any', 'lane');
});

test('trees all the same', () => {
  check({ lanes: true }, {});
  check({ lanes: true }, { weights: 'stream', segments: 1 });
  refused({ lanes: true }, { style: 'event' }, '--lane any', 'style');
  refused({ lanes: true }, { weights: 'external' }, '--lane any', 'weights');
  refused({ lanes: true }, { segments: 2 }, '--lane any', 'segments');
  refused({ lanes: true }, { loopOrder: 'token' }, '--lane any', 'loopOrder');
  for (const device of ['ice40-hx8k', 'ecp5-12f']) {
    assertError(() => check({ lanes: true }, {}, device), 'USAGE', `${device} has no LUT RAM`);
  }
});

test('dense plans all the same, whose cycles no rates change', () => {
  check({ images: true }, {});
  check({ images: true }, { style: 'event' });
  check({ images: true, segments: true }, { loopOrder: 'token', lane: 'tree' });
  refused({ images: true }, { style: 'dense' }, '--images', 'style');
  refused({ images: true }, { inputs: 4 }, '--images', 'inputs');
  refused({ images: true }, { weights: 'stream' }, '--images', 'weights');
  refused({ images: true }, { segments: 2 }, '--images', 'segments');
  refused({ images: true }, { lane: 'table' }, '--images', 'lane');
  refused({ images: true }, { loopOrder: 'group' }, '--images', 'loopOrder');
});

test('what is searched goes before the plan file', () => {
  const file: Partial<PlanOptions> = { lanes: 6, segments: 1, lane: 'tree', loopOrder: 'token' };
  assert.equal(withoutSearched(file, NOTHING), file);
  assert.equal(withoutSearched(file, { segments: true, lanes: true }), { lanes: 6 });
  assert.equal(withoutSearched({ loopOrder: 'group' }, { segments: true, lanes: true }), { loopOrder: 'group' });
});

test.run();
