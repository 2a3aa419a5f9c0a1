import * as fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { findDuplicateKey } from '../../../golden-model/src/import/json-keys.js';

test('finds a key that an object has twice', () => {
  assert.is(findDuplicateKey('{"a": 1, "b": 2, "a": 3}'), 'a');
});

test('finds it in an inner object, too', () => {
  assert.is(findDuplicateKey('{"a": [{"x": 1, "x": 2}]}'), 'x');
});

test('the same key in two objects is no duplicate', () => {
  assert.is(findDuplicateKey('{"a": {"x": 1}, "b": {"x": 1}}'), null);
});

test('values and strings inside strings are no keys', () => {
  assert.is(findDuplicateKey('{"a": "a", "b": ["a", "a"], "c": "\\"a\\": {"}'), null);
});

test('escaped keys are compared as they read', () => {
  assert.is(findDuplicateKey('{"a": 1, "\\u0061": 2}'), 'a');
});

test('a string of 50 MB does not overflow anything', () => {
  assert.is(findDuplicateKey(`{"k": "${'\\n'.repeat(25_000_000)}", "k": 0}`), 'k');
});

test('what JSON.stringify writes never has a duplicate', () => {
  fc.assert(fc.property(fc.jsonValue(), (value) => findDuplicateKey(JSON.stringify(value, null, 1)) === null));
});

test.run();
