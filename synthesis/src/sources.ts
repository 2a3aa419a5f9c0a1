/** What is synthesized: a build's Verilog and memory images, in a folder that tools run in. */
import { copyFileSync, mkdirSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readFileChecked, writeFileAtomic } from '@spikemill/golden-model';
import type { Manifest } from '@spikemill/hdl-gen';
import type { Family } from './families.js';

export interface SourceSet {
  /** Top module of the netlist. */
  readonly top: string;
  /** Instances from the top down to the accelerator; empty if it is the top itself. */
  readonly acceleratorPath: readonly string[];
  /** Module of the accelerator. */
  readonly accelerator: string;
  /** Verilog files, in order. */
  readonly verilog: readonly string[];
  readonly defines: Readonly<Record<string, string>>;
  /** All files by path relative to the folder of the tools, with the place that they are read from or their text. */
  readonly files: ReadonlyMap<string, { readonly path: string } | { readonly text: string }>;
  /** Pins of a board: constraints by name, among `files`. */
  readonly constraints: readonly string[];
}

export const PINLESS_TOP = 'smx_pinless';

/** Folder of the harnesses, in the source tree and in an installed package. */
export function harnessFile(name: string): string {
  return fileURLToPath(new URL(`../harness/${name}`, import.meta.url));
}

function filesOf(folder: string, { files, includes, memories, board }: Manifest): Map<string, { path: string }> {
  const paths = [...files, ...includes, ...memories.map(({ file }) => file), ...(board?.constraints ?? [])];
  return new Map(paths.map((path) => [path, { path: join(folder, path) }]));
}

/** A build as it is: an accelerator whose ports are the top's, or a design for a board. */
export function plainSources(folder: string, manifest: Manifest): SourceSet {
  const { top, files, board } = manifest;
  return {
    top,
    acceleratorPath: board === undefined ? [] : ['u_accelerator'],
    accelerator: board?.accelerator ?? top,
    verilog: files,
    defines: {},
    files: filesOf(folder, manifest),
    constraints: board?.constraints ?? [],
  };
}

function weightDefines({ plan: { weights, weightBus } }: Manifest): Readonly<Record<string, string>> {
  if (weights === 'external') return { SMX_EXTERNAL: String(weightBus) };
  return weights === 'stream' ? { SMX_WEIGHTS: '1' } : {};
}

/** An accelerator behind three pins, see smx_pinless.v. */
export function pinlessSources(folder: string, manifest: Manifest): SourceSet {
  const plain = plainSources(folder, manifest);
  const name = `${PINLESS_TOP}.v`;
  return {
    ...plain,
    top: PINLESS_TOP,
    acceleratorPath: ['u_accelerator'],
    verilog: [...plain.verilog, name],
    defines: { SMX_TOP: plain.accelerator, ...weightDefines(manifest) },
    files: new Map([...plain.files, [name, { path: harnessFile(name) }]]),
  };
}

/** The sources with modules of the library exchanged for what the family has instead. */
export function familySources(sources: SourceSet, { exchanged }: Pick<Family, 'exchanged'>): SourceSet {
  const files = [...sources.files].map(([name, source]): [string, typeof source] => {
    const own = exchanged[basename(name)];
    return [name, own === undefined ? source : { path: harnessFile(own) }];
  });
  return { ...sources, files: new Map(files) };
}

/** Puts the files into a folder. */
export function layOut({ files }: SourceSet, folder: string): void {
  for (const [name, source] of files) {
    const target = join(folder, name);
    mkdirSync(dirname(target), { recursive: true });
    if ('path' in source) {
      readFileChecked(source.path);
      copyFileSync(source.path, target);
    } else writeFileAtomic(target, source.text);
  }
}

/** Names and contents of all files, for a digest. */
export function contentsOf({ files }: SourceSet): (string | Uint8Array)[] {
  return [...files].flatMap(([name, source]) => [name, 'path' in source ? readFileChecked(source.path) : source.text]);
}
