import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { NO_CELLS } from '../../synthesis/src/counts.js';
import { cellCounts, FAMILIES } from '../../synthesis/src/families.js';
import { parseNetlist, plainModuleName, topOf } from '../../synthesis/src/netlist.js';
import { countCells, findNode, perInstance, placedNames } from '../../synthesis/src/tree.js';

const cells = (types: Readonly<Record<string, string>>) => ({
  cells: Object.fromEntries(Object.entries(types).map(([name, type]) => [name, { type }])),
});

const LANE = '$paramod$1e1f\\smx_lane';
const NETLIST = {
  modules: {
    top: {
      attributes: { top: '1' },
      ...cells({
        u_array: 'smx_array',
        'u_glue.sum_SB_LUT4_O': 'SB_LUT4',
        out_SB_DFF_Q: 'SB_DFFSR',
        odd: 'SB_MYSTERY',
        $scope: '$scopeinfo',
      }),
    },
    smx_array: cells({ 'g_lane[0].u_lane': LANE, 'g_lane[1].u_lane': LANE, mem_RAM: 'SB_RAM40_4K' }),
    [LANE]: cells({ a: 'SB_LUT4', b: 'SB_LUT4', c: 'SB_CARRY', 'u_tree.q': 'SB_DFF' }),
    SB_LUT4: { attributes: { blackbox: '1' } },
  },
};

test('every instance counts with what lies below, equal ones together', () => {
  const { root, unknown } = countCells(NETLIST, 'top', FAMILIES.ice40);
  assert.equal(root.total, { ...NO_CELLS, lut: 5, ff: 3, carry: 2, blockRam: 1 });
  assert.equal(root.own, { ...NO_CELLS, ff: 1 });
  const lane = findNode(root, ['u_array', 'u_lane'])!;
  assert.is(lane.module, 'smx_lane');
  assert.is(lane.count, 2);
  assert.equal(lane.total, { ...NO_CELLS, lut: 4, ff: 2, carry: 2 });
  assert.equal(perInstance(lane), { ...NO_CELLS, lut: 2, ff: 1, carry: 1 });
  assert.is(findNode(root, ['u_array', 'u_lane', 'u_tree'])!.count, 2);
  assert.is(findNode(root, ['u_nowhere']), null);
  assert.equal(unknown, { SB_MYSTERY: 1 });
});

test('modules that synthesis dissolved are known by their name', () => {
  const { root } = countCells(NETLIST, 'top', FAMILIES.ice40);
  const glue = findNode(root, ['u_glue'])!;
  assert.is(glue.module, null);
  assert.equal(glue.total, { ...NO_CELLS, lut: 1 });
});

test('placed cells go to the modules that their names tell', () => {
  const placed = placedNames(
    { modules: { top: cells({ 'u_array.g_lane[1].u_lane.a': 'ICESTORM_LC', pad: 'SB_IO' }) } },
    FAMILIES.ice40,
  );
  assert.equal(placed, ['u_array.g_lane[1].u_lane.a']);
  const { root } = countCells(NETLIST, 'top', FAMILIES.ice40, placed);
  assert.is(root.placedCells, 1);
  assert.is(findNode(root, ['u_array', 'u_lane'])!.placedCells, 1);
  assert.is(findNode(root, ['u_glue'])!.placedCells, 0);
  assert.is(countCells(NETLIST, 'top', FAMILIES.ice40).root.placedCells, null);
});

test('every family weighs its own cells', () => {
  const of = (family: keyof typeof FAMILIES, type: string) => cellCounts(FAMILIES[family], type);
  assert.equal(of('ecp5', 'CCU2C'), { ...NO_CELLS, lut: 2, carry: 1 });
  assert.equal(of('ecp5', 'PFUMX'), NO_CELLS);
  assert.equal(of('ecp5', 'MULT18X18D'), { ...NO_CELLS, dsp: 1 });
  assert.equal(of('ice40', 'SB_MAC16'), { ...NO_CELLS, dsp: 1 });
  assert.equal(of('ice40', 'SB_SPRAM256KA'), { ...NO_CELLS, largeRam: 1 });
  assert.equal(of('xilinx-7series', 'RAMB36E1'), { ...NO_CELLS, blockRam: 2 });
  assert.equal(of('xilinx-7series', 'RAM64M'), { ...NO_CELLS, lut: 4, lutRam: 4 });
  assert.equal(of('xilinx-ultrascale-plus', 'URAM288'), { ...NO_CELLS, largeRam: 1 });
  assert.equal(of('xilinx-ultrascale-plus', 'DSP48E2'), { ...NO_CELLS, dsp: 1 });
  assert.is(of('xilinx-7series', 'SB_LUT4'), null);
});

test('names of modules, and which one is the top', () => {
  assert.is(plainModuleName(LANE), 'smx_lane');
  assert.is(plainModuleName('$paramod\\smx_sequencer\\PassBits=5'), 'smx_sequencer');
  assert.is(plainModuleName('smx_reset'), 'smx_reset');
  assert.is(topOf(NETLIST, 'other'), 'top');
  assert.is(topOf({ modules: { a: {} } }, 'a'), 'a');
});

test('what is no netlist is refused', () => {
  assert.throws(() => parseNetlist('{"cells": 1}', 'x.json'), /no netlist/);
  assert.throws(() => parseNetlist('[', 'x.json'), /x\.json|JSON/);
});

test.run();
