/** The Yosys that npm brings: the same script and the same files as the one on PATH. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { FAMILIES } from '../../synthesis/src/families.js';
import { parseNetlist } from '../../synthesis/src/netlist.js';
import { runTool } from '../../synthesis/src/run-tool.js';
import { findTool } from '../../synthesis/src/tools.js';
import { countCells } from '../../synthesis/src/tree.js';
import { newFolder } from '../support/designs.js';

const stop = new AbortController().signal;
const VERILOG = `
module inner (input wire clk, input wire d, output reg q);
    always @(posedge clk) q <= d;
endmodule
module top (input wire clk, input wire a, input wire b, output wire q);
    inner u_inner (.clk(clk), .d(a ^ b), .q(q));
endmodule
`;

test('it reads and writes the files of its folder, and ends with the code of Yosys', async () => {
  const tool = await findTool('yosys', stop, 'embedded');
  assert.ok(tool.isEmbedded);
  assert.match(tool.version, /^0\.55\./);
  const folder = newFolder();
  mkdirSync(join(folder, 'rtl'), { recursive: true });
  writeFileSync(join(folder, 'rtl', 'top.v'), VERILOG);
  const script = 'read_verilog rtl/top.v; synth_ice40 -top top; delete */t:$scopeinfo; write_json netlist.json';
  const end = await runTool(tool, ['-q', '-l', 'synthesis.log', '-p', script], folder, stop);
  assert.is(end.exitCode, 0, end.output);
  const netlist = parseNetlist(readFileSync(join(folder, 'netlist.json'), 'utf8'), 'netlist.json');
  const { root } = countCells(netlist, 'top', FAMILIES.ice40);
  assert.is(root.total.lut, 1);
  assert.is(root.total.ff, 1);
  const types = Object.values(netlist.modules.top!.cells!).map(({ type }) => type);
  assert.not(types.includes('$scopeinfo'));
  assert.ok(existsSync(join(folder, 'synthesis.log')));

  writeFileSync(join(folder, 'rtl', 'top.v'), 'module top (');
  const refused = await runTool(tool, ['-q', '-p', 'read_verilog rtl/top.v'], folder, stop);
  assert.is(refused.exitCode, 1);
  assert.match(refused.output, /ERROR: syntax error/);
});

test.run();
