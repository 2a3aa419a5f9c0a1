/** Accelerators of large networks: cells by synthesis, operations per cycle by the closed form. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findDevice } from '@spikemill/constraints';
import { listLifs, type QuantizedNetwork, writeFolderAtomic } from '@spikemill/golden-model';
import {
  type DesignPlan,
  type EventPlan,
  expectedWork,
  externalTraffic,
  type FiringRates,
  generate,
  type Manifest,
  type Plan,
  type PlanOptions,
  planDesign,
  utilisationOf,
} from '@spikemill/hdl-gen';
import { findTool } from '@spikemill/synthesis';
import { FAMILIES } from '../../synthesis/src/families.js';
import { parseNetlist, topOf } from '../../synthesis/src/netlist.js';
import { plainSources } from '../../synthesis/src/sources.js';
import { countCells } from '../../synthesis/src/tree.js';
import { synthesizeSources } from '../../synthesis/src/yosys.js';
import type { MemoryPlacement } from '../../synthesis/src/yosys-script.js';

export interface EfficiencyPoint {
  readonly device: string;
  readonly plan: Partial<PlanOptions>;
}

export interface Cells {
  readonly lut: number;
  readonly ff: number;
  readonly carry: number;
  readonly blockRam: number;
  readonly largeRam: number;
  readonly parts: readonly { readonly name: string; readonly lut: number }[];
}

/** Below, a memory may be logic because of what its contents are; Yosys is quick with these anyway. */
const LARGE_BITS = 1 << 18;

/** Large memories with contents are told to be block RAM, where all but flat ones would go anyway: only those are emptied. */
function placementsOf({ memories }: Manifest): MemoryPlacement[] {
  return memories
    .filter(({ width, depth }) => width * depth > LARGE_BITS)
    .map(({ name }) => ({ instance: `u_${name.replaceAll('-', '_')}`, style: 'block' }));
}

/**
 * By Yosys, module by module, UltraScale+ also for 7 series: the logic is the same. The netlist is kept in the cache.
 *
 * @param onStart called unless the netlist is in the cache.
 * @param countsOnly see SynthesisOptions: without it, Yosys does not end for large networks.
 * @throws SpikemillError as synthesizeSources.
 */
export async function synthesizePoint(
  network: QuantizedNetwork,
  point: EfficiencyPoint,
  stop: AbortSignal = new AbortController().signal,
  onStart: () => void = () => undefined,
  countsOnly = true,
): Promise<Cells> {
  const folder = mkdtempSync(join(tmpdir(), 'spikemill-efficiency-'));
  try {
    const design = join(folder, 'design');
    const { files, manifest } = generate(network, point.plan);
    writeFolderAtomic(design, files, () => true);
    const sources = plainSources(design, manifest);
    const device = { ...findDevice('xczu9eg'), largeRam: findDevice(point.device).largeRam };
    const options = { flatten: false, placements: placementsOf(manifest), countsOnly };
    const tool = await findTool('yosys', stop, 'system');
    const result = await synthesizeSources(tool, sources, device, options, point.device, stop, onStart);
    const netlist = parseNetlist(readFileSync(result.netlist, 'utf8'), 'netlist.json');
    const { root, unknown } = countCells(netlist, topOf(netlist, sources.top), FAMILIES['xilinx-ultrascale-plus']);
    if (Object.keys(unknown).length > 0) throw new Error(Object.keys(unknown).join());
    const { lut, ff, carry, blockRam, largeRam } = root.total;
    const parts = root.children.map(({ name, total }) => ({ name, lut: total.lut })).sort((a, b) => b.lut - a.lut);
    return { lut, ff, carry, blockRam, largeRam, parts };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The same firing rate everywhere; half of the pixels' bits are ones. */
export function evenRates({ config }: QuantizedNetwork, rate: number): FiringRates {
  return {
    lifs: new Map(listLifs(config).map(({ name }) => [name, [rate]])),
    planes: Array.from({ length: 8 }, () => [0.5]),
  };
}

export interface Work {
  readonly cycles: number;
  /** Cycles that an image waits for weights, with the memory of externalTraffic; they count in the figures per cycle. */
  readonly stalls: number;
  /** Read from external memory per image. */
  readonly weightBytes: number;
  /** Additions per cycle: those that the adders do, those of spikes, those that the network defines. */
  readonly physical: number;
  readonly effective: number;
  readonly dense: number;
  readonly lanes: number | null;
  /** Cycles by layer, largest first, with what sets their pace. */
  readonly layers: readonly { readonly name: string; readonly cycles: number; readonly binding: string }[];
}

function denseWork(plan: Plan, rate: number): Work {
  const use = utilisationOf(plan);
  const { stallCycles: stalls = 0, bytesPerImage: weightBytes = 0 } = externalTraffic(plan) ?? {};
  const cycles = plan.cyclesPerImage;
  const share = cycles / (cycles + stalls);
  const [physical, dense] = [use.operationsPerCycle.physical * share, use.operationsPerCycle.dense * share];
  const layers = use.layers.map(({ name, cycles: own, binding }) => ({ name, cycles: own, binding }));
  const lanes = use.laneUtilisation * share;
  return { cycles, stalls, weightBytes, physical, effective: dense * rate, dense, lanes, layers };
}

function eventWork(network: QuantizedNetwork, plan: EventPlan, rate: number): Work {
  const perPass = expectedWork(plan, evenRates(network, rate)).passes.map(({ cycles }) => cycles);
  const cycles = perPass.reduce((sum, each) => sum + each, 0);
  const dense = plan.derived.layers.reduce((sum, { denseOperations }) => sum + denseOperations, 0) / cycles;
  const byLayer = new Map<string, number>();
  for (const [i, { layers }] of plan.passes.entries()) {
    const name = layers[0]!.name;
    byLayer.set(name, (byLayer.get(name) ?? 0) + perPass[i]!);
  }
  const layers = [...byLayer].map(([name, each]) => ({ name, cycles: each, binding: 'events or neurons' }));
  // an event is one addition in every lane with a real output: padding lanes are not told apart
  const memory = { stalls: 0, weightBytes: 0 };
  return { cycles, ...memory, physical: dense * rate, effective: dense * rate, dense, lanes: null, layers };
}

/** @param rate of spikes, 0..1. */
export function workOf(network: QuantizedNetwork, options: Partial<PlanOptions>, rate: number): Work {
  const plan: DesignPlan = planDesign(network, options);
  const work = plan.style === 'dense' ? denseWork(plan, rate) : eventWork(network, plan, rate);
  return { ...work, layers: [...work.layers].sort((a, b) => b.cycles - a.cycles) };
}
