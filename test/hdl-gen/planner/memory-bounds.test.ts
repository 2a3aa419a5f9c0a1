/** Buffers of which only the fewest words are known: where they are said to go, and what they take there. */
import { costModelOf } from '@spikemill/hdl-gen';
import * as fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { mapMemory } from '../../../hdl-gen/src/cost/memory-mapping.js';
import { leastBlocks } from '../../../hdl-gen/src/planner/memory-bounds.js';

test('a memory that is sure to go to block RAM does, with any number of words beyond, and takes no fewer blocks', () => {
  let sure = 0;
  const property = fc.property(
    fc.constantFrom('ice40', 'ecp5', 'xilinx-7series', 'xilinx-ultrascale-plus'),
    fc.integer({ min: 1, max: 600 }),
    fc.integer({ min: 1, max: 40_000 }),
    fc.integer({ min: 0, max: 40_000 }),
    (family, width, depth, more) => {
      const { memory } = costModelOf(family as 'ecp5');
      const least = leastBlocks({ kind: 'ram', count: 1, width, depth }, memory);
      if (least === 0) return;
      sure += 1;
      const { place, blockRam } = mapMemory({ kind: 'ram', width, depth: depth + more }, memory);
      assert.is(place, 'block-ram');
      assert.ok(blockRam >= least, `${blockRam} below ${least}`);
    },
  );
  fc.assert(property, { numRuns: 3000 });
  assert.ok(sure > 1000, `${sure} are sure`);
});

test.run();
