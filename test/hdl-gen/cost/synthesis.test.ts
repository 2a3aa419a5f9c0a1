/** The formulas against Yosys, on two small designs; docs/cost-model.md has the whole grid. */
import type { DeviceFamily } from '@spikemill/constraints';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { COST_GRID, compareCost, deviation, makeGridDesign } from '../../support/cost-grid.js';

/** The bounds that docs/cost-model.md states. */
const LUT_BOUND = 0.1;
const FF_BOUND = 0.03;

const CASES: readonly (readonly [family: DeviceFamily, index: number])[] = [
  ['ice40', 1],
  ['xilinx-7series', 0],
];

for (const [family, index] of CASES) {
  test(`${family}: LUTs, flip-flops and block RAMs are as the formulas say`, () => {
    const { total } = compareCost(makeGridDesign(COST_GRID[index]!), family);
    const figures = JSON.stringify(total);
    assert.ok(Math.abs(deviation(total, 'lut')) <= LUT_BOUND, figures);
    assert.ok(Math.abs(deviation(total, 'ff')) <= FF_BOUND, figures);
    assert.is(total.estimated.blockRam, total.synthesized.blockRam, figures);
  });
}

test.run();
