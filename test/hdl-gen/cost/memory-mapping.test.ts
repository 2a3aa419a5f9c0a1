/** Where memories go. The expected figures are those that Yosys 0.23 gave for modules with one memory each. */
import type { DeviceFamily } from '@spikemill/constraints';
import { costModelOf, type MappedMemory, mapMemory } from '@spikemill/hdl-gen';
import { test } from 'uvu';
import * as assert from 'uvu/assert';

type Row = readonly [kind: 'ram' | 'rom', width: number, depth: number, place: string, count: number];

/** Blocks of a memory in block RAM, LUT RAM cells of one in LUT RAM, flip-flops of one in logic. */
function countOf({ place, blockRam, lutRam, ff }: MappedMemory, perLutRam: number): number {
  if (place === 'block-ram') return blockRam;
  return place === 'lut-ram' ? lutRam / perLutRam : ff;
}

function check(family: DeviceFamily, rows: readonly Row[]): void {
  const rules = costModelOf(family).memory;
  for (const [kind, width, depth, place, count] of rows) {
    const mapped = mapMemory({ kind, width, depth }, rules);
    const what = `${family} ${kind} ${depth} x ${width}`;
    assert.is(mapped.place, place, what);
    assert.is(countOf(mapped, rules.lutRam?.lut ?? 1), count, what);
  }
}

test('iCE40: block RAM of 4 kbit, words behind each other share one', () => {
  check('ice40', [
    ['ram', 4, 17, 'block-ram', 1],
    ['ram', 9, 10, 'block-ram', 1],
    ['ram', 9, 300, 'block-ram', 2],
    ['ram', 9, 768, 'block-ram', 2],
    ['ram', 15, 1500, 'block-ram', 6],
    ['ram', 20, 1500, 'block-ram', 8],
    ['ram', 90, 768, 'block-ram', 17],
    ['ram', 120, 300, 'block-ram', 15],
    ['rom', 4, 256, 'logic', 4],
    ['rom', 4, 300, 'block-ram', 1],
    ['rom', 20, 100, 'logic', 20],
    ['rom', 20, 160, 'block-ram', 2],
    ['rom', 120, 64, 'logic', 120],
    ['rom', 120, 100, 'block-ram', 8],
    // 66.75 in logic and 66 in a block: the fraction is dropped, and the first of equal ones is taken
    ['rom', 12, 89, 'logic', 12],
    ['rom', 12, 90, 'block-ram', 1],
  ]);
});

test('iCE40: a block costs more where logic has to add to it', () => {
  const rules = costModelOf('ice40').memory;
  const place = (width: number, depth: number, emulated: number): string =>
    mapMemory({ kind: 'ram', width, depth, read: 'at-once', emulated }, rules).place;
  // sums and membranes of event-driven neurons; 330 in logic, 5 blocks and 9 x 2 are 338
  assert.is(place(114, 5, 4), 'block-ram');
  assert.is(place(66, 5, 9), 'logic');
  assert.is(place(66, 8, 9), 'block-ram');
});

test('ECP5: LUT RAM for few words', () => {
  check('ecp5', [
    ['ram', 9, 16, 'lut-ram', 3],
    ['ram', 20, 33, 'lut-ram', 15],
    ['ram', 20, 100, 'block-ram', 1],
    ['ram', 64, 33, 'block-ram', 2],
    ['ram', 31, 768, 'block-ram', 2],
    ['rom', 20, 100, 'logic', 20],
    ['rom', 20, 128, 'block-ram', 1],
  ]);
});

