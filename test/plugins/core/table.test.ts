import { formatCount, formatCounted, formatPercent, renderTable } from '@spikemill/plugin-core';
import { test } from 'uvu';
import * as assert from 'uvu/assert';

test('a header, a rule, numbers to the right, no blanks at the ends', () => {
  const table = renderTable(
    ['layer', 'weights', 'share'],
    [
      ['fuse', '1,728', '9.5 %'],
      ['a longer name', 7, '100 %'],
    ],
  );
  assert.is(
    table,
    [
      'layer          weights  share',
      '-----------------------------',
      'fuse             1,728  9.5 %',
      'a longer name        7  100 %',
    ].join('\n'),
  );
});

test('words stay left, and a table may be empty', () => {
  assert.is(renderTable(['a'], [['x'], ['12']]), 'a\n--\nx\n12');
  assert.is(renderTable(['ab'], []), 'ab\n--');
});

test('counts and shares', () => {
  assert.equal([0, 999, 1000, 1234567].map(formatCount), ['0', '999', '1,000', '1,234,567']);
  assert.equal([formatPercent(0.98888), formatPercent(0.5, 0)], ['98.89 %', '50 %']);
});

test('counts with what they count', () => {
  assert.equal([formatCounted(1, 'token'), formatCounted(1024, 'token')], ['1 token', '1,024 tokens']);
  assert.is(formatCounted(0, 'mismatch', 'mismatches'), '0 mismatches');
});

test.run();
