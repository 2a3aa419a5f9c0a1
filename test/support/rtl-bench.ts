/** Runs one module of the Verilog library on given inputs, cycle by cycle, in Icarus Verilog. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { evaluate } from '../../hdl-gen/src/expression.js';
import { BOARD_LIBRARY_FOLDER, LIBRARY_FOLDER, libraryModule } from '../../hdl-gen/src/verilog/library.js';
import { newFolder } from './designs.js';
import { runProgram } from './programs.js';

/** Values of the ports of one cycle, unsigned; negative numbers are taken in two's complement. */
export type PortValues = Readonly<Record<string, bigint | number>>;

/** Values of parameters; a wide vector as a bigint. */
export type ParameterValues = Readonly<Record<string, number | bigint>>;

interface PortShape {
  readonly name: string;
  readonly direction: 'input' | 'output';
  readonly bits: number;
}

/** As a Verilog literal. */
function literal(value: number | bigint): string {
  if (typeof value === 'number') return String(value);
  const digits = value.toString(16);
  return `${4 * digits.length}'h${digits}`;
}

function portShapes(module: string, parameters: ParameterValues): PortShape[] {
  const { parameters: defaults, ports } = libraryModule(module);
  const values: Record<string, number> = {};
  for (const [name, fallback] of defaults) {
    const given = parameters[name];
    // no width depends on a vector
    if (typeof given !== 'bigint') values[name] = given ?? evaluate(fallback, values, module);
  }
  return [...ports.values()].map(({ name, direction, width }) => {
    return { name, direction, bits: evaluate(width, values, `${module}.${name}`) };
  });
}

function benchText(module: string, parameters: ParameterValues, ports: readonly PortShape[], cycles: number): string {
  const inputs = ports.filter(({ name, direction }) => direction === 'input' && name !== 'clk_i');
  const outputs = ports.filter(({ direction }) => direction === 'output');
  const bits = inputs.reduce((sum, port) => sum + port.bits, 0);
  const names = (list: readonly PortShape[]): string => list.map(({ name }) => name).join(', ');
  const overrides = Object.entries(parameters).map(([name, value]) => `.${name}(${literal(value)})`);
  return [
    'module bench;',
    'reg clk_i = 0;',
    ...inputs.map(({ name, bits }) => `reg [${bits}-1:0] ${name};`),
    ...outputs.map(({ name, bits }) => `wire [${bits}-1:0] ${name};`),
    `reg [${Math.max(bits, 1)}-1:0] words [0:${cycles}-1];`,
    `${module} #(${overrides.join(', ')}) u_dut (${ports.map(({ name }) => `.${name}(${name})`).join(', ')});`,
    'integer i;',
    'initial begin',
    '  $readmemb("inputs.mem", words);',
    `  for (i = 0; i < ${cycles}; i = i + 1) begin`,
    inputs.length === 0 ? '' : `    {${names(inputs)}} = words[i];`,
    `    #5 $display("${outputs.map(() => '%b').join(' ')}", ${names(outputs)});`,
    '    clk_i = 1;',
    '    #5 clk_i = 0;',
    '  end',
    'end',
    'endmodule',
  ].join('\n');
}

/**
 * @param inputs of every cycle: all inputs but the clock.
 * @returns the outputs of every cycle before its clock edge, inputs settled; null while a bit is unknown.
 */
export function runModule(
  module: string,
  parameters: ParameterValues,
  inputs: readonly PortValues[],
): Record<string, bigint | null>[] {
  const folder = newFolder();
  mkdirSync(folder, { recursive: true });
  const ports = portShapes(module, parameters);
  const driven = ports.filter(({ name, direction }) => direction === 'input' && name !== 'clk_i');
  const lines = inputs.map((values) => {
    const words = driven.map(({ name, bits }) =>
      BigInt.asUintN(bits, BigInt(values[name]!)).toString(2).padStart(bits, '0'),
    );
    // a clock alone has no word
    return words.join('') || '0';
  });
  writeFileSync(join(folder, 'inputs.mem'), `${lines.join('\n')}\n`);
  writeFileSync(join(folder, 'bench.v'), benchText(module, parameters, ports, inputs.length));
  runProgram(
    'iverilog',
    ['-g2005', '-o', 'bench.vvp', '-y', LIBRARY_FOLDER, '-y', BOARD_LIBRARY_FOLDER, 'bench.v'],
    folder,
  );
  const outputs = ports.filter(({ direction }) => direction === 'output');
  const printed = runProgram('vvp', ['-n', 'bench.vvp'], folder).trimEnd().split('\n');
  return printed.map((line) => {
    const fields = line.split(' ');
    return Object.fromEntries(
      outputs.map(({ name }, i) => [name, /^[01]+$/.test(fields[i]!) ? BigInt(`0b${fields[i]}`) : null]),
    );
  });
}

/** An output as a signed number. */
export function signed(value: bigint | null | undefined, bits: number): number {
  if (value === null || value === undefined) throw new Error('the output is unknown');
  return Number(BigInt.asIntN(bits, value));
}
