/** When chunks of weights are taken, counted by hand. */
import * as fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { blocksOf, chunkTimes } from '../../../hdl-gen/src/plan/chunks.js';

test('blocks of 32 positions, the last one with the rest', () => {
  assert.equal(blocksOf({ outer: 1, inner: 32 }), { count: 1, rest: 32 });
  assert.equal(blocksOf({ outer: 3, inner: 11 }), { count: 2, rest: 1 });
  assert.equal(blocksOf({ outer: 7, inner: 7 }), { count: 2, rest: 17 });
});

test('chunks are as far apart as their positions, or as a table takes to fill', () => {
  // taken at 18 and 34; the first of 4 positions is drained at 36, the last at 39
  assert.equal(chunkTimes({ outer: 1, inner: 4, groups: 1 }, 2, 1), { span: 20, lastTile: 39 });
  // taken at 18, 50 and 82, each with 32 positions
  assert.equal(chunkTimes({ outer: 4, inner: 8, groups: 1 }, 3, 1), { span: 96, lastTile: 115 });
  // two blocks, of 32 positions and of one: taken at 18 and 50, at 82 and, when its table is filled, at 98
  assert.equal(chunkTimes({ outer: 1, inner: 33, groups: 1 }, 2, 1), { span: 81, lastTile: 100 });
});

test('neurons that are slower than chunks set the pace of blocks', () => {
  // 32 positions of 4 cycles: taken at 18, drained until 147, and again
  assert.equal(chunkTimes({ outer: 1, inner: 32, groups: 3 }, 1, 4), {
    span: 2 * 129 + 32,
    lastTile: 18 + 2 * 129 + 2 + 31 * 4,
  });
});

/** The rules of smx_chunk_gather, one block behind the other. */
function follow(loops: { outer: number; inner: number; groups: number }, fan: number, steps: number) {
  const { count, rest } = blocksOf(loops);
  let [take, drained, last, positions] = [18, 0, 0, 0];
  for (let block = 0; block < loops.groups * count; block++) {
    positions = block % count === count - 1 ? rest : 32;
    const interval = Math.max(positions, 16);
    last = Math.max(take + (fan - 1) * interval, drained);
    drained = last + positions * steps + 1;
    take = last + interval;
  }
  return { span: last + positions - 18, lastTile: last + 2 + (positions - 1) * steps };
}

test('the sum is what comes out of block after block', () => {
  const count = fc.integer({ min: 1, max: 6 });
  const positions = fc.integer({ min: 1, max: 40 });
  const steps = fc.integer({ min: 1, max: 12 });
  const law = fc.property(count, positions, count, count, steps, (outer, inner, groups, fan, each) => {
    assert.equal(chunkTimes({ outer, inner, groups }, fan, each), follow({ outer, inner, groups }, fan, each));
  });
  fc.assert(law, { numRuns: 2000 });
});

test.run();
