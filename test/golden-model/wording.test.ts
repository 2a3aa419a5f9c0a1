import { countOf } from '@spikemill/golden-model';
import { test } from 'uvu';
import * as assert from 'uvu/assert';

test('one thing, and more of them', () => {
  assert.equal(
    [0, 1, 2, 1n].map((count) => countOf(count, 'byte')),
    ['0 bytes', '1 byte', '2 bytes', '1 byte'],
  );
  assert.is(countOf(3, 'class', 'classes'), '3 classes');
});

test.run();
