/** How well the arrays are used: synaptic operations per cycle, and where the cycles of every layer go. */
import type { DerivedLayer, LayerKind, RunStatistics } from '@spikemill/golden-model';
import type { Grid } from '../plan/options.js';
import { consumerCycles, fan, operandSpan, type Pass, passCycles, type Source, tileCount } from '../plan/pass.js';
import type { Plan } from '../plan/plan.js';

/** What sets the pace of the tiles of a layer: feeding operands, or taking the results. */
export type TileBinding = 'operands' | 'neurons' | 'head';

/** Per image. All passes of the layer together. */
export interface LayerUse {
  readonly name: string;
  readonly kind: LayerKind;
  readonly cycles: number;
  /** Cycles in which operands are fed. */
  readonly operandCycles: number;
  /** Cycles between tiles in which nothing is fed, because results are still being taken. */
  readonly waitingCycles: number;
  /** Cycles around the tiles: fetch, pipeline, last results. */
  readonly overheadCycles: number;
  readonly binding: TileBinding;
  /** Lane-cycles with operands of a real output, over lanes x cycles. */
  readonly utilisation: number;
  /** Lanes that work on a real output while operands are fed; the rest is padding. */
  readonly filledLanes: number;
  /** Additions that the network defines, silent inputs and padding taps counted. */
  readonly denseOperations: number;
  /** Additions that the array makes room for while operands are fed, padding counted. */
  readonly physicalOperations: number;
  /** Additions of set inputs; null without a run. */
  readonly effectiveOperations: number | null;
}

export interface OperationsPerCycle {
  /** Adders of the spike array: lanes x inputs x T. The plane array never runs beside it. */
  readonly peak: number;
  readonly physical: number;
  readonly dense: number;
  readonly effective: number | null;
}

export interface Utilisation {
  readonly layers: readonly LayerUse[];
  /** Of an image; sums of the layers. */
  readonly denseOperations: number;
  readonly physicalOperations: number;
  readonly effectiveOperations: number | null;
  /** The same over the cycles of an image. */
  readonly operationsPerCycle: OperationsPerCycle;
  /** Lane-cycles with operands of a real output, over lanes x cycles of an image. */
  readonly laneUtilisation: number;
  /** Dense operations over what all adders could do in all cycles. */
  readonly adderUtilisation: number;
}

/** Additions that an array has room for in a cycle, by what feeds it. */
export function additionsPerCycle(source: Source, { lanes, inputs, timesteps, axialInputs }: Grid): number {
  const rooms: Readonly<Record<Source, number>> = {
    dense: lanes * inputs * timesteps,
    'lane-wise': lanes * timesteps,
    'line-wise': lanes * axialInputs * timesteps,
    pixels: lanes * inputs,
    head: lanes * inputs,
  };
  return rooms[source];
}

/** Lanes with a real output, summed over the groups of a position. */
function filledLanes({ outputs }: Pass): number {
  return outputs.reduce<number>((count, output) => count + (output === null ? 0 : 1), 0);
}

interface PassUse {
  readonly cycles: number;
  readonly operandCycles: number;
  readonly waitingCycles: number;
  readonly busyLaneCycles: number;
  readonly physicalOperations: number;
}

function passUse(pass: Pass, grid: Grid): PassUse {
  const { outer, inner } = pass.loops;
  const tiles = tileCount(pass);
  const operandCycles = tiles * fan(pass);
  return {
    cycles: passCycles(pass, grid),
    operandCycles,
    waitingCycles: operandSpan(pass, grid) - operandCycles,
    busyLaneCycles: outer * inner * filledLanes(pass) * fan(pass),
    physicalOperations: operandCycles * additionsPerCycle(pass.source, grid),
  };
}

function sum<T>(items: readonly T[], value: (item: T) => number): number {
  return items.reduce((total, item) => total + value(item), 0);
}

function bindingOf(pass: Pass, grid: Grid): TileBinding {
  if (fan(pass) >= consumerCycles(pass, grid)) return 'operands';
  return pass.source === 'head' ? 'head' : 'neurons';
}

function layerUse({ layer, denseOperations }: DerivedLayer, plan: Plan, effectiveOperations: number | null): LayerUse {
  const { grid } = plan;
  const passes = plan.passes.filter((pass) => pass.layer.name === layer.name);
  const uses = passes.map((pass) => passUse(pass, grid));
  const cycles = sum(uses, (use) => use.cycles);
  const operandCycles = sum(uses, (use) => use.operandCycles);
  const waitingCycles = sum(uses, (use) => use.waitingCycles);
  const busyLaneCycles = sum(uses, (use) => use.busyLaneCycles);
  return {
    name: layer.name,
    kind: layer.kind,
    cycles,
    operandCycles,
    waitingCycles,
    overheadCycles: cycles - operandCycles - waitingCycles,
    binding: bindingOf(passes[0]!, grid),
    utilisation: busyLaneCycles / (grid.lanes * cycles),
    filledLanes: busyLaneCycles / (grid.lanes * operandCycles),
    denseOperations,
    physicalOperations: sum(uses, (use) => use.physicalOperations),
    effectiveOperations,
  };
}

/** Share of the cycles of an image that each of the paces sets, the largest first; those that set none are left out. */
export function paceShares({ layers }: Pick<Utilisation, 'layers'>): { binding: TileBinding; share: number }[] {
  const cycles = sum(layers, (layer) => layer.cycles);
  const bindings = [...new Set(layers.map(({ binding }) => binding))];
  const shareOf = (binding: TileBinding): number => {
    const own = layers.filter((layer) => layer.binding === binding);
    return sum(own, (layer) => layer.cycles) / cycles;
  };
  return bindings.map((binding) => ({ binding, share: shareOf(binding) })).sort((a, b) => b.share - a.share);
}

/**
 * Sums of the layers.
 *
 * @param peak additions that the lanes have room for in a cycle.
 */
export function summarizeUse(layers: readonly LayerUse[], peak: number, statistics: RunStatistics | null): Utilisation {
  const cyclesPerImage = sum(layers, (layer) => layer.cycles);
  const denseOperations = sum(layers, (layer) => layer.denseOperations);
  const physicalOperations = sum(layers, (layer) => layer.physicalOperations);
  const effectiveOperations = statistics?.effectiveOperations ?? null;
  return {
    layers,
    denseOperations,
    physicalOperations,
    effectiveOperations,
    operationsPerCycle: {
      peak,
      physical: physicalOperations / cyclesPerImage,
      dense: denseOperations / cyclesPerImage,
      effective: effectiveOperations === null ? null : effectiveOperations / cyclesPerImage,
    },
    laneUtilisation: sum(layers, (layer) => layer.utilisation * layer.cycles) / cyclesPerImage,
    adderUtilisation: denseOperations / (peak * cyclesPerImage),
  };
}

/** @param statistics of a run of the network, for effective operations. */
export function utilisationOf(plan: Plan, statistics: RunStatistics | null = null): Utilisation {
  const { lanes, inputs, timesteps } = plan.grid;
  const layers = plan.derived.layers.map((derived, index) => {
    return layerUse(derived, plan, statistics?.layers[index]?.effectiveOperations ?? null);
  });
  return summarizeUse(layers, lanes * inputs * timesteps, statistics);
}
