/** Ternary adders of LUT6_2 and carry chains: proven equal to the sum, and counted as what they are. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { cellCounts, FAMILIES } from '../../synthesis/src/families.js';
import { familySources, harnessFile, type SourceSet } from '../../synthesis/src/sources.js';
import { newFolder } from '../support/designs.js';
import { runProgram } from '../support/programs.js';

function miter(width: number): string {
  const words = `[${width - 1}:0]`;
  return [
    `module miter (input wire ${words} a, b, c, output wire differs);`,
    `wire ${words} sum, expected = a + b + c;`,
    `smx_add3 #(.Width(${width})) u_dut (.a_i(a), .b_i(b), .c_i(c), .sum_o(sum));`,
    'assign differs = sum != expected;',
    'endmodule',
    '',
  ].join('\n');
}

/** Yosys's answer to whether the adder of a file can differ from the sum, with its own models of the cells. */
function prove(width: number, adder: string): string {
  const folder = newFolder();
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'miter.v'), miter(width));
  const commands = [
    `read_verilog +/xilinx/cells_sim.v miter.v ${adder}`,
    'hierarchy -top miter',
    'proc',
    'flatten',
    'sat -prove differs 0 miter',
  ];
  return runProgram('yosys', ['-p', commands.join('; ')], folder);
}

test('the sum of three words, whatever they are, with chains that are full and that are not', () => {
  for (const width of [1, 2, 4, 5, 9, 14, 20]) {
    assert.match(prove(width, harnessFile('smx_add3_xilinx.v')), 'no model found: SUCCESS', `${width} bits`);
  }
});

test('the proof can fail', () => {
  const folder = newFolder();
  mkdirSync(folder, { recursive: true });
  const wrong = join(folder, 'wrong.v');
  const head = 'module smx_add3 #(parameter Width = 8) (input wire [Width-1:0] a_i, b_i, c_i, output wire';
  writeFileSync(wrong, `${head} [Width-1:0] sum_o);\nassign sum_o = a_i + b_i + (c_i & ~8'd1);\nendmodule\n`);
  assert.match(prove(4, wrong), 'model found: FAIL');
});

test('a LUT with two outputs is one LUT', () => {
  for (const family of ['xilinx-7series', 'xilinx-ultrascale-plus'] as const) {
    assert.is(cellCounts(FAMILIES[family], 'LUT6_2')!.lut, 1);
    assert.is(cellCounts(FAMILIES[family], 'CARRY4')!.carry, 1);
  }
});

test('families with such LUTs get them instead of the file of the library, all others nothing', () => {
  const files = new Map([
    ['rtl/smx_add3.v', { path: 'library' }],
    ['top.v', { text: 'module top; endmodule' }],
  ]);
  const sources: SourceSet = {
    ...{ top: 'top', acceleratorPath: [], accelerator: 'top', defines: {}, constraints: [] },
    ...{ verilog: [...files.keys()], files },
  };
  assert.equal(familySources(sources, FAMILIES.ecp5), sources);
  for (const family of ['xilinx-7series', 'xilinx-ultrascale-plus'] as const) {
    const own = familySources(sources, FAMILIES[family]);
    assert.equal(own.verilog, sources.verilog);
    assert.equal(own.files.get('rtl/smx_add3.v'), { path: harnessFile('smx_add3_xilinx.v') });
    assert.equal(own.files.get('top.v'), files.get('top.v'));
  }
});

test.run();
