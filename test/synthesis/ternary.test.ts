/** Ternary adders of LUT6_2 and carry chains: proven equal to the sum, and counted as what they are. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { LIBRARY_FOLDER } from '../../hdl-gen/src/verilog/library.js';
import { cellCounts, FAMILIES } from '../../synthesis/src/families.js';
import { familySources, harnessFile, type SourceSet } from '../../synthesis/src/sources.js';
import { newFolder } from '../support/designs.js';
import { runProgram } from '../support/programs.js';

interface Variant {
  readonly From: number;
  readonly To: number;
  readonly Signed?: 1;
  readonly Flip?: 1;
  readonly Extra?: number;
}

/** Says whether two modules differ: the one of the library under another name, and that of the cells. */
function miter(variant: Variant): string {
  const parameters = Object.entries(variant).map(([name, value]) => `.${name}(${value})`);
  const instance = (module: string, output: string): string =>
    `${module} #(${parameters.join(', ')}) u_${output} (.a_i(a), .b_i(b), .c_i(c), .sum_o(${output}));`;
  return [
    `module miter (input wire [${variant.From - 1}:0] a, b, c, output wire differs);`,
    `wire [${variant.To - 1}:0] sum, expected;`,
    instance('smx_add3', 'sum'),
    instance('library_add3', 'expected'),
    'assign differs = sum != expected;',
    'endmodule',
    '',
  ].join('\n');
}

/** Yosys's answer to whether the adder of a file can differ from the library's, with its own models of the cells. */
function prove(variant: Variant, adder: string): string {
  const folder = newFolder();
  mkdirSync(folder, { recursive: true });
  const library = readFileSync(join(LIBRARY_FOLDER, 'smx_add3.v'), 'utf8');
  writeFileSync(join(folder, 'library.v'), library.replace('module smx_add3', 'module library_add3'));
  writeFileSync(join(folder, 'miter.v'), miter(variant));
  const commands = [
    `read_verilog +/xilinx/cells_sim.v library.v miter.v ${adder}`,
    'hierarchy -top miter',
    'proc',
    'flatten',
    'sat -prove differs 0 miter',
  ];
  return runProgram('yosys', ['-p', commands.join('; ')], folder);
}

const CELLS = harnessFile('smx_add3_xilinx.v');

test('plain sums, whatever the words are, with chains that are full and that are not', () => {
  for (const width of [1, 2, 4, 9, 20]) {
    assert.match(prove({ From: width, To: width }, CELLS), 'no model found: SUCCESS', `${width} bits`);
  }
});

test('signed, unsigned and flipped words, with all constants', () => {
  const variants: Variant[] = [
    { From: 4, To: 6, Signed: 1 },
    { From: 8, To: 9, Signed: 1 },
    { From: 8, To: 9, Signed: 1, Flip: 1 },
    { From: 6, To: 9, Signed: 1, Flip: 1 },
    ...[0, 1, 2, 16, 17, 18].map((Extra) => ({ From: 4, To: 6, Flip: 1, Extra }) as const),
    ...[0, 1, 2].map((Extra) => ({ From: 6, To: 8, Extra })),
    { From: 3, To: 5, Flip: 1, Extra: 9 },
    { From: 2, To: 4, Flip: 1, Extra: 4 },
  ];
  for (const variant of variants) {
    assert.match(prove(variant, CELLS), 'no model found: SUCCESS', JSON.stringify(variant));
  }
});

test('the proof can fail', () => {
  const folder = newFolder();
  mkdirSync(folder, { recursive: true });
  const wrong = join(folder, 'wrong.v');
  writeFileSync(wrong, readFileSync(CELLS, 'utf8').replace('6996_6996_E8E8_E8E8', '6996_6996_E8E8_E8E0'));
  assert.match(prove({ From: 4, To: 4 }, wrong), 'model found: FAIL');
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
