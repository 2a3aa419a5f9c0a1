/** The walker: every one of a word as an event, in order, whatever the blocks; an empty word as one event without a hit. */
import * as fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { runModule } from '../../support/rtl-bench.js';

/** Events of one word, which comes alone. */
function walk(
  width: number,
  block: number,
  bits: readonly boolean[],
): { events: number[]; hits: boolean[]; lasts: boolean[] } {
  const word = bits.reduce((sum, bit, i) => (bit ? sum | (1n << BigInt(i)) : sum), 0n);
  const idle = { valid_i: 0, walk_i: 1, word_i: 0n, base_i: 0, tag_i: 0, ready_i: 1, rst_i: 0 };
  const inputs = [
    { ...idle, rst_i: 1 },
    { ...idle, valid_i: 1, word_i: word, base_i: 5 },
    ...Array.from({ length: width + 4 }, () => idle),
  ];
  const outputs = runModule('smx_walker', { Width: width, Block: block, BaseBits: 10, TagBits: 1 }, inputs);
  const seen = outputs.filter(({ valid_o: valid }) => Number(valid) === 1);
  return {
    events: seen.map(({ base_o: base, index_o: index }) => Number(base) + Number(index) - 5),
    hits: seen.map(({ hit_o: hit }) => Number(hit) === 1),
    lasts: seen.map(({ last_o: last }) => Number(last) === 1),
  };
}

test('ones in order, the last one marked', () => {
  const anyCase = fc.record({
    block: fc.integer({ min: 2, max: 12 }),
    bits: fc.array(fc.boolean(), { minLength: 2, maxLength: 30 }),
  });
  const law = fc.property(anyCase, ({ block, bits }) => {
    const { events, hits, lasts } = walk(bits.length, block, bits);
    const ones = bits.flatMap((bit, i) => (bit ? [i] : []));
    assert.equal(lasts, [...Array.from({ length: Math.max(1, ones.length) - 1 }, () => false), true]);
    assert.equal(
      hits,
      lasts.map(() => ones.length > 0),
    );
    if (ones.length > 0) assert.equal(events, ones);
  });
  fc.assert(law, { numRuns: 6 });
});

test('all ones, no ones', () => {
  assert.equal(
    walk(
      13,
      6,
      Array.from({ length: 13 }, () => true),
    ).events,
    [...Array(13).keys()],
  );
  assert.equal(
    walk(
      13,
      6,
      Array.from({ length: 13 }, () => false),
    ).hits,
    [false],
  );
});

test.run();
