import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { checkStructure, isIdentifier } from '../../../hdl-gen/src/verilog/check.js';
import { printConstants, printStructure } from '../../../hdl-gen/src/verilog/print.js';
import type { Instance, Structure } from '../../../hdl-gen/src/verilog/structure.js';
import { assertError } from '../../support/errors.js';

const DELAY: Instance = {
  module: 'smx_delay',
  name: 'u_delay',
  comment: 'two words of four bits, one cycle late',
  parameters: { Width: 'Bits', Stages: '1' },
  ports: { clk_i: 'clk', rst_i: 'rst', data_i: 'data', data_o: { wire: 'late', lsb: '0', width: 'Bits' } },
};

/** A module with one delay, which is right. */
const RIGHT: Structure = {
  name: 'delayed',
  header: ['made by a test'],
  constantsFile: 'delayed_params.vh',
  constants: { Bits: 4 },
  strings: { ImageFile: 'mem/image.mem' },
  ports: [
    { name: 'clk', direction: 'input', width: '1', comment: 'clock' },
    { name: 'rst', direction: 'input', width: '1', comment: '' },
    { name: 'data', direction: 'input', width: 'Bits', comment: '' },
    { name: 'late', direction: 'output', width: 'Bits', comment: '' },
  ],
  wires: [{ name: 'low', width: '2', field: { of: 'late', lsb: '0' } }],
  instances: [DELAY],
};

function withInstance(change: Partial<Instance>): Structure {
  return { ...RIGHT, instances: [{ ...DELAY, ...change }] };
}

function withPorts(ports: Record<string, unknown>): Structure {
  return withInstance({ ports: { ...DELAY.ports, ...ports } as Instance['ports'] });
}

function assertRefused(structure: Structure, ...patterns: string[]): void {
  assertError(() => checkStructure(structure), 'INTERNAL', ...patterns);
}

test('a structure that is right is printed', () => {
  const text = printStructure(RIGHT);
  assert.match(text, '// made by a test\n`default_nettype none\n');
  assert.match(text, 'parameter ImageFile = "mem/image.mem"');
  assert.match(text, '.data_o (late[0 +: Bits])');
  assert.is(printConstants(RIGHT), '// made by a test\n\nlocalparam Bits = 4;\n');
});

test('names: identifiers, no keywords, none twice', () => {
  assert.equal(['a', '_b1', 'A$', '1a', 'a b', '', 'wire', 'module', 'int', 'Wire'].filter(isIdentifier), [
    'a',
    '_b1',
    'Wire',
  ]);
  assertRefused({ ...RIGHT, name: 'module' }, '"module" is no Verilog identifier');
  assertRefused({ ...RIGHT, constants: { 'B-its': 4 } }, '"B-its" is no Verilog identifier');
  assertRefused({ ...RIGHT, wires: [{ name: 'clk', width: '1' }] }, '"clk" is declared twice');
});

test('ports: all bound, none unknown, inputs not open', () => {
  const { data_i: _, ...unbound } = DELAY.ports;
  assertRefused(withInstance({ ports: unbound }), 'delayed.u_delay', 'port "data_i" is not connected');
  assertRefused(withPorts({ data_x: 'data' }), 'smx_delay has no port "data_x"');
  assertRefused(withPorts({ data_i: null }), 'input "data_i" is left open');
  assertRefused(withPorts({ data_i: 'nothing' }), 'there is no wire "nothing"');
});

test('widths are equal', () => {
  assertRefused(withPorts({ data_i: 'clk' }), 'port "data_i" has another width', '4 bits', '1 bits');
  assertRefused(withPorts({ data_i: { concat: ['data', 'clk'] } }), '5 bits');
  assertRefused(withPorts({ data_i: { wire: 'data', lsb: '1', width: 'Bits' } }), 'bits beyond the end of "data"');
  assertRefused(withInstance({ parameters: { Width: 'Bits + 1', Stages: '1' } }), '5 bits', '4 bits');
});

test('parameters and modules exist', () => {
  assertRefused(withInstance({ parameters: { Depth: '1' } }), 'smx_delay has no parameter "Depth"');
  assertRefused(withInstance({ module: 'smx_none' }), 'smx_none.v', 'no such file');
});

test('every wire has one driver', () => {
  assertRefused({ ...RIGHT, instances: [] }, 'wire "late" needs one driver', '0');
  const twice = [DELAY, { ...DELAY, name: 'u_again' }];
  assertRefused({ ...RIGHT, instances: twice }, 'wire "late" needs one driver', '2');
  assertRefused({ ...RIGHT, wires: [{ name: 'loose', width: '1' }] }, 'wire "loose" needs one driver');
});

test('what is refused is not printed', () => {
  assert.throws(() => printStructure(withPorts({ data_i: 'clk' })));
});

test.run();
