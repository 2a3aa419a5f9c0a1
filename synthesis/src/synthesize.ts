/** The whole way: build, netlist, placement, bitstream, report. */
import { basename } from 'node:path';
import type { Device } from '@spikemill/constraints';
import { readFileChecked, SpikemillError } from '@spikemill/golden-model';
import { isPriced, timingOf } from '@spikemill/hdl-gen';
import { type Build, watchStop } from '@spikemill/testbenches';
import type { CellCounts } from './counts.js';
import { FAMILIES, type Family } from './families.js';
import { describeOverflow, overflowsAmong, sharesOf } from './fit.js';
import { type MemoryPlan, planMemories } from './memory-plan.js';
import { nearestPlan, planFlags } from './nearest-plan.js';
import { type Netlist, parseNetlist, topOf } from './netlist.js';
import { DoesNotFit, type Overflow, type PlaceResult, place } from './place.js';
import type { FitReport, PlacementReport, SynthReport, TimingReport, ToolReport } from './report.js';
import type { ToolRun } from './run-tool.js';
import { chooseTarget, type Target, type TargetChoice } from './target.js';
import { findTool, type Tool, type ToolChoice } from './tools.js';
import { type CellTree, countCells, findNode, type ModuleNode } from './tree.js';
import { type SynthesisResult, synthesizeSources } from './yosys.js';
import type { MemoryPlacement } from './yosys-script.js';

export interface SynthesizeOptions extends TargetChoice {
  /** Seeds 1 to n are tried; the best one is reported. Default 1. */
  readonly seeds?: number;
  /** Stop after synthesis. */
  readonly noPlace?: boolean;
  /** Clock that has to be reached; for a board, its own unless given. */
  readonly megahertz?: number | undefined;
  readonly flatten?: boolean;
  /** See SynthesisOptions. */
  readonly narrow?: boolean;
  /** Cycles of an image where they depend on its spikes; default: those that the plan promises. */
  readonly meanCycles?: number | undefined;
  readonly yosys?: ToolChoice;
  readonly placer?: ToolChoice;
  readonly timeLimitSeconds?: number | undefined;
  readonly signal?: AbortSignal;
  /** A stage begins: `synthesis`, `placing, seed 2`, ... Cached stages do not. */
  readonly onStage?: (stage: string) => void;
}

export interface SynthesizeResult {
  readonly report: SynthReport;
  /** The design does not fit, or misses its clock. */
  readonly error: SpikemillError | null;
  /** Files of the output folder, with the places that they lie in. */
  readonly files: ReadonlyMap<string, string>;
}

/** Without a clock to reach, the placer aims at more than any design here has reached, so that it never rests. */
const AMBITION_FACTOR = 2;

/** Everything that is known after synthesis. */
interface Synthesized {
  readonly build: Build;
  readonly target: Target;
  readonly family: Family;
  readonly options: SynthesizeOptions;
  readonly memories: MemoryPlan | null;
  readonly yosys: Tool;
  readonly result: SynthesisResult;
  readonly netlist: Netlist;
}

/** Whether there are formulas for the family, and for all that the design consists of. */
function hasFormulas(network: Build['network'], plan: Build['plan'], { family }: Device): boolean {
  try {
    return isPriced(network, plan, family);
  } catch {
    return false;
  }
}

function memoryPlanOf(build: Build, device: Device): MemoryPlan | null {
  const { network, plan } = build;
  // without formulas synthesis decides alone
  if (plan.style === 'event' || !hasFormulas(network, plan, device)) return null;
  return planMemories(network, plan, device);
}

function readNetlist(path: string): Netlist {
  return parseNetlist(new TextDecoder().decode(readFileChecked(path)), path);
}

/** Cells that the placer made up, such as ends of carry chains, count for the accelerator: the wrapper has hardly any. */
function ownName(name: string, { acceleratorPath }: Target['sources']): string {
  return name.startsWith('$') ? [...acceleratorPath, name].join('.') : name;
}

function treeOf({ target, family, netlist }: Synthesized, placed: readonly string[] | null): CellTree {
  const names = placed === null ? null : placed.map((name) => ownName(name, target.sources));
  return countCells(netlist, topOf(netlist, target.sources.top), family, names);
}

/** The accelerator within the tree. */
function acceleratorOf({ root }: CellTree, { sources }: Target): ModuleNode {
  return findNode(root, sources.acceleratorPath) ?? root;
}

function toolReport(
  { name, version, isEmbedded }: Tool,
  { seconds, peakMegabytes }: ToolRun,
  isCached: boolean,
): ToolReport {
  return { name, version, embedded: isEmbedded, seconds, peakMegabytes, cached: isCached };
}

function fitReport(run: Synthesized, cells: CellCounts, placerOverflows: readonly Overflow[]): FitReport {
  const { build, target } = run;
  const shares = sharesOf(cells, target.device);
  const early = overflowsAmong(shares);
  const overflows = early.length > 0 ? early : placerOverflows;
  const nearest =
    overflows.length === 0 || run.memories === null || build.plan.style !== 'dense'
      ? null
      : nearestPlan(build.network, build.plan.options, target.device);
  return { fits: overflows.length === 0, shares, overflows, nearestPlan: nearest?.options ?? null };
}

