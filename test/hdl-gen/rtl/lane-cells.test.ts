/** LUTs of 64 gated weights in each lane style on parts with six-input LUTs, as docs/architecture.md has them. */
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { LIBRARY_FOLDER } from '../../../hdl-gen/src/verilog/library.js';
import { type CellCounts, NO_CELLS } from '../../../synthesis/src/counts.js';
import { cellCounts, FAMILIES } from '../../../synthesis/src/families.js';
import { harnessFile } from '../../../synthesis/src/sources.js';
import { newFolder } from '../../support/designs.js';
import { runProgram } from '../../support/programs.js';
import { randomGenerator } from '../../support/random-network.js';

type Family = 'xilinx-7series' | 'xilinx-ultrascale-plus';

const MODULES = [
  'smx_weight_gate',
  'smx_gated_sum',
  'smx_ternary_nine',
  'smx_ternary_level',
  'smx_ternary_tree',
  'smx_lane',
  'smx_table_sum',
  'smx_subset_table',
  'smx_constant_sum',
  'smx_adder_tree',
  'smx_adder_level',
  'smx_resize',
];

/** Cells of a module. Every primitive is known, or it would go uncounted. */
function countCells(module: string, parameters: Readonly<Record<string, string | number>>, family: Family) {
  const folder = newFolder();
  mkdirSync(folder, { recursive: true });
  const values = Object.entries(parameters).map(([name, value]) => `-set ${name} ${value}`);
  const commands = [
    `read_verilog ${MODULES.map((name) => join(LIBRARY_FOLDER, `${name}.v`)).join(' ')} ${harnessFile('smx_add3_xilinx.v')}`,
    `chparam ${values.join(' ')} ${module}`,
    `${FAMILIES[family].synthesize} -noiopad -top ${module}`,
    'tee -q -o stat.txt stat',
  ];
  runProgram('yosys', ['-q', '-p', commands.join('; ')], folder);
  const rows = readFileSync(join(folder, 'stat.txt'), 'utf8').matchAll(/^ +([A-Z]\w+) +(\d+)$/gm);
  return [...rows].reduce<Pick<CellCounts, 'lut' | 'lutRam' | 'dsp'>>((sum, [, type, count]) => {
    const one = cellCounts(FAMILIES[family], type!);
    assert.ok(one !== null, `nobody counts ${type}`);
    return {
      lut: sum.lut + one.lut * Number(count),
      lutRam: sum.lutRam + one.lutRam * Number(count),
      dsp: sum.dsp + one.dsp * Number(count),
    };
  }, NO_CELLS);
}

const INPUTS = 64;

test('weights that change every cycle: the gate is free', () => {
  for (const [bits, most] of [
    [4, 310],
    [8, 565],
  ] as const) {
    const { lut, dsp } = countCells('smx_gated_sum', { Inputs: INPUTS, WeightBits: bits }, 'xilinx-ultrascale-plus');
    assert.ok(lut > 0 && lut <= most, `${bits} bits: ${lut} LUT, budget ${most}`);
    assert.is(dsp, 0);
  }
});

/**
 * The accumulator adds the last two terms, so a whole lane is counted, without a LUT a bit and one that clears. Yosys makes an
 * inverter or two more of the same lane in one folder than in another.
 */
test('adders of three terms: a LUT a bit of a sum', () => {
  const [accBits, accumulator] = [16, 17];
  for (const [family, bits, most] of [
    ['xilinx-ultrascale-plus', 4, 195],
    ['xilinx-7series', 4, 195],
    ['xilinx-ultrascale-plus', 8, 352],
  ] as const) {
    const parameters = { Inputs: INPUTS, WeightBits: bits, AccBits: accBits, Ternary: 1 };
    const { lut, dsp } = countCells('smx_lane', parameters, family);
    const sum = lut - accumulator;
    assert.ok(sum > 0 && sum <= most, `${family}, ${bits} bits: ${sum} LUT, budget ${most}`);
    assert.is(dsp, 0);
  }
});

test('weights that stay: tables in LUT RAM, full ones in seven lanes on UltraScale+', () => {
  for (const [family, lanes, bits, most, memory] of [
    ['xilinx-ultrascale-plus', 7, 4, 157, 55],
    ['xilinx-7series', 1, 4, 175, 64],
    ['xilinx-7series', 1, 8, 300, 128],
  ] as const) {
    const { lut, lutRam, dsp } = countCells(
      'smx_table_sum',
      { Lanes: lanes, Inputs: INPUTS, WeightBits: bits },
      family,
    );
    assert.ok(lut > 0 && lut <= lanes * most, `${family}, ${bits} bits: ${lut} LUT, budget ${lanes} x ${most}`);
    assert.ok(lutRam > 0 && lutRam <= lanes * memory, `${family}, ${bits} bits: ${lutRam} LUT of memory`);
    assert.is(dsp, 0);
  }
});

/** Weights as training leaves them: many small ones. */
function bellShaped(bits: number): string {
  const random = randomGenerator(bits);
  const half = 2 ** (bits - 1);
  const draw = (): number => Math.floor((random() + random() + random() - 1.5) * half);
  const weights = Array.from({ length: INPUTS }, () => Math.min(half - 1, Math.max(-half, draw())));
  const word = weights.reduce((all, w, i) => all | (BigInt.asUintN(bits, BigInt(w)) << BigInt(bits * i)), 0n);
  return `${INPUTS * bits}'h${word.toString(16)}`;
}

test('weights that never change: tables in LUTs, the second one of a leaf within its adder', () => {
  for (const [bits, most] of [
    [4, 110],
    [8, 195],
  ] as const) {
    const parameters = { Inputs: INPUTS, WeightBits: bits, Weights: bellShaped(bits) };
    const { lut, dsp } = countCells('smx_constant_sum', parameters, 'xilinx-ultrascale-plus');
    assert.ok(lut > 0 && lut <= most, `${bits} bits: ${lut} LUT, budget ${most}`);
    assert.is(dsp, 0);
  }
});

test.run();
