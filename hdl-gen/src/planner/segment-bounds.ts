/**
 * Lower bounds for plans of several segments, from those of one engine with the same grid: every segment has a sequencer, a
 * gather and a neuron unit, and all but those of patch embedding and head an array for spikes. How wide their addresses are
 * depends on the cut: they count as one bit.
 */
import { listLayers, type NetworkConfig } from '@spikemill/golden-model';
import { multiplyResources, type Resources, sumResources } from '../cost/resources.js';
import { balance, unitsOf } from '../plan/cuts.js';
import type { Grid } from '../plan/options.js';
import type { Bounds, EngineBounds, FoldCycles } from './bounds.js';
import type { CycleFigures } from './figures.js';
import { type Fold, layerFolds } from './folds.js';

/** Folds of the layers that stay together. */
function foldsOfUnits(config: NetworkConfig): (readonly Fold[])[] {
  const folds = layerFolds(config);
  return unitsOf(listLayers(config)).map(({ first, end }) => folds.slice(first, end));
}

/** Cycles of the slowest segment of the best cut; what segments hand on costs passes beside. */
function slowest(units: readonly number[], count: number): number {
  const cyclesOf = (first: number, end: number): number => units.slice(first, end).reduce((sum, each) => sum + each, 0);
  const cuts = balance(units.length, count, cyclesOf);
  return Math.max(...cuts.map((first, i) => cyclesOf(first, cuts[i + 1] ?? units.length)));
}

const GATHER_WIDTHS = {
  ...{ OuterBits: 1, InnerBits: 1, GroupBits: 1, TapABits: 1, TapBBits: 1, SliceBits: 1, IdleBits: 1 },
  ...{ RowBits: 1, WeightAddrBits: 1, SideBits: 1 },
};
const NEURON_WIDTHS = { ParamAddrBits: 1, TokenAddrBits: 1, StoreAddrBits: 1, RowBits: 1 };

/** Arrays: the first segment has the pixels, the last one the head; each may be alone in it. */
function arrayCount(name: string, count: number): number {
  return name === 'u_plane_array' ? 2 : Math.max(1, count - 2);
}

/**
 * @param one of one engine.
 * @param count of segments, at least 2.
 */
export function segmentBounds(one: EngineBounds, config: NetworkConfig, count: number): Bounds {
  const units = foldsOfUnits(config);
  const paced = (cycles: CycleFigures, cyclesOf: FoldCycles): CycleFigures => {
    const ofUnits = units.map((folds) => folds.reduce((sum, fold) => sum + cyclesOf(fold), 0));
    return { ...cycles, intervalCycles: one.interval(slowest(ofUnits, count), cyclesOf) };
  };
  const arrays = (lanes: number, inputs: number): Resources =>
    sumResources(
      ['u_spike_array', 'u_plane_array'].map((name) => {
        return multiplyResources(one.array(name, lanes, inputs), arrayCount(name, count));
      }),
    );
  /** Results of both arrays; a segment without one of them takes a bit in its place. */
  const neuronUnits = (grid: Grid): Resources[] => {
    const unit = (widths: Readonly<Record<string, number>>, times: number): Resources =>
      multiplyResources(one.instance('u_neuron_unit', { ...NEURON_WIDTHS, ...widths }, grid), times);
    const middle = count - 2;
    return middle === 0
      ? [unit({}, 1), unit({ AccBits: 1 }, 1)]
      : [unit({ AccBits: 1 }, 2), unit({ PlaneAccBits: 1 }, middle)];
  };
  const engines = (grid: Grid, open: boolean): Resources => {
    const of = (name: string, widths: Readonly<Record<string, number>>): Resources =>
      multiplyResources(one.instance(name, widths, grid), count);
    const parts = [of('u_sequencer', { PassBits: 1 }), of('u_gather', GATHER_WIDTHS)];
    // with all lanes as neurons it is largest, so that nothing is known while they are open
    return sumResources(open ? parts : [...parts, ...neuronUnits(grid)]);
  };
  const resources = (grid: Grid, open: boolean): Resources =>
    sumResources([arrays(grid.lanes, grid.inputs), engines(grid, open)]);
  return {
    ...one,
    leastCycles: (lanes, inputs, neurons) =>
      paced(one.leastCycles(lanes, inputs, neurons), one.leastFoldCycles(lanes, inputs, neurons, null)),
    openCycles: (grid, tokenBlocks) => paced(one.openCycles(grid, tokenBlocks), one.foldCycles(grid, tokenBlocks[0]!)),
    cycles: (grid, tokenBlock) => paced(one.cycles(grid, tokenBlock), one.foldCycles(grid, tokenBlock)),
    leastResources: (lanes, inputs) => arrays(lanes.from, inputs.from),
    resources: (grid, { neurons }) => resources(grid, neurons),
    resourcesOf: (grid) => resources(grid, false),
  };
}
