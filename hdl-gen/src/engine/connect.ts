/** Parts that the instances of the engine have in common. */
import type { Program } from '../program.js';
import { libraryModule } from '../verilog/library.js';
import type { Connection, Instance } from '../verilog/structure.js';
import { addressWire, fileParameter, writeWire, writeWord } from './names.js';

/** Ports of a module that carry program fields of their name, such as `outer_last_i`. */
export function fieldPorts(module: string, program: Program): Record<string, Connection> {
  const { ports } = libraryModule(module);
  const fields = program.fields.filter(({ name }) => ports.has(`${name}_i`));
  return Object.fromEntries(fields.map(({ name }) => [`${name}_i`, `pass_${name}`]));
}

/** The same, where a program that only knows token order has no such field. */
export function orderedPorts(module: string, program: Program): Record<string, Connection> {
  const { ports } = libraryModule(module);
  const groupOrder: [string, Connection][] = [
    ['group_order_i', { constant: 0 }],
    ['residual_group_step_i', { zeros: 'StoreAddrBits' }],
    ['store_group_step_i', { zeros: 'StoreAddrBits' }],
  ];
  const absent = Object.fromEntries(groupOrder.filter(([name]) => ports.has(name)));
  return { ...absent, ...fieldPorts(module, program) };
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

/** A memory of weights or parameters, or the program; the address takes the low bits of a shared address wire. */
export interface StoredMemory {
  /** Name of the memory, as in the manifest. */
  readonly kind: string;
  /** Expressions over the constants. */
  readonly depth: string;
  readonly width: string;
  readonly addr: Connection;
  readonly addrBits: string;
  /** Wire of the word that is read. */
  readonly data: string;
  readonly comment: string;
}

/** Name of the instance of a memory. */
function memoryName(kind: string): string {
  return `u_${kind.replaceAll('-', '_')}`;
}

/** A memory with an image. */
export function rom({ kind, depth, width, addr, addrBits, data, comment }: StoredMemory): Instance {
  return {
    module: 'smx_rom',
    name: memoryName(kind),
    comment,
    parameters: { Width: width, Depth: depth, AddrBits: addrBits, File: fileParameter(kind) },
    ports: { clk_i: 'aclk', addr_i: addr, data_o: data },
  };
}

/** A memory that a weight frame fills: what writes it is in weight-stream.ts. */
export function loadedRam({ kind, depth, width, addr, addrBits, data, comment }: StoredMemory): Instance {
  return {
    module: 'smx_ram',
    name: memoryName(kind),
    comment,
    parameters: { Width: width, Depth: depth, AddrBits: addrBits },
    ports: {
      clk_i: 'aclk',
      write_i: writeWire(kind),
      write_addr_i: addressWire(kind),
      write_data_i: writeWord(kind),
      read_i: { constant: 1 },
      read_addr_i: addr,
      read_data_o: data,
    },
  };
}
