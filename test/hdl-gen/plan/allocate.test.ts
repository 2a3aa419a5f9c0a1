import * as fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { allocate, type Buffer } from '../../../hdl-gen/src/plan/allocate.js';

const anyBuffers = fc
  .array(fc.record({ size: fc.integer({ min: 1, max: 20 }), from: fc.nat(12), length: fc.nat(6) }), { maxLength: 15 })
  .map((list) => list.map(({ size, from, length }, i): Buffer => ({ name: `b${i}`, size, from, to: from + length })));

test('buffers that live at the same time do not overlap', () => {
  const law = fc.property(anyBuffers, (buffers) => {
    const { bases, size } = allocate(buffers);
    for (const a of buffers) {
      const start = bases.get(a.name)!;
      assert.ok(start >= 0 && start + a.size <= size);
      for (const b of buffers) {
        const other = bases.get(b.name)!;
        const isApart = start + a.size <= other || other + b.size <= start;
        const isAlone = a.to < b.from || b.to < a.from;
        assert.ok(a === b || isApart || isAlone, `${a.name} and ${b.name}`);
      }
    }
  });
  fc.assert(law, { numRuns: 500 });
});

test('the memory ends with its last buffer', () => {
  const law = fc.property(anyBuffers, (buffers) => {
    const { bases, size } = allocate(buffers);
    assert.is(size, Math.max(0, ...buffers.map((buffer) => bases.get(buffer.name)! + buffer.size)));
  });
  fc.assert(law);
});

test('a dead buffer makes room, and the lowest gap is taken', () => {
  const { bases, size } = allocate([
    { name: 'long', size: 4, from: 0, to: 9 },
    { name: 'first', size: 3, from: 0, to: 2 },
    { name: 'behind', size: 2, from: 1, to: 9 },
    { name: 'second', size: 3, from: 3, to: 5 },
    { name: 'large', size: 5, from: 4, to: 5 },
  ]);
  assert.equal(Object.fromEntries(bases), { long: 0, first: 4, behind: 7, second: 4, large: 9 });
  assert.is(size, 14);
});

test.run();
