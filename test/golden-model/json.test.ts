import { parseJson, validateJson } from '@spikemill/golden-model';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { assertError, catchError } from '../support/errors.js';

const SCHEMA = {
  type: 'object',
  additionalProperties: false,
  required: ['a'],
  properties: { a: { const: 1 }, b: { type: 'array', items: { enum: ['x', 'y'] } } },
};

test('what the schema allows comes through', () => {
  assert.equal(validateJson(SCHEMA, { a: 1, b: ['x'] }, 'f.json'), { a: 1, b: ['x'] });
});

test('a violation is told with its pointer, what was asked for and what was found', () => {
  const refuses = (value: unknown, ...texts: string[]) =>
    assertError(() => validateJson(SCHEMA, value, 'f.json'), 'INVALID_CONFIG', ...texts);
  refuses({ a: 2 }, 'f.json: /a', 'expected: 1', 'actual:   2');
  refuses({ a: 1, b: ['x', 'z'] }, 'f.json: /b/1', '["x","y"]', 'actual:   "z"');
  refuses({ a: 1, c: 0 }, 'f.json', 'only the properties that the schema knows', 'actual:   c');
  refuses({}, "must have required property 'a'", 'actual:   {}');
  refuses([], 'must be object');
});

test('the code of the error is the caller’s', () => {
  assertError(() => validateJson(SCHEMA, 1, 'f', 'INVALID_FILE'), 'INVALID_FILE');
  assertError(() => parseJson('{', 'f', 'INVALID_FILE'), 'INVALID_FILE', 'not JSON');
});

test('of a large document a message has only what it consists of', () => {
  const schema = { type: 'object', required: ['wanted'], properties: { wanted: {} } };
  const document = Object.fromEntries(Array.from({ length: 20 }, (_, i) => [`name${i}`, Array.from({ length: 99 })]));
  const { actual } = catchError(() => validateJson(schema, document, 'f.json')).details;
  assert.is(actual, 'an object with name0, name1, name2, name3, name4, name5, name6, name7, ... (20 in all)');
  const list = catchError(() => validateJson(schema, Array.from({ length: 200 }), 'f.json')).details;
  assert.is(list.actual, 'a list of 200 values');
});

test.run();
