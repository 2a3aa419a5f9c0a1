/** One module of the Verilog library, placed alone on an iCE40 between registers. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { evaluate } from '../../hdl-gen/src/expression.js';
import { LIBRARY_FOLDER, libraryModule } from '../../hdl-gen/src/verilog/library.js';
import { type PlacerReport, parseReport } from '../../synthesis/src/placer-report.js';
import { newFolder } from './designs.js';
import { runProgram } from './programs.js';

/**
 * Inputs come out of a shift register, outputs go into registers that are folded into one bit, four at a time: no pin
 * and no path outside is slower than what is measured.
 */
function wrapperText(module: string, parameters: Readonly<Record<string, number>>): string {
  const { parameters: defaults, ports } = libraryModule(module);
  const values: Record<string, number> = {};
  for (const [name, fallback] of defaults) values[name] = parameters[name] ?? evaluate(fallback, values, module);
  const bits = { input: 0, output: 0 };
  const connections = [...ports.values()].map(({ name, direction, width }) => {
    if (name === 'clk_i') return '.clk_i(clk_i)';
    const [size, side] = [evaluate(width, values, name), direction === 'input' ? 'input' : 'output'] as const;
    bits[side] += size;
    return `.${name}(${side === 'input' ? 'in_q' : 'out'}[${bits[side] - size} +: ${size}])`;
  });
  const levels: string[] = [`reg [${bits.output - 1}:0] level0; always @(posedge clk_i) level0 <= out;`];
  let left = bits.output;
  for (let level = 1; left > 1; level++) {
    const next = Math.ceil(left / 4);
    const folds = Array.from({ length: next }, (_, i) => {
      const size = Math.min(4, left - 4 * i);
      return `level${level}[${i}] <= ^level${level - 1}[${4 * i} +: ${size}];`;
    });
    levels.push(`reg [${next - 1}:0] level${level}; always @(posedge clk_i) begin ${folds.join(' ')} end`);
    left = next;
  }
  const overrides = [...defaults.keys()].map((name) => `.${name}(${values[name]})`);
  return [
    'module wrapper (input wire clk_i, input wire serial_i, output wire parity_o);',
    `reg [${bits.input - 1}:0] in_q; always @(posedge clk_i) in_q <= {in_q, serial_i};`,
    `wire [${bits.output - 1}:0] out;`,
    `${module} #(${overrides.join(', ')}) u_module (${connections.join(', ')});`,
    ...levels,
    `assign parity_o = level${levels.length - 1};`,
    'endmodule',
    '',
  ].join('\n');
}

/**
 * Synthesizes and places a module on an iCE40 HX8K with the tools on PATH.
 *
 * @param seed of the placer.
 * @throws if a tool is missing or refuses.
 */
export function placeModule(module: string, parameters: Readonly<Record<string, number>>, seed = 1): PlacerReport {
  const folder = newFolder();
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'wrapper.v'), wrapperText(module, parameters));
  const script = `read_verilog wrapper.v ${LIBRARY_FOLDER}/smx_*.v; synth_ice40 -top wrapper; write_json netlist.json`;
  runProgram('yosys', ['-q', '-p', script], folder);
  const device = ['--hx8k', '--package', 'ct256', '--pcf-allow-unconstrained', '--timing-allow-fail'];
  const files = ['--json', 'netlist.json', '--report', 'report.json', '--asc', 'design.asc'];
  runProgram('nextpnr-ice40', ['-q', ...device, '--freq', '200', '--seed', String(seed), ...files], folder);
  return parseReport(readFileSync(join(folder, 'report.json'), 'utf8'), 'report.json');
}
