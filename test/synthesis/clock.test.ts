/** The clock model against a design that it was not fitted to, placed. */
import { clockDeviation, clockModelOf } from '@spikemill/hdl-gen';
import { CLOCK_GRID, holdOutClock } from '@spikemill/synthesis';
import { test } from 'uvu';
import * as assert from 'uvu/assert';

/** What docs/clock-model.md promises. */
const BOUND = 0.15;
const HELD_OUT_SEED = 33;

test('ice40: a design outside the grid is as fast as the model says', async () => {
  assert.not.ok(CLOCK_GRID.ice40.includes(HELD_OUT_SEED));
  const placed = await holdOutClock('ice40', HELD_OUT_SEED, new AbortController().signal);
  const deviation = clockDeviation(clockModelOf('ice40')!, placed);
  assert.ok(Math.abs(deviation) <= BOUND, `${placed.megahertz} MHz: ${deviation}`);
});

test.run();
