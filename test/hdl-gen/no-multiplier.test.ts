/** Synthesis finds no multiplier, neither as an operator nor as a block of the device. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { GenerateOptions } from '@spikemill/hdl-gen';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { makeDesign, newFolder, tinyNetwork } from '../support/designs.js';
import { runProgram } from '../support/programs.js';

/** Operators that synthesis would turn into a multiplier, or could. */
const OPERATORS = ['$mul', '$macc', '$div', '$mod', '$pow'];

/** Synthesis with DSP blocks allowed, and the cells that hold one. */
const FAMILIES = {
  xilinx: { command: 'synth_xilinx', block: /DSP48/ },
  ecp5: { command: 'synth_ecp5', block: /MULT18X18D|ALU54B/ },
  ice40: { command: 'synth_ice40 -dsp', block: /SB_MAC16/ },
} as const;
type Family = keyof typeof FAMILIES;

const PLAN = { lanes: 4, inputs: 4, neurons: 2, tokenBlock: 4 } as const;
/** Options that bring other modules in. */
const OTHER_PLANS: readonly GenerateOptions[] = [
  { ...PLAN, weights: 'stream' },
  { ...PLAN, segments: 3 },
  { ...PLAN, style: 'event' },
  { ...PLAN, lane: 'table' },
];

/** Number of cells by type, after some commands. */
function countCells(folder: string, files: readonly string[], commands: string): Map<string, number> {
  const script = `read_verilog -I. ${files.join(' ')}; ${commands}; flatten; tee -q -o stat.txt stat`;
  runProgram('yosys', ['-q', '-p', script], folder);
  const rows = readFileSync(join(folder, 'stat.txt'), 'utf8').matchAll(/^ +(\S+) +(\d+)$/gm);
  return new Map([...rows].map(([, type, count]) => [type!, Number(count)]));
}

function countOperators(folder: string, files: readonly string[], top: string): number {
  const cells = countCells(folder, files, `hierarchy -check -top ${top}; proc`);
  assert.ok((cells.get('$add') ?? 0) > 0 || (cells.get('$mul') ?? 0) > 0, 'the design was read');
  return OPERATORS.reduce((sum, type) => sum + (cells.get(type) ?? 0), 0);
}

function countBlocks(folder: string, files: readonly string[], top: string, family: Family): number {
  const { command, block } = FAMILIES[family];
  const cells = countCells(folder, files, `${command} -top ${top}`);
  const luts = [...cells].filter(([type]) => /LUT/.test(type));
  assert.ok(luts.length > 0 || block.test([...cells.keys()].join()), 'the design was synthesized');
  return [...cells].filter(([type]) => block.test(type)).reduce((sum, [, count]) => sum + count, 0);
}

test('the count can find a multiplier', () => {
  const folder = newFolder();
  mkdirSync(folder, { recursive: true });
  const source =
    'module m(input clk, input signed [15:0] a, b, output reg signed [31:0] y);\nalways @(posedge clk) y <= a * b;\nendmodule\n';
  writeFileSync(join(folder, 'm.v'), source);
  assert.is(countOperators(folder, ['m.v'], 'm'), 1);
  for (const family of Object.keys(FAMILIES) as Family[]) {
    assert.ok(countBlocks(folder, ['m.v'], 'm', family) > 0, family);
  }
});

for (const spe of [true, false]) {
  const { folder, manifest } = makeDesign(tinyNetwork(spe), PLAN);
  const variant = spe ? 'with SPE' : 'without SPE';

  test(`${variant}: no multiplying operator`, () => {
    assert.is(countOperators(folder, manifest.files, manifest.top), 0);
  });

  // the two variants differ in the neuron only: each family sees one of them
  for (const family of (spe ? ['xilinx', 'ice40'] : ['ecp5']) as Family[]) {
    test(`${variant}: no DSP block on ${family}`, () => {
      assert.is(countBlocks(folder, manifest.files, manifest.top, family), 0);
    });
  }
}

test('no multiplying operator in designs with other options', () => {
  for (const plan of OTHER_PLANS) {
    const { folder, manifest } = makeDesign(tinyNetwork(true), plan);
    assert.is(countOperators(folder, manifest.files, manifest.top), 0);
  }
});

test.run();
