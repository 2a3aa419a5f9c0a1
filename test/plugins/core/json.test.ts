import { formatJson } from '@spikemill/plugin-core';
import * as fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';

test('lists of plain values stay on one line', () => {
  const text = '{\n  "a": [1, "x", null],\n  "b": [\n    [1, 2],\n    [3]\n  ],\n  "c": {},\n  "d": []\n}';
  assert.is(formatJson({ a: [1, 'x', null], b: [[1, 2], [3]], c: {}, d: [] }), text);
});

test('undefined and numbers that JSON does not know are as in JSON.stringify', () => {
  const value = { a: undefined, b: [undefined, Number.NaN], c: Number.POSITIVE_INFINITY };
  assert.equal(JSON.parse(formatJson(value)), JSON.parse(JSON.stringify(value)));
  assert.is(formatJson(undefined), 'null');
});

test('it is JSON', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) =>
      assert.equal(JSON.parse(formatJson(value)), JSON.parse(JSON.stringify(value))),
    ),
  );
});

test.run();