function fitError({ build, target }: Synthesized, { overflows, nearestPlan: nearest }: FitReport): SpikemillError {
  const plans =
    nearest === null
      ? ['no smaller plan of this network was found to fit: choose a larger device']
      : [`by the cost model this plan fits: spikemill rtl generate ${planFlags(nearest)}`, 'choose a larger device'];
  return new SpikemillError('PLAN', `the design does not fit ${target.device.name}`, {
    where: build.folder,
    actual: overflows.map(describeOverflow).join('; '),
    suggestions: plans,
  });
}

function timingReport({ target, options }: Synthesized, fmax: number | null): TimingReport | null {
  const required = options.megahertz ?? target.requiredMegahertz;
  if (required === null || fmax === null) return null;
  return { requiredMegahertz: required, fmaxMegahertz: fmax, met: fmax >= required };
}

function timingError(
  { build, target }: Synthesized,
  { requiredMegahertz, fmaxMegahertz }: TimingReport,
): SpikemillError {
  const missing = requiredMegahertz - fmaxMegahertz;
  return new SpikemillError('PLAN', `the design misses its clock on ${target.device.name}`, {
    where: build.folder,
    expected: `${requiredMegahertz} MHz`,
    actual: `${fmaxMegahertz.toFixed(1)} MHz, ${missing.toFixed(1)} MHz or ${((100 * missing) / requiredMegahertz).toFixed(0)} % too slow`,
    suggestions: [
      `run it at ${Math.floor(fmaxMegahertz)} MHz or less${target.board === null ? '' : ': spikemill board generate --clock-divide'}`,
      'try more seeds: --seeds 8',
    ],
  });
}

/** Where block RAM is plenty, a small constant memory with a register behind it need not be cells. */
function eventPlacements({ family }: Device): MemoryPlacement[] {
  if (family !== 'ecp5') return [];
  return ['u_axial_rows'].map((instance) => ({ instance, style: 'block' }));
}

async function synthesizeBuild(
  build: Build,
  target: Target,
  options: SynthesizeOptions,
  stop: AbortSignal,
): Promise<Synthesized> {
  const yosys = await findTool('yosys', stop, options.yosys);
  const memories = memoryPlanOf(build, target.device);
  const { flatten = false, narrow = false } = options;
  const placements = memories?.placements ?? (build.plan.style === 'event' ? eventPlacements(target.device) : []);
  const script = { flatten, narrow, placements };
  const { onStage = () => undefined } = options;
  const result = await synthesizeSources(yosys, target.sources, target.device, script, build.folder, stop, () =>
    onStage('synthesis'),
  );
  const family = FAMILIES[target.device.family];
  return { build, target, family, options, memories, yosys, result, netlist: readNetlist(result.netlist) };
}

interface Placed {
  readonly tools: { readonly placer: Tool; readonly packer: Tool };
  /** In the order of the seeds. */
  readonly results: readonly PlaceResult[];
}

/** Places with every seed; null if the device has no placer, or nobody wants it. */
async function placeAll(run: Synthesized, stop: AbortSignal): Promise<Placed | null> {
  const { build, target, family, options, result } = run;
  if (options.noPlace || family.placer === null || target.placerArgs === null) return null;
  const tools = {
    placer: await findTool(family.placer, stop, options.placer),
    packer: await findTool(family.placer === 'nextpnr-ice40' ? 'icepack' : 'ecppack', stop, options.placer),
  };
  const megahertz = options.megahertz ?? target.requiredMegahertz ?? AMBITION_FACTOR * target.device.clock.megahertz;
  const { top } = target.sources;
  const placeTarget = { family, top, deviceArgs: target.placerArgs, constraints: target.pins, megahertz };
  const results: PlaceResult[] = [];
  for (let seed = 1; seed <= (options.seeds ?? 1); seed++) {
    const say = (stage: string): void => options.onStage?.(`${stage}, seed ${seed}`);
    results.push(await place(tools, result, placeTarget, seed, build.folder, stop, say));
  }
  return { tools, results };
}

function bestOf(results: readonly PlaceResult[]): PlaceResult {
  const fmax = ({ report }: PlaceResult): number => report.fmaxMegahertz ?? 0;
  return results.reduce((best, next) => (fmax(next) > fmax(best) ? next : best));
}

