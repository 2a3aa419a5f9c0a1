/** Place and route of a netlist, one seed at a time, kept by digest. */
import { copyFileSync, existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseJson, readFileChecked, SpikemillError } from '@spikemill/golden-model';
import { cached, cacheKey } from '@spikemill/testbenches';
import type { Family } from './families.js';
import { parseNetlist } from './netlist.js';
import { packBitstream } from './pack.js';
import { type PlacerReport, parseReport } from './placer-report.js';
import { firstErrors, runTool, type ToolEnd, type ToolRun } from './run-tool.js';
import type { Tool } from './tools.js';
import { placedNames } from './tree.js';
import type { SynthesisResult } from './yosys.js';

const REPORT = 'report.json';
const PLACED = 'placed.json';
const NAMES = 'placed-cells.json';
const RUN = 'run.json';

export interface PlaceTarget {
  readonly family: Family;
  readonly top: string;
  /** Options of nextpnr that name die, package and speed. */
  readonly deviceArgs: readonly string[];
  /** PCF or LPF text; null: pins where the placer likes. */
  readonly constraints: string | null;
  /** Clock that the placer aims at. */
  readonly megahertz: number;
}

export interface PlaceResult extends ToolRun {
  readonly seed: number;
  readonly report: PlacerReport;
  /** Names of the logic cells. */
  readonly cellNames: readonly string[];
  readonly bitstream: string;
  readonly log: string;
  readonly isCached: boolean;
}

/** A design that does not fit, as the placer says it. */
export interface Overflow {
  readonly resource: string;
  readonly used: number;
  readonly available: number;
}

/** File names and options that differ between the placers. */
interface Dialect {
  readonly constraintsOption: string;
  readonly constraintsFile: string;
  readonly freeOption: readonly string[];
  readonly outputOption: string;
  readonly output: string;
  readonly bitstream: string;
}

const DIALECTS: Readonly<Record<NonNullable<Family['placer']>, Dialect>> = {
  'nextpnr-ice40': {
    constraintsOption: '--pcf',
    constraintsFile: 'pins.pcf',
    freeOption: ['--pcf-allow-unconstrained'],
    outputOption: '--asc',
    output: 'design.asc',
    bitstream: 'design.bin',
  },
  'nextpnr-ecp5': {
    constraintsOption: '--lpf',
    constraintsFile: 'pins.lpf',
    freeOption: ['--lpf-allow-unconstrained'],
    outputOption: '--textcfg',
    output: 'design.config',
    bitstream: 'design.bit',
  },
};

function placerArgs({ deviceArgs, constraints, megahertz }: PlaceTarget, dialect: Dialect, seed: number): string[] {
  return [
    ...deviceArgs,
    ...['--json', 'netlist.json', dialect.outputOption, dialect.output, '--report', REPORT, '--write', PLACED],
    ...['--freq', String(megahertz), '--timing-allow-fail', '--seed', String(seed)],
    ...(constraints === null ? dialect.freeOption : [dialect.constraintsOption, dialect.constraintsFile]),
  ];
}

const UTILISATION = /^Info:\s+(\w+):\s+(\d+)\s*\/\s*(\d+)\s+\d+%/gm;

/** Resources that are used up, from the utilisation that the placer prints after packing. */
export function overflowsOf(output: string): Overflow[] {
  return [...output.matchAll(UTILISATION)]
    .map(([, resource, used, available]) => ({ resource: resource!, used: Number(used), available: Number(available) }))
    .filter(({ used, available }) => used > available);
}

/** The placer's stages in words, by what it prints when they begin. */
const STAGES: readonly (readonly [RegExp, string])[] = [
  [/Packing /, 'packing'],
  [/Creating initial .*placement|Placed \d+ cells based/, 'placing'],
  [/Running simulated annealing|SA placement/, 'refining the placement'],
  [/Routing\.\.|Routing globals|Setting up routing|Router/, 'routing'],
];

/** Thrown past the cache: a placement that fails leaves nothing there. */
export class DoesNotFit extends Error {
  readonly overflows: readonly Overflow[];
  constructor(overflows: readonly Overflow[]) {
    super('does not fit');
    this.overflows = overflows;
  }
}

function throwFailure({ output, exitCode }: ToolEnd, tool: Tool, where: string): never {
  const overflows = overflowsOf(output);
  if (overflows.length > 0) throw new DoesNotFit(overflows);
  throw new SpikemillError('TOOL', `${tool.name} failed`, {
    where,
    actual: firstErrors(output) || `exit code ${exitCode}`,
    suggestions: ['another seed may do: --seeds', 'a smaller plan leaves more room for routing'],
  });
}

export interface PlaceTools {
  readonly placer: Tool;
  readonly packer: Tool;
}

/**
 * Places and routes a netlist and packs the bitstream.
 *
 * @param where the build, for messages.
 * @param onStage called when a stage begins, unless the result is in the cache.
 * @throws DoesNotFit; SpikemillError TOOL
 */
export async function place(
  { placer, packer }: PlaceTools,
  { key, netlist }: SynthesisResult,
  target: PlaceTarget,
  seed: number,
  where: string,
  stop: AbortSignal,
  onStage: (stage: string) => void = () => undefined,
): Promise<PlaceResult> {
  const dialect = DIALECTS[target.family.placer!];
  const args = placerArgs(target, dialect, seed);
  const placeKey = cacheKey([
    'place',
    placer.version,
    String(placer.isEmbedded),
    key,
    ...args,
    target.constraints ?? '',
  ]);
  let isCached = true;
  const folder = await cached(placeKey, async (temporary) => {
    isCached = false;
    copyFileSync(netlist, join(temporary, 'netlist.json'));
    if (target.constraints !== null) writeFileSync(join(temporary, dialect.constraintsFile), target.constraints);
    const end = await runTool(placer, args, temporary, stop, (line) => {
      const stage = STAGES.find(([pattern]) => pattern.test(line));
      if (stage !== undefined) onStage(stage[1]);
    });
    if (end.exitCode !== 0 || !existsSync(join(temporary, REPORT))) throwFailure(end, placer, where);
    const names = placedNames(parseNetlist(readText(temporary, PLACED), PLACED), target.family);
    writeFileSync(join(temporary, NAMES), JSON.stringify(names));
    for (const large of [PLACED, 'netlist.json']) rmSync(join(temporary, large));
    onStage('packing the bitstream');
    await packBitstream(packer, dialect, temporary, stop);
    writeFileSync(join(temporary, RUN), JSON.stringify({ seconds: end.seconds, peakMegabytes: end.peakMegabytes }));
  });
  return {
    ...(parseJson(readText(folder, RUN), RUN) as ToolRun),
    seed,
    report: parseReport(readText(folder, REPORT), REPORT),
    cellNames: parseJson(readText(folder, NAMES), NAMES) as string[],
    bitstream: join(folder, dialect.bitstream),
    log: join(folder, `${placer.name}.log`),
    isCached,
  };
}

function readText(folder: string, file: string): string {
  return new TextDecoder().decode(readFileChecked(join(folder, file)));
}
