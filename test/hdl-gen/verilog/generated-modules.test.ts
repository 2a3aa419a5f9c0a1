/** Instances of generated modules, and constants on inputs, are checked and printed as everything else. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { checkStructure } from '../../../hdl-gen/src/verilog/check.js';
import { parseHeader } from '../../../hdl-gen/src/verilog/library.js';
import { printStructure } from '../../../hdl-gen/src/verilog/print.js';
import type { Instance, Structure } from '../../../hdl-gen/src/verilog/structure.js';
import { assertError } from '../../support/errors.js';

const INNER = parseHeader(
  [
    'module made_before #(',
    '    parameter File = "mem/image.mem"',
    ') (',
    '    input  wire       clk,',
    '    input  wire       enable,',
    '    output wire [7:0] sum',
    ');',
  ].join('\n'),
  'made_before.v',
);

const INSTANCE: Instance = {
  module: 'made_before',
  name: 'u_inner',
  comment: 'a module that was generated, too',
  parameters: { File: 'ImageFile' },
  ports: { clk: 'clk', enable: { constant: 1 }, sum: 'sum' },
};

const RIGHT: Structure = {
  name: 'outer',
  header: ['made by a test'],
  constantsFile: 'outer_params.vh',
  constants: { Unused: 1 },
  strings: { ImageFile: 'mem/image.mem' },
  ports: [
    { name: 'clk', direction: 'input', width: '1', comment: '' },
    { name: 'sum', direction: 'output', width: '8', comment: '' },
  ],
  wires: [],
  instances: [INSTANCE],
  modules: [INNER],
};

function withPorts(ports: Instance['ports']): Structure {
  return { ...RIGHT, instances: [{ ...INSTANCE, ports: { ...INSTANCE.ports, ...ports } }] };
}

test('a generated module is instantiated', () => {
  const text = printStructure(RIGHT);
  assert.match(text, /made_before #\(\s+\.File \(ImageFile\)\s+\) u_inner \(/);
  assert.match(text, ".enable (1'b1)");
});

test('its ports are checked', () => {
  const { sum: _, ...withoutSum } = INSTANCE.ports;
  const unbound = { ...RIGHT, instances: [{ ...INSTANCE, ports: withoutSum }] };
  assertError(() => checkStructure(unbound), 'INTERNAL', 'port "sum" is not connected');
  assertError(() => checkStructure(withPorts({ sum: 'clk' })), 'INTERNAL', 'another width', '8 bits', '1 bits');
  assertError(() => checkStructure(withPorts({ other: 'clk' })), 'INTERNAL', 'no port "other"');
  assertError(() => checkStructure({ ...RIGHT, modules: [] }), 'INTERNAL', 'made_before.v');
});

test('a constant is one bit, and only for inputs', () => {
  assertError(() => checkStructure(withPorts({ sum: { constant: 0 } })), 'INTERNAL', 'output "sum" drives a constant');
  const wide = {
    ...INNER,
    ports: new Map([...INNER.ports, ['enable', { name: 'enable', direction: 'input', width: '2' }]]),
  };
  assertError(
    () => checkStructure({ ...RIGHT, modules: [wide as typeof INNER] }),
    'INTERNAL',
    'port "enable" has another width',
  );
});

test.run();
