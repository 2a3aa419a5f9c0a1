/** What synthesis makes of a design, by instance of its top. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Device, type DeviceFamily, listDevices } from '@spikemill/constraints';
import { type QuantizedNetwork, readFileChecked, SpikemillError, writeFolderAtomic } from '@spikemill/golden-model';
import { generate, type PlanOptions } from '@spikemill/hdl-gen';
import { cacheKey, withCleanup } from '@spikemill/testbenches';
import type { CellCounts } from '../counts.js';
import { FAMILIES } from '../families.js';
import { parseNetlist, topOf } from '../netlist.js';
import { firstErrors, runTool } from '../run-tool.js';
import { contentsOf, familySources, layOut, plainSources, type SourceSet } from '../sources.js';
import type { Tool } from '../tools.js';
import { countCells } from '../tree.js';
import { synthesisScript } from '../yosys-script.js';

/** Cells of every instance of the top, by its name. */
export type CellsByInstance = Readonly<Record<string, CellCounts>>;

export interface Measurement {
  /** Digest of everything that the cells depend on. */
  readonly key: string;
  readonly cells: CellsByInstance;
}

const NETLIST = 'netlist.json';
const SCRIPT = 'synthesis.ys';
const TEMPORARY = 'spikemill-calibrate-';

/** A device of the family, without large memories: what they hold would be missing from the block RAM. */
function deviceOf(family: DeviceFamily): Device {
  const device = listDevices().find((candidate) => candidate.family === family)!;
  return { ...device, largeRam: null };
}

function readCells(folder: string, top: string, family: DeviceFamily): CellsByInstance {
  const netlist = parseNetlist(new TextDecoder().decode(readFileChecked(join(folder, NETLIST))), NETLIST);
  const { root, unknown } = countCells(netlist, topOf(netlist, top), FAMILIES[family]);
  const strangers = Object.keys(unknown);
  if (strangers.length > 0) {
    throw new SpikemillError('TOOL', 'synthesis uses cells that nobody counts', {
      where: family,
      actual: strangers.join(', '),
    });
  }
  return Object.fromEntries(
    root.children.flatMap((node) => {
      // a segment is a generated module: its instances count one by one
      const isSegment = node.module !== null && !node.module.startsWith('smx_');
      return isSegment
        ? node.children.map(({ name, total }) => [`${node.name}.${name}`, total])
        : [[node.name, node.total]];
    }),
  );
}

/** Files of the modules that a text may name, of the library and of segments; a comment may name more than there are. */
function modulesNamedIn(folder: string, file: string): string[] {
  const text = new TextDecoder().decode(readFileChecked(join(folder, file)));
  return [...new Set(text.match(/\b\w*(smx|_segment)_\w+/g))].flatMap((name) => [`rtl/${name}.v`, `${name}.v`]);
}

/** Only the modules that the top consists of: the library may grow without a new measurement of what does not use it. */
function usedSources(folder: string, sources: SourceSet): SourceSet {
  const used = [`${sources.top}.v`];
  for (const file of used) {
    for (const module of modulesNamedIn(folder, file)) {
      if (sources.verilog.includes(module) && !used.includes(module)) used.push(module);
    }
  }
  const verilog = sources.verilog.filter((file) => used.includes(file));
  const files = [...sources.files].filter(([file]) => !sources.verilog.includes(file) || used.includes(file));
  return { ...sources, verilog, files: new Map(files) };
}

/**
 * Synthesizes a design as `synth run` does, boundaries of the top's instances, lanes and neurons kept, but leaves all
 * memories to synthesis.
 *
 * @param knownKey of a measurement from before: null comes back if nothing has changed since.
 * @throws SpikemillError TOOL if Yosys refuses the design.
 */
export async function measureDesign(
  { network, plan }: { readonly network: QuantizedNetwork; readonly plan: Partial<PlanOptions> },
  family: DeviceFamily,
  tool: Tool,
  stop: AbortSignal,
  knownKey?: string,
): Promise<Measurement | null> {
  const folder = mkdtempSync(join(tmpdir(), TEMPORARY));
  const remove = (): void => rmSync(folder, { recursive: true, force: true });
  return withCleanup(remove, async () => {
    const design = join(folder, 'design');
    const { files, manifest } = generate(network, plan);
    writeFolderAtomic(design, files, () => true);
    const sources = familySources(usedSources(design, plainSources(design, manifest)), FAMILIES[family]);
    const script = synthesisScript(sources, deviceOf(family), { flatten: false, placements: [] }, NETLIST);
    const key = cacheKey(['calibrate', tool.version, script, ...contentsOf(sources)]);
    if (knownKey === key) return null;
    const work = join(folder, 'work');
    layOut(sources, work);
    writeFileSync(join(work, SCRIPT), script);
    const { exitCode, output } = await runTool(tool, ['-q', '-s', SCRIPT], work, stop);
    if (exitCode !== 0) {
      throw new SpikemillError('TOOL', 'Yosys refused a design', { where: family, actual: firstErrors(output) });
    }
    return { key, cells: readCells(work, manifest.top, family) };
  });
}