function placementReport(run: Synthesized, { results }: Placed, best: PlaceResult): PlacementReport {
  const { build, target } = run;
  const { fmaxMegahertz: fmax, utilisation, criticalPath } = best.report;
  const acceleratorCells = acceleratorOf(treeOf(run, best.cellNames), target).placedCells ?? 0;
  const { meanCycles } = run.options;
  // the engine rests one cycle between images
  const intervalCycles = meanCycles === undefined ? timingOf(build.network, build.plan).intervalCycles : meanCycles + 1;
  const framesPerSecond = fmax === null ? null : (fmax * 1e6) / intervalCycles;
  return {
    seed: best.seed,
    seeds: results.map(({ seed, report }) => ({ seed, fmaxMegahertz: report.fmaxMegahertz })),
    fmaxMegahertz: fmax,
    acceleratorCells,
    utilisation: Object.fromEntries(Object.entries(utilisation).filter(([, { used }]) => used > 0)),
    criticalPath,
    framesPerSecond,
    framesPerSecondPerThousandCells: framesPerSecond === null ? null : (1000 * framesPerSecond) / acceleratorCells,
  };
}

function toolReports(run: Synthesized, placed: Placed | null, best: PlaceResult | null): ToolReport[] {
  const reports = [toolReport(run.yosys, run.result, run.result.isCached)];
  if (placed !== null && best !== null) reports.push(toolReport(placed.tools.placer, best, best.isCached));
  return reports;
}

function outputFiles({ result, target }: Synthesized, best: PlaceResult | null): Map<string, string> {
  const files = new Map([
    ['netlist.json', result.netlist],
    ['synthesis.log', result.log],
  ]);
  if (best === null) return files;
  const name = target.board?.name ?? target.device.name;
  const extension = basename(best.bitstream).split('.').at(-1)!;
  return files.set(`${name}.${extension}`, best.bitstream).set('place-and-route.log', best.log);
}

/** Places unless the netlist is too large already; what does not fit comes back as overflows. */
async function tryToPlace(run: Synthesized, total: CellCounts, stop: AbortSignal): Promise<Placed | Overflow[] | null> {
  if (overflowsAmong(sharesOf(total, run.target.device)).length > 0) return [];
  try {
    return await placeAll(run, stop);
  } catch (error) {
    if (error instanceof DoesNotFit) return [...error.overflows];
    throw error;
  }
}

/**
 * Synthesizes a build, places and routes it where an open placer knows the device, and packs the bitstream. Netlists and
 * placements are kept in the cache folder by the digest of everything that they depend on.
 *
 * @param build from openBuild; its warnings come back in the report.
 * @throws SpikemillError USAGE for a target that is not known; TOOL for a tool that is missing, too old, refuses, or was
 *   killed; TIMEOUT. The reason of `signal`.
 */
export async function synthesize(build: Build, options: SynthesizeOptions = {}): Promise<SynthesizeResult> {
  const target = chooseTarget(build, options);
  const { signal, release } = watchStop(options.signal, options.timeLimitSeconds);
  try {
    return await synthesizeFor(build, target, options, signal);
  } finally {
    release();
  }
}

async function synthesizeFor(
  build: Build,
  target: Target,
  options: SynthesizeOptions,
  stop: AbortSignal,
): Promise<SynthesizeResult> {
  const run = await synthesizeBuild(build, target, options, stop);
  const netlistTree = treeOf(run, null);
  const outcome = await tryToPlace(run, netlistTree.root.total, stop);
  const placed = Array.isArray(outcome) ? null : outcome;
  const best = placed === null ? null : bestOf(placed.results);
  const tree = best === null ? netlistTree : treeOf(run, best.cellNames);
  const cells = acceleratorOf(tree, target).total;
  const fit = fitReport(run, tree.root.total, Array.isArray(outcome) ? outcome : []);
  const placement = placed === null || best === null ? null : placementReport(run, placed, best);
  const timing = timingReport(run, placement?.fmaxMegahertz ?? null);
  const files = outputFiles(run, best);
  const report: SynthReport = {
    build: build.folder,
    device: target.device.name,
    board: target.board?.name ?? null,
    top: target.sources.top,
    plan: build.plan.options,
    cyclesPerImage: options.meanCycles ?? build.plan.cyclesPerImage,
    cyclesBasis: cyclesBasis(build, options),
    hierarchical: !(options.flatten ?? false),
    basis: best === null ? 'synthesized' : 'placed and routed',
    tools: toolReports(run, placed, best),
    cells,
    multiplierFree: cells.dsp === 0,
    tree: tree.root,
    unknownCells: tree.unknown,
    memories: run.memories?.memories ?? null,
    fit,
    placement,
    timing,
    outputs: [...files.keys()],
    warnings: build.warnings,
  };
  return { report, error: errorOf(run, report), files };
}

/** What the cycles of the report are. */
function cyclesBasis({ plan }: Build, { meanCycles }: SynthesizeOptions): SynthReport['cyclesBasis'] {
  if (plan.style === 'dense') return 'closed form';
  return meanCycles === undefined ? 'at most' : 'mean of images';
}

/** The first thing that is wrong with a result; null if nothing is. */
function errorOf(run: Synthesized, { fit, timing }: SynthReport): SpikemillError | null {
  if (!fit.fits) return fitError(run, fit);
  return timing !== null && !timing.met ? timingError(run, timing) : null;
}
