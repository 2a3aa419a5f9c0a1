/** Cells of the event-driven library on LUT4 parts: what architecture budgets for walkers and lanes. */
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { LIBRARY_FOLDER } from '../../../hdl-gen/src/verilog/library.js';
import { newFolder } from '../../support/designs.js';
import { runProgram } from '../../support/programs.js';

/** LUT4 of a module on iCE40. */
function countLuts(module: string, parameters: Readonly<Record<string, number>>): number {
  const folder = newFolder();
  mkdirSync(folder, { recursive: true });
  const values = Object.entries(parameters).map(([name, value]) => `-set ${name} ${value}`);
  const files = [module, 'smx_resize'].map((name) => join(LIBRARY_FOLDER, `${name}.v`));
  const commands = [
    `read_verilog ${files.join(' ')}`,
    `chparam ${values.join(' ')} ${module}`,
    `synth_ice40 -abc2 -top ${module}`,
    'tee -q -o stat.txt stat',
  ];
  runProgram('yosys', ['-q', '-p', commands.join('; ')], folder);
  const [, luts] = / SB_LUT4 +(\d+)/.exec(readFileSync(join(folder, 'stat.txt'), 'utf8')) ?? [];
  return Number(luts);
}

test('walkers grow slower than their words', () => {
  const budgets = { 24: 150, 72: 280, 144: 480 };
  for (const [width, most] of Object.entries(budgets)) {
    const luts = countLuts('smx_walker', { Width: Number(width), Block: 12, BaseBits: 10, TagBits: 4 });
    assert.ok(luts > 0 && luts <= most, `${width} bits: ${luts} LUT, budget ${most}`);
  }
});

test('a lane is an adder and a place for its result', () => {
  for (const AccBits of [8, 10, 14]) {
    const WeightBits = 4;
    const luts = countLuts('smx_event_lane', { WeightBits, AccBits });
    // beside the two: the operand, and the enables
    assert.ok(luts <= 2 * AccBits + (WeightBits + 1) + 2, `${AccBits} bits: ${luts} LUT`);
  }
});

test.run();
