/** Prints a checked structure as Verilog-2005: the same text for the same structure, byte for byte. */
import { checkStructure } from './check.js';
import type { Connection, Instance, Structure } from './structure.js';

const INDENT = '    ';
/** Columns in which comments start. */
const PORT_COLUMN = 48;
const WIRE_COLUMN = 88;

function range(width: string): string {
  if (width === '1') return '';
  return /^\d+$/.test(width) ? `[${Number(width) - 1}:0] ` : `[${width}-1:0] `;
}

/** A line with its comment in a column. */
function withComment(line: string, comment: string | undefined, column: number): string {
  return comment === undefined || comment === '' ? line : `${line.padEnd(column)} // ${comment}`;
}

function printConnection(connection: Connection | null): string {
  if (connection === null) return '';
  if (typeof connection === 'string') return connection;
  if ('constant' in connection) return `1'b${connection.constant}`;
  if ('zeros' in connection) return `{(${connection.zeros}){1'b0}}`;
  if ('concat' in connection) return `{${connection.concat.join(', ')}}`;
  return `${connection.wire}[${connection.lsb} +: ${connection.width}]`;
}

function bindings(entries: readonly (readonly [string, string])[]): string[] {
  const width = Math.max(0, ...entries.map(([name]) => name.length));
  return entries.map(([name, value], i) => {
    const comma = i < entries.length - 1 ? ',' : '';
    return `${INDENT.repeat(2)}.${name.padEnd(width)} (${value})${comma}`;
  });
}

function printInstance({ module, name, comment, parameters, ports }: Instance): string[] {
  const values = bindings(Object.entries(parameters));
  const nets = bindings(Object.entries(ports).map(([port, net]) => [port, printConnection(net)] as const));
  const head = values.length === 0 ? `${module} ${name} (` : `${module} #(`;
  const lines = [`${INDENT}// ${comment}`, `${INDENT}${head}`];
  if (values.length > 0) lines.push(...values, `${INDENT}) ${name} (`);
  return [...lines, ...nets, `${INDENT});`, ''];
}

function printPorts({ ports }: Structure): string[] {
  return ports.map(({ name, direction, width, comment }, i) => {
    const declaration = `${INDENT}${direction.padEnd(6)} wire ${range(width)}${name}${i < ports.length - 1 ? ',' : ''}`;
    return withComment(declaration, comment, PORT_COLUMN);
  });
}

function printWires({ wires }: Structure): string[] {
  return wires.map(({ name, width, field, comment }) => {
    const value = field === undefined ? '' : ` = ${field.of}[${field.lsb} +: ${width}]`;
    const declaration = `${INDENT}wire ${range(width)}${name}${value};`;
    return withComment(declaration, comment, WIRE_COLUMN);
  });
}

/** Text of the file that holds the constants of a structure. */
export function printConstants({ header, constants }: Structure): string {
  const width = Math.max(...Object.keys(constants).map((name) => name.length));
  const lines = Object.entries(constants).map(([name, value]) => `localparam ${name.padEnd(width)} = ${value};`);
  return [...header.map((line) => `// ${line}`), '', ...lines, ''].join('\n');
}

/**
 * Text of the module.
 *
 * @throws SpikemillError INTERNAL if the structure has an unbound port, a wrong width or a bad name.
 */
export function printStructure(structure: Structure): string {
  checkStructure(structure);
  const strings = Object.entries(structure.strings).map(([name, value]) => `${INDENT}parameter ${name} = "${value}"`);
  return [
    ...structure.header.map((line) => `// ${line}`),
    '`default_nettype none',
    '',
    `module ${structure.name} #(`,
    strings.join(',\n'),
    ') (',
    ...printPorts(structure),
    ');',
    `${INDENT}\`include "${structure.constantsFile}"`,
    '',
    ...printWires(structure),
    '',
    ...structure.instances.flatMap(printInstance),
    'endmodule',
    '',
    '`default_nettype wire',
    '',
  ].join('\n');
}
