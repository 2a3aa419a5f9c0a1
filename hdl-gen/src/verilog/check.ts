/** Refuses a structure that Verilog would take silently: unbound or unknown ports, wrong widths, bad names. */
import { SpikemillError } from '@spikemill/golden-model';
import { evaluate } from '../expression.js';
import { type LibraryModule, libraryModule } from './library.js';
import type { Connection, Instance, Structure } from './structure.js';

const IDENTIFIER = /^[A-Za-z_][A-Za-z0-9_]*$/;
const KEYWORDS = new Set(
  (
    'always and assign begin buf bufif0 bufif1 case casex casez cmos deassign default defparam design disable edge else ' +
    'end endcase endfunction endgenerate endmodule endprimitive endspecify endtable endtask event for force forever fork ' +
    'function generate genvar if ifnone initial inout input instance integer join library localparam logic macromodule ' +
    'module nand negedge nmos nor not notif0 notif1 or output parameter pmos posedge primitive real realtime reg release ' +
    'repeat signed specify specparam string strong0 strong1 supply0 supply1 table task time tran tri unsigned use wait ' +
    'wand while wire wor xnor xor int bit byte do class property sequence'
  ).split(' '),
);

export function isIdentifier(name: string): boolean {
  return IDENTIFIER.test(name) && !KEYWORDS.has(name);
}

function fault(where: string, message: string, expected?: string, actual?: string): SpikemillError {
  return new SpikemillError('INTERNAL', message, {
    where,
    ...(expected === undefined ? {} : { expected }),
    ...(actual === undefined ? {} : { actual }),
  });
}

function checkNames(structure: Structure): void {
  const { name, ports, wires, instances, constants, strings } = structure;
  const names = [
    ...ports.map((port) => port.name),
    ...wires.map((wire) => wire.name),
    ...instances.map((instance) => instance.name),
    ...Object.keys(constants),
    ...Object.keys(strings),
  ];
  for (const each of [name, ...names]) {
    if (!isIdentifier(each)) throw fault(name, `"${each}" is no Verilog identifier`);
  }
  const seen = new Set<string>();
  for (const each of names) {
    if (seen.has(each)) throw fault(name, `"${each}" is declared twice`);
    seen.add(each);
  }
}

type Widths = ReadonlyMap<string, number>;

function connectionWidth(
  connection: Connection,
  widths: Widths,
  constants: Structure['constants'],
  where: string,
): number {
  const widthOf = (wire: string): number => {
    const width = widths.get(wire);
    if (width === undefined) throw fault(where, `there is no wire "${wire}"`);
    return width;
  };
  if (typeof connection === 'string') return widthOf(connection);
  if ('constant' in connection) return 1;
  if ('zeros' in connection) return evaluate(connection.zeros, constants, where);
  if ('concat' in connection) return connection.concat.reduce((sum, wire) => sum + widthOf(wire), 0);
  const [lsb, width] = [evaluate(connection.lsb, constants, where), evaluate(connection.width, constants, where)];
  if (lsb + width > widthOf(connection.wire)) throw fault(where, `bits beyond the end of "${connection.wire}"`);
  return width;
}

/** Parameter values of an instance: given ones over the defaults, in order; strings are left out. */
function parameterValues(instance: Instance, module: LibraryModule, constants: Structure['constants'], where: string) {
  for (const name of Object.keys(instance.parameters)) {
    if (!module.parameters.has(name)) throw fault(where, `${module.name} has no parameter "${name}"`);
  }
  const values: Record<string, number> = {};
  for (const [name, fallback] of module.parameters) {
    const given = instance.parameters[name];
    if (fallback.startsWith('"')) continue;
    values[name] = given === undefined ? evaluate(fallback, values, where) : evaluate(given, constants, where);
  }
  return values;
}

/** Header of the module of an instance: generated beside this one, or of the library. */
function moduleOf({ module: name }: Instance, { modules = [] }: Structure): LibraryModule {
  return modules.find((module) => module.name === name) ?? libraryModule(name);
}

function checkInstance(instance: Instance, structure: Structure, widths: Widths): void {
  const where = `${structure.name}.${instance.name}`;
  const module = moduleOf(instance, structure);
  const values = parameterValues(instance, module, structure.constants, where);
  for (const name of Object.keys(instance.ports)) {
    if (!module.ports.has(name)) throw fault(where, `${module.name} has no port "${name}"`);
  }
  for (const { name, width, direction } of module.ports.values()) {
    const connection = instance.ports[name];
    if (connection === undefined) throw fault(where, `port "${name}" is not connected`);
    if (connection === null) {
      if (direction === 'input') throw fault(where, `input "${name}" is left open`);
      continue;
    }
    if (
      direction === 'output' &&
      typeof connection === 'object' &&
      ('constant' in connection || 'zeros' in connection)
    ) {
      throw fault(where, `output "${name}" drives a constant`);
    }
    const expected = evaluate(width, values, where);
    const actual = connectionWidth(connection, widths, structure.constants, where);
    if (expected !== actual)
      throw fault(where, `port "${name}" has another width`, `${expected} bits`, `${actual} bits`);
  }
}

/** Every wire must have exactly one driver: an input, a field, or one output of an instance. */
function checkDrivers(structure: Structure): void {
  const drivers = new Map<string, number>();
  const count = (wire: string): void => void drivers.set(wire, (drivers.get(wire) ?? 0) + 1);
  for (const { name, direction } of structure.ports) if (direction === 'input') count(name);
  for (const { name, field } of structure.wires) if (field !== undefined) count(name);
  for (const instance of structure.instances) {
    for (const { name, direction } of moduleOf(instance, structure).ports.values()) {
      const connection = instance.ports[name];
      if (direction === 'input' || connection === null || connection === undefined) continue;
      if (typeof connection === 'string') count(connection);
      else if ('concat' in connection) connection.concat.forEach(count);
      else if ('wire' in connection) count(connection.wire);
    }
  }
  for (const { name } of [...structure.ports, ...structure.wires]) {
    const found = drivers.get(name) ?? 0;
    if (found !== 1) throw fault(structure.name, `wire "${name}" needs one driver`, '1', String(found));
  }
}

/** @throws SpikemillError INTERNAL: the generator built something that must not be printed. */
export function checkStructure(structure: Structure): void {
  checkNames(structure);
  const { constants, name } = structure;
  const declared = [...structure.ports, ...structure.wires];
  const widths = new Map(declared.map((wire) => [wire.name, evaluate(wire.width, constants, `${name}.${wire.name}`)]));
  for (const instance of structure.instances) checkInstance(instance, structure, widths);
  checkDrivers(structure);
}
