import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { evaluate } from '../../../hdl-gen/src/expression.js';
import { LIBRARY_FOLDER, libraryFiles, libraryModule, parseHeader } from '../../../hdl-gen/src/verilog/library.js';
import { assertError } from '../../support/errors.js';

test('a header: parameters with their defaults, ports with direction and width', () => {
  const source = `
module smx_some #(   // a comment, with a comma
    parameter Lanes = 8,   // lanes
    parameter Bits  = Lanes * (2 + 1)
) (
    input  wire                clk_i,
    output reg  [Bits-1:0]     data_o,   // (Bits)
    output wire [$clog2(Lanes):0] index_o
);
endmodule`;
  const { name, parameters, ports } = parseHeader(source, 'some.v');
  assert.is(name, 'smx_some');
  assert.equal(
    [...parameters],
    [
      ['Lanes', '8'],
      ['Bits', 'Lanes * (2 + 1)'],
    ],
  );
  assert.equal(
    [...ports.values()],
    [
      { name: 'clk_i', direction: 'input', width: '1' },
      { name: 'data_o', direction: 'output', width: '(Bits-1) + 1' },
      { name: 'index_o', direction: 'output', width: '($clog2(Lanes)) + 1' },
    ],
  );
});

test('a module without parameters', () => {
  const { parameters, ports } = parseHeader('module m (\n  input wire a\n);\nendmodule', 'm.v');
  assert.is(parameters.size, 0);
  assert.equal([...ports.keys()], ['a']);
});

test('what it does not understand is refused with file and text', () => {
  assertError(() => parseHeader('// nothing', 'x.v'), 'INTERNAL', 'x.v', 'no module header');
  const ascending = 'module m (\n  input wire [0:3] a\n);\nendmodule';
  assertError(() => parseHeader(ascending, 'm.v'), 'INTERNAL', 'm.v', 'input wire [0:3] a');
  const odd = 'module m #(\n  localparam A = 1\n) (\n  input wire a\n);\nendmodule';
  assertError(() => parseHeader(odd, 'm.v'), 'INTERNAL', 'localparam A = 1');
  assertError(() => libraryModule('smx_none'), 'INTERNAL', 'no such file');
});

test('every file of the library holds the module of its name, and its widths can be computed', () => {
  const files = libraryFiles();
  assert.ok(files.length > 20);
  for (const file of files) {
    const { name, parameters, ports } = libraryModule(file.replace('.v', ''));
    assert.is(`${name}.v`, file);
    const values: Record<string, number> = {};
    for (const [parameter, fallback] of parameters) {
      // texts and vectors are no numbers
      if (!/^["{]/.test(fallback)) values[parameter] = evaluate(fallback, values, file);
    }
    for (const port of ports.values()) {
      if (port.width.includes('/')) continue; // divides as integers do
      const width = evaluate(port.width, values, `${file}: ${port.name}`);
      assert.ok(Number.isInteger(width) && width >= 1, `${file}: ${port.name} is ${width} bits wide`);
      assert.match(port.name, port.direction === 'input' ? /_i$/ : /_o$/);
    }
  }
});

test('no waivers of lint', () => {
  for (const file of libraryFiles()) {
    assert.not.match(readFileSync(join(LIBRARY_FOLDER, file), 'utf8'), /lint_off/, file);
  }
});

test.run();
