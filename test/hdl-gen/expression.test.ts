import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { clog2, evaluate } from '../../hdl-gen/src/expression.js';
import { assertError } from '../support/errors.js';

test('clog2 as Verilog has it', () => {
  assert.equal([0, 1, 2, 3, 4, 5, 8, 9, 1024, 1025].map(clog2), [0, 0, 1, 2, 2, 3, 3, 4, 10, 11]);
});

test('expressions over named numbers', () => {
  assert.is(evaluate('Lanes*Inputs + $clog2(Inputs)', { Lanes: 3, Inputs: 8 }, 'here'), 27);
  assert.is(evaluate('(Count+1)/2', { Count: 4 }, 'here'), 2.5);
});

test('what cannot be evaluated is refused with its place', () => {
  const unknown = () => evaluate('Lanes*Depth', { Lanes: 3 }, 'smx_lane.port');
  assertError(unknown, 'INVALID_CONFIG', '"Lanes*Depth"', 'smx_lane.port', 'Undefined symbol Depth');
  assertError(() => evaluate('3 +', {}, 'here'), 'INVALID_CONFIG', 'cannot evaluate');
  // K is a unit to mathjs
  assertError(() => evaluate('Lanes*K', { Lanes: 3 }, 'here'), 'INVALID_CONFIG', 'does not yield a number');
  assertError(() => evaluate('[1, 2]', {}, 'here'), 'INVALID_CONFIG', 'does not yield a number');
  assertError(() => evaluate('1/0', {}, 'here'), 'INVALID_CONFIG', 'does not yield a number');
});

test.run();
