/** The formulas against Yosys, on designs that they were not fitted to; `npm run bench:cost` holds more of them. */
import type { DeviceFamily } from '@spikemill/constraints';
import { costModelOf, totalDeviation } from '@spikemill/hdl-gen';
import { findTool, GRID_DESIGNS, holdOut } from '@spikemill/synthesis';
import { test } from 'uvu';
import * as assert from 'uvu/assert';

/** What docs/cost-model.md promises. */
const LUT_BOUND = 0.08;
const FF_BOUND = 0.03;

/** Drawn by a number outside the grid: dense, event-driven from 200 on, in segments from 300 on. */
const CASES: readonly (readonly [family: DeviceFamily, seed: number])[] = [
  ['ice40', 103],
  ['ice40', 201],
  ['ice40', 301],
  ['ecp5', 114],
  ['ecp5', 201],
  ['ecp5', 301],
  ['xilinx-ultrascale-plus', 103],
  ['xilinx-ultrascale-plus', 201],
  ['xilinx-ultrascale-plus', 301],
];

for (const [family, seed] of CASES) {
  test(`${family}: LUTs, flip-flops and block RAMs of design ${seed} are as the formulas say`, async () => {
    assert.ok(seed > GRID_DESIGNS);
    const stop = new AbortController().signal;
    const [design] = await holdOut(family, [seed], await findTool('yosys', stop, 'system'), stop);
    const deviation = (resource: 'lut' | 'ff' | 'blockRam'): number =>
      totalDeviation(costModelOf(family), design!, resource);
    assert.ok(Math.abs(deviation('lut')) <= LUT_BOUND, `LUT ${deviation('lut')}`);
    assert.ok(Math.abs(deviation('ff')) <= FF_BOUND, `flip-flops ${deviation('ff')}`);
    assert.is(deviation('blockRam'), 0);
  });
}

test.run();
