/** What happened in a run over many images. */

import type { FoldedNetwork } from './folded-network.js';
import { listLayers, listLifs, tokenCount } from './layer-list.js';
import { type ImageOutcome, measureImage } from './measure-image.js';
import type { Layer, NetworkConfig } from './network.js';
import { denseOperations } from './operations.js';
import type { QuantizedNetwork } from './quantized-network.js';
import type { Range } from './range.js';
import { type LayerTotals, type RunResult, runNetwork } from './run.js';

export interface LayerStatistics {
  readonly layer: Layer;
  /** Synaptic operations per image, see DerivedLayer.denseOperations. */
  readonly denseOperations: number;
  /** Those whose input bit was set: the mean over the images. */
  readonly effectiveOperations: number;
}

export interface LifStatistics {
  readonly name: string;
  /** Spikes per neuron and timestep, 0..1. */
  readonly firingRate: number;
  /** Smallest and largest membrane after any timestep; integers in units of 2^-F. */
  readonly membrane: Range;
}

export interface RunStatistics {
  readonly images: number;
  /** Fraction of the labelled images that were classified right; null if there was no label. */
  readonly top1: number | null;
  /** In the order of execution. */
  readonly layers: readonly LayerStatistics[];
  readonly lifs: readonly LifStatistics[];
  /** Sums over all layers, per image. */
  readonly denseOperations: number;
  readonly effectiveOperations: number;
  /** Spikes per neuron and timestep over all populations. */
  readonly meanFiringRate: number;
}

/** Running sums of one LIF population. */
interface LifSums {
  spikes: number;
  min: number;
  max: number;
}

function addTotals(sums: LifSums, { spikes, membrane }: LayerTotals): void {
  sums.spikes += spikes;
  sums.min = Math.min(sums.min, membrane.min);
  sums.max = Math.max(sums.max, membrane.max);
}

/** Neuron updates of one image in one population. */
function updatesOf(config: NetworkConfig, shape: { channels: number; height: number; width: number }): number {
  return config.timesteps * tokenCount(shape) * shape.channels;
}

function summarize(
  config: NetworkConfig,
  images: number,
  hits: { labelled: number; correct: number },
  lifSums: ReadonlyMap<string, LifSums>,
  operations: ReadonlyMap<string, number>,
): RunStatistics {
  const layers = listLayers(config).map((layer) => ({
    layer,
    denseOperations: denseOperations(layer, config),
    effectiveOperations: operations.get(layer.name)! / images,
  }));
  const shapes = listLifs(config);
  const lifs = shapes.map((shape) => {
    const { spikes, min, max } = lifSums.get(shape.name)!;
    const firingRate = spikes / (images * updatesOf(config, shape));
    return { name: shape.name, firingRate, membrane: { min, max } };
  });
  const updates = shapes.reduce((sum, shape) => sum + updatesOf(config, shape), 0);
  const spikes = [...lifSums.values()].reduce((sum, lif) => sum + lif.spikes, 0);
  return {
    images,
    top1: hits.labelled === 0 ? null : hits.correct / hits.labelled,
    layers,
    lifs,
    denseOperations: layers.reduce((sum, layer) => sum + layer.denseOperations, 0),
    effectiveOperations: layers.reduce((sum, layer) => sum + layer.effectiveOperations, 0),
    meanFiringRate: spikes / (images * updates),
  };
}

/** Keeps the sums over many images. */
export interface StatisticsRun {
  /**
   * Runs the next image as the specification does.
   *
   * @param label its class; undefined if unknown.
   * @throws as runNetwork.
   */
  readonly run: (image: Uint8Array, label?: number) => RunResult;
  /** Takes in an image that ran elsewhere, on any back-end. */
  readonly add: (outcome: ImageOutcome, label?: number) => void;
  /** Over the images so far; at least one. */
  readonly summary: () => RunStatistics;
}

/**
 * Starts a run over many images, in the mode of the network (see runNetwork). The caller drives it, so that it can
 * show progress, keep what it needs of each result, or stop.
 */
export function startStatistics(network: QuantizedNetwork | FoldedNetwork): StatisticsRun {
  const { config } = network;
  const layers = listLayers(config);
  const lifSums = new Map<string, LifSums>(listLifs(config).map(({ name }) => [name, { spikes: 0, min: 0, max: 0 }]));
  const operations = new Map<string, number>(layers.map(({ name }) => [name, 0]));
  const hits = { labelled: 0, correct: 0 };
  let images = 0;
  const add = (outcome: ImageOutcome, label?: number): void => {
    for (const [lif, totals] of outcome.totals) addTotals(lifSums.get(lif)!, totals);
    layers.forEach(({ name }, i) => {
      operations.set(name, operations.get(name)! + outcome.operations[i]!);
    });
    if (label !== undefined) hits.labelled += 1;
    if (label === outcome.classIndex) hits.correct += 1;
    images += 1;
  };
  const run = (image: Uint8Array, label?: number): RunResult => {
    const { result, outcome } = measureImage(config, (pixels, options) => runNetwork(network, pixels, options), image);
    add(outcome, label);
    return result;
  };
  return { run, add, summary: () => summarize(config, images, hits, lifSums, operations) };
}
