/** The hand-written Verilog library: its files, and the ports and parameters of its modules as their headers say. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { SpikemillError } from '@spikemill/golden-model';

export interface LibraryPort {
  readonly name: string;
  readonly direction: 'input' | 'output';
  /** Expression over the module's parameters. */
  readonly width: string;
}

export interface LibraryModule {
  readonly name: string;
  /** Default expression of every parameter, in order. */
  readonly parameters: ReadonlyMap<string, string>;
  readonly ports: ReadonlyMap<string, LibraryPort>;
}

/** Folder of the library, in the source tree and in an installed package. */
export const LIBRARY_FOLDER = fileURLToPath(new URL('../../rtl/', import.meta.url));

/** The part of it that puts an accelerator on a board: serial line, clock, reset. */
export const BOARD_LIBRARY_FOLDER = join(LIBRARY_FOLDER, 'board');

/** Names of the files of one part of the library, sorted. */
export function libraryFiles(folder = LIBRARY_FOLDER): string[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.v'))
    .sort();
}

/** Splits at commas outside of brackets. */
function splitList(text: string): string[] {
  const items: string[] = [];
  let depth = 0;
  let start = 0;
  for (let i = 0; i < text.length; i++) {
    if ('([{'.includes(text[i]!)) depth++;
    else if (')]}'.includes(text[i]!)) depth--;
    else if (text[i] === ',' && depth === 0) {
      items.push(text.slice(start, i));
      start = i + 1;
    }
  }
  items.push(text.slice(start));
  return items.map((item) => item.trim()).filter((item) => item !== '');
}

const HEADER = /\bmodule\s+(?<name>\w+)\s*(?:#\s*\((?<parameters>.*?)\n\)\s*)?\((?<ports>.*?)\n\);/s;
const PARAMETER = /^parameter\s+(?<name>\w+)\s*=\s*(?<value>.+)$/s;
const PORT = /^(?<direction>input|output)\s+(?:wire|reg)\s*(?:\[(?<msb>.+):0\])?\s*(?<name>\w+)$/s;

/** Reads the header of one module; only the style of the library is understood. */
export function parseHeader(source: string, where: string): LibraryModule {
  const header = HEADER.exec(source.replaceAll(/\/\/.*$/gm, ''))?.groups;
  if (header === undefined) throw unreadable(where, 'no module header');
  const parameters = new Map<string, string>();
  for (const item of splitList(header.parameters ?? '')) {
    const match = PARAMETER.exec(item)?.groups;
    if (match === undefined) throw unreadable(where, item);
    parameters.set(match.name!, match.value!.trim());
  }
  const ports = new Map<string, LibraryPort>();
  for (const item of splitList(header.ports!)) {
    const match = PORT.exec(item)?.groups;
    if (match === undefined) throw unreadable(where, item);
    const name = match.name!;
    const width = match.msb === undefined ? '1' : `(${match.msb}) + 1`;
    ports.set(name, { name, direction: match.direction as LibraryPort['direction'], width });
  }
  return { name: header.name!, parameters, ports };
}

function unreadable(where: string, actual: string): SpikemillError {
  return new SpikemillError('INTERNAL', 'cannot read a module header of the Verilog library', { where, actual });
}

const modules = new Map<string, LibraryModule>();

/** @throws SpikemillError INTERNAL if the library has no such module. */
export function libraryModule(name: string): LibraryModule {
  let module = modules.get(name);
  if (module === undefined) {
    const file = `${name}.v`;
    const folder = [LIBRARY_FOLDER, BOARD_LIBRARY_FOLDER].find((part) => libraryFiles(part).includes(file));
    if (folder === undefined) throw unreadable(file, 'no such file');
    module = parseHeader(readFileSync(join(folder, file), 'utf8'), file);
    modules.set(name, module);
  }
  return module;
}
