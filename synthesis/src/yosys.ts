/** Synthesis: a netlist from sources, kept by the digest of everything that it depends on. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Device } from '@spikemill/constraints';
import { parseJson, readFileChecked, SpikemillError } from '@spikemill/golden-model';
import { cached, cacheKey } from '@spikemill/testbenches';
import { FAMILIES } from './families.js';
import { firstErrors, runTool, type ToolRun } from './run-tool.js';
import { contentsOf, familySources, layOut, type SourceSet } from './sources.js';
import type { Tool } from './tools.js';
import { type SynthesisOptions, synthesisScript } from './yosys-script.js';

const NETLIST = 'netlist.json';
const SCRIPT = 'synthesis.ys';
const LOG = 'synthesis.log';
const RUN = 'run.json';

export interface SynthesisResult extends ToolRun {
  /** Folder with the netlist and the log; in the cache, not to be written to. */
  readonly folder: string;
  readonly netlist: string;
  readonly log: string;
  /** Found in the cache. */
  readonly isCached: boolean;
  /** Identifies the netlist. */
  readonly key: string;
}

/** Runs the script in a folder that has the sources. */
async function run(tool: Tool, folder: string, where: string, stop: AbortSignal): Promise<ToolRun> {
  const { exitCode, output, seconds, peakMegabytes } = await runTool(
    tool,
    ['-q', '-l', LOG, '-s', SCRIPT],
    folder,
    stop,
  );
  if (exitCode === 0) return { seconds, peakMegabytes };
  throw new SpikemillError('TOOL', 'Yosys refused the Verilog', {
    where,
    actual: firstErrors(output),
    suggestions: ['generate the build again: spikemill rtl generate', 'spikemill doctor'],
  });
}

/**
 * Synthesizes.
 *
 * @param where the build, for messages.
 * @param onStart called unless the netlist is in the cache.
 * @throws SpikemillError TOOL if Yosys refuses the sources, breaks off or is killed.
 */
export async function synthesizeSources(
  tool: Tool,
  plain: SourceSet,
  device: Device,
  options: SynthesisOptions,
  where: string,
  stop: AbortSignal,
  onStart: () => void = () => undefined,
): Promise<SynthesisResult> {
  const sources = familySources(plain, FAMILIES[device.family]);
  const script = synthesisScript(sources, device, options, NETLIST);
  const key = cacheKey(['yosys', tool.version, String(tool.isEmbedded), script, ...contentsOf(sources)]);
  let isCached = true;
  const folder = await cached(key, async (temporary) => {
    isCached = false;
    onStart();
    layOut(sources, temporary);
    writeFileSync(join(temporary, SCRIPT), script);
    const ended = await run(tool, temporary, where, stop);
    writeFileSync(join(temporary, RUN), JSON.stringify(ended));
  });
  const ended = parseJson(new TextDecoder().decode(readFileChecked(join(folder, RUN))), RUN) as ToolRun;
  return { ...ended, folder, netlist: join(folder, NETLIST), log: join(folder, LOG), isCached, key };
}
