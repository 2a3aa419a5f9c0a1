/** Parts that the instances of the engine have in common. */
import type { Program } from '../program.js';
import { libraryModule } from '../verilog/library.js';
import type { Connection, Instance } from '../verilog/structure.js';
import { fileParameter } from './names.js';

/** Ports of a module that carry program fields of their name, such as `outer_last_i`. */
export function fieldPorts(module: string, program: Program): Record<string, Connection> {
  const { ports } = libraryModule(module);
  const fields = program.fields.filter(({ name }) => ports.has(`${name}_i`));
  return Object.fromEntries(fields.map(({ name }) => [`${name}_i`, `pass_${name}`]));
}

/** Parameters of a module that are constants of the same name. */
export function sameParameters(module: string, constants: Readonly<Record<string, number>>): Record<string, string> {
  const names = [...libraryModule(module).parameters.keys()].filter((name) => name in constants);
  return Object.fromEntries(names.map((name) => [name, name]));
}

/** An address for a memory that is smaller than the address space of its wire. */
export function lowBits(wire: string, width: string): Connection {
  return { wire, lsb: '0', width };
}

export const clocked = { clk_i: 'aclk', rst_i: 'rst' } as const;

/** A memory with an image; the address takes the low bits of a shared address wire. */
export function rom(
  kind: string,
  depth: string,
  width: string,
  addr: Connection,
  addrBits: string,
  data: string,
  comment: string,
): Instance {
  return {
    module: 'smx_rom',
    name: `u_${kind.replaceAll('-', '_')}`,
    comment,
    parameters: { Width: width, Depth: depth, AddrBits: addrBits, File: fileParameter(kind) },
    ports: { clk_i: 'aclk', addr_i: addr, data_o: data },
  };
}
