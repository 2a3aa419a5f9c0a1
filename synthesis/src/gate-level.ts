/** The netlist of a build as a build of its own: the regression runs it with the vectors of the Verilog. */
import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { findDevice } from '@spikemill/constraints';
import { readFileChecked, SpikemillError } from '@spikemill/golden-model';
import type { Manifest } from '@spikemill/hdl-gen';
import { MANIFEST_FILE, sha256 } from '@spikemill/hdl-gen';
import { type Build, cached, cacheKey, openBuild } from '@spikemill/testbenches';
import { harnessFile, plainSources } from './sources.js';
import { findTool, type ToolChoice } from './tools.js';
import { synthesizeSources } from './yosys.js';
import { GATE_NETLIST, GATE_TOP } from './yosys-script.js';

/** Family whose cells have simulation models that say everything, block RAM with contents included. */
export const GATE_DEVICE = 'ice40-hx8k';

const CELLS = 'cells.v';
const PARAMETERS = 'smx_gate_params.vh';
const SHIM = ['smx_gate_currents.v', 'smx_gate_shim.v'] as const;

/** Models of the cells, as they come with the embedded Yosys; system and embedded versions use the same cells. */
function cellModels(): string {
  const bundle = createRequire(import.meta.url).resolve('@yowasp/yosys');
  return join(dirname(bundle), 'share', 'ice40', 'cells_sim.v');
}

/** Default values of ports are no Verilog-2005; the netlist connects every port. */
const WITHOUT_DEFAULTS = '`define NO_ICE40_DEFAULT_ASSIGNMENTS\n';

/** The manifest of the netlist: the network and plan of the build, other sources. */
function gateManifest(manifest: Manifest, contents: ReadonlyMap<string, Uint8Array>): Manifest {
  const digests = [...contents].map(([name, data]) => [name, sha256(data)]);
  return {
    ...manifest,
    top: 'smx_gate_shim',
    files: [CELLS, GATE_NETLIST, ...SHIM],
    includes: [PARAMETERS],
    digests: Object.fromEntries(digests),
  };
}

export interface GateOptions {
  readonly yosys?: ToolChoice;
  readonly signal?: AbortSignal;
  /** Called unless the netlist is in the cache. */
  readonly onStart?: () => void;
}

/**
 * Synthesizes a build for iCE40 and returns the netlist with models of its cells as a build that `verify` runs: every
 * spike, class and logit is compared. Currents are not to be had from a netlist.
 *
 * @param build of an accelerator alone.
 * @throws SpikemillError USAGE for a design for a board; as synthesize.
 */
export async function gateLevelBuild(build: Build, options: GateOptions = {}): Promise<Build> {
  const { folder, manifest } = build;
  if (manifest.board !== undefined) {
    throw new SpikemillError('USAGE', 'gate level is for accelerators alone', {
      where: folder,
      expected: 'a folder that rtl generate wrote',
      actual: `a design for the board ${manifest.board.name}`,
    });
  }
  const stop = options.signal ?? new AbortController().signal;
  const yosys = await findTool('yosys', stop, options.yosys);
  const script = { flatten: false, placements: [], gateLevel: true };
  const device = findDevice(GATE_DEVICE);
  const sources = plainSources(folder, manifest);
  const { onStart } = options;
  const { folder: netlist, key } = await synthesizeSources(yosys, sources, device, script, folder, stop, onStart);
  const contents = new Map<string, Uint8Array>([
    [CELLS, Buffer.concat([Buffer.from(WITHOUT_DEFAULTS), readFileChecked(cellModels())])],
    [GATE_NETLIST, readFileChecked(join(netlist, GATE_NETLIST))],
    [PARAMETERS, readFileChecked(join(folder, `${manifest.top}_params.vh`))],
    [manifest.network, readFileChecked(join(folder, manifest.network))],
    ...SHIM.map((name): [string, Uint8Array] => [name, readFileChecked(harnessFile(name))]),
  ]);
  const ownManifest = `${JSON.stringify(gateManifest(manifest, contents), null, 2)}\n`;
  const made = await cached(cacheKey(['gate', GATE_TOP, key, ownManifest]), async (temporary) => {
    for (const [name, data] of contents) writeFileSync(join(temporary, name), data);
    writeFileSync(join(temporary, MANIFEST_FILE), ownManifest);
  });
  return openBuild(made);
}