test('7 series: the deeper LUT RAM where both cost the same', () => {
  check('xilinx-7series', [
    ['ram', 8, 64, 'lut-ram', 3],
    ['ram', 9, 32, 'lut-ram', 2],
    ['ram', 9, 33, 'lut-ram', 3],
    ['ram', 4, 512, 'lut-ram', 16],
    ['ram', 4, 768, 'block-ram', 1],
    ['ram', 9, 256, 'lut-ram', 12],
    ['ram', 9, 300, 'block-ram', 1],
    ['ram', 20, 128, 'lut-ram', 14],
    ['ram', 31, 100, 'block-ram', 1],
    ['ram', 90, 64, 'lut-ram', 30],
    ['ram', 90, 300, 'block-ram', 3],
    ['rom', 31, 256, 'logic', 31],
    ['rom', 31, 300, 'block-ram', 1],
    ['rom', 20, 768, 'logic', 20],
  ]);
});

test('UltraScale+: LUT RAM of eight LUTs', () => {
  check('xilinx-ultrascale-plus', [
    ['ram', 3, 944, 'block-ram', 1],
    ['ram', 12, 240, 'lut-ram', 8],
    ['ram', 9, 32, 'lut-ram', 1],
    ['ram', 9, 33, 'lut-ram', 2],
    ['ram', 9, 300, 'lut-ram', 10],
    ['ram', 9, 512, 'block-ram', 1],
    ['ram', 31, 64, 'lut-ram', 5],
    ['ram', 90, 64, 'lut-ram', 13],
    ['ram', 90, 100, 'block-ram', 3],
  ]);
});

test('only what differs in a table of constants costs logic', () => {
  const rules = costModelOf('ice40').memory;
  const table = (columns: number, balance: number): MappedMemory =>
    mapMemory(
      { kind: 'rom', width: 30, depth: 30, contents: () => ({ varying: columns, columns, balance, tables: columns }) },
      rules,
    );
  assert.is(table(10, 1).ff, 10);
  assert.is(table(20, 1).lut, 2 * table(10, 1).lut);
  assert.ok(table(10, 0.4).lut < table(10, 1).lut);
  assert.is(table(0, 0).lut, 0);
});

test('contents are not asked for where they do not matter', () => {
  const contents = (): never => assert.unreachable() as never;
  const { blockRam } = mapMemory({ kind: 'rom', width: 1000, depth: 300, contents }, costModelOf('ice40').memory);
  assert.is(blockRam, 125);
});

test('columns of a table that need no bit take no block RAM', () => {
  const contents = () => ({ varying: 31, columns: 20, balance: 0.6, tables: 62 });
  const rules = costModelOf('ice40').memory;
  assert.is(mapMemory({ kind: 'rom', width: 33, depth: 129 }, rules).blockRam, 3);
  assert.is(mapMemory({ kind: 'rom', width: 33, depth: 129, contents }, rules).blockRam, 2);
});

test('bits that are written by the byte stay together, and an attribute goes before the price', () => {
  const rules = costModelOf('ecp5').memory;
  const bytes = { kind: 'ram', width: 40, depth: 20, writeWidth: 8, place: 'block' } as const;
  // four bytes of nine bits in a block of 36
  assert.is(mapMemory(bytes, rules).blockRam, 2);
  assert.is(mapMemory({ ...bytes, writeWidth: 20 }, rules).blockRam, 2);
  assert.is(mapMemory({ kind: 'ram', width: 40, depth: 20 }, rules).blockRam, 0);
});

test('what is read at once is LUT RAM where there is some, and keeps no word', () => {
  const states = { kind: 'ram', width: 30, depth: 4, read: 'at-once' } as const;
  const { place, ff } = mapMemory(states, costModelOf('ecp5').memory);
  assert.equal([place, ff], ['lut-ram', 0]);
  const registers = mapMemory(states, costModelOf('ice40').memory);
  assert.equal([registers.place, registers.ff], ['logic', 120]);
  assert.is(mapMemory({ ...states, depth: 40 }, costModelOf('ice40').memory).place, 'block-ram');
});

test('bits that are only read need not stay together', () => {
  const rules = costModelOf('ecp5').memory;
  assert.is(mapMemory({ kind: 'rom', width: 24, depth: 1134 }, rules).blockRam, 2);
  assert.is(mapMemory({ kind: 'ram', width: 24, depth: 1134 }, rules).blockRam, 3);
});

test.run();
