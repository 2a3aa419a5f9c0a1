/** What flags mean over a plan that is written down, and which of them would mean nothing. */
import { DEFAULT_PLAN } from '@spikemill/hdl-gen';
import { choosePlan, type PlanFlagValues, typedFlags } from '@spikemill/plugin-core';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { assertError } from '../../support/errors.js';

/** As oclif parses them; `typed` are those of the command line, all others are from the environment. */
function parsed(flags: PlanFlagValues, typed: readonly string[] = Object.keys(flags)) {
  return { flags, raw: [{ type: 'arg' }, ...typed.map((flag) => ({ type: 'flag', flag }))] };
}

const EVENT = { ...DEFAULT_PLAN, style: 'event' } as const;
const DENSE = { ...DEFAULT_PLAN, inputs: 8 } as const;

test('flags go before what is below them', () => {
  assert.equal(choosePlan(parsed({ lanes: 6 }), { lanes: 8, inputs: 2 }), { lanes: 6, inputs: 2 });
  assert.equal(typedFlags(parsed({ lanes: 6, inputs: 2 }, ['inputs'])), new Set(['inputs']));
});

test('inputs of event-driven lanes: refused where they are typed, also the default of a plan file', () => {
  for (const inputs of [4, 7]) {
    assertError(() => choosePlan(parsed({ style: 'event', inputs })), 'USAGE', '--inputs', 'leave out --inputs');
    assertError(() => choosePlan(parsed({ inputs }), EVENT), 'USAGE', '--inputs');
  }
  // a default for dense lanes is no word about event-driven ones
  assert.equal(choosePlan(parsed({ style: 'event', inputs: 8 }, ['style'])), { style: 'event' });
  assert.is(choosePlan(parsed({ style: 'event' }), DENSE).inputs, undefined);
  assert.is(choosePlan(parsed({ style: 'dense', inputs: 4 }), EVENT).inputs, 4);
});

test('a bus is one of external memory', () => {
  const bus = parsed({ 'weight-bus': 64 });
  assertError(() => choosePlan(bus), 'USAGE', '--weight-bus', 'add --weights external');
  assertError(() => choosePlan(bus, EVENT), 'USAGE', '--weight-bus');
  assert.is(choosePlan(bus, { weights: 'external' }).weightBus, 64);
});

test('the token order of a build is no word about weights or lanes that need the other one', () => {
  assert.is(choosePlan(parsed({ weights: 'external' }), DENSE).loopOrder, undefined);
  assert.is(choosePlan(parsed({ lane: 'table' }), DENSE).loopOrder, undefined);
  assert.is(choosePlan(parsed({ lanes: 4 }), DENSE).loopOrder, 'token');
  assert.is(choosePlan(parsed({ weights: 'external', 'loop-order': 'token' }), DENSE).loopOrder, 'token');
});

test.run();
