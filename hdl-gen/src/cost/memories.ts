/** Bits of every memory of an accelerator, and how many of them carry something. */
import type { QuantizedNetwork } from '@spikemill/golden-model';
import { type EnginePlan, enginesOf, type PlacedBinding, type Plan } from '../plan/plan.js';
import type { ModuleInstance } from './instances.js';
import { memoriesOf } from './module-cost.js';

export interface MemoryUse {
  /** Name of the instance in the top. */
  readonly name: string;
  /** rom: filled with the design; ram: written while it runs. */
  readonly kind: 'ram' | 'rom';
  /** Equal memories beside each other. */
  readonly count: number;
  readonly depth: number;
  /** Bits of a word of one of them. */
  readonly width: number;
  readonly bits: number;
  /** Bits of weights of the network in a weight memory, the rest is padding; null for other memories. */
  readonly weightBits: number | null;
}

export interface MemoryReport {
  readonly memories: readonly MemoryUse[];
  readonly totalBits: number;
}

type WeightMemory = PlacedBinding['weights']['memory'];

/** Instances of the top that hold weights. */
const WEIGHT_MEMORIES: Readonly<Record<string, WeightMemory>> = {
  u_spike_weights: 'spike-weights',
  u_plane_weights: 'plane-weights',
  u_axial_weights: 'axial-weights',
};

/** Bits that the weights of the layers in a memory take in the width that it stores. */
function payloadBits(network: QuantizedNetwork, { bindings, formats }: EnginePlan, memory: WeightMemory): number {
  const bits = memory === 'plane-weights' ? formats.planeWeightBits : formats.weightBits;
  return bindings
    .filter(({ weights, layer }) => weights.memory === memory && layer.kind !== 'identity')
    .reduce((sum, { layer }) => sum + network.layers.get(layer.name)!.weight.length * bits, 0);
}

export function memoryReport(
  network: QuantizedNetwork,
  plan: Plan,
  instances: readonly ModuleInstance[],
): MemoryReport {
  const memories = instances.flatMap((instance) => {
    const engine = enginesOf(plan)[instance.segment ?? 0]!;
    const weights = WEIGHT_MEMORIES[instance.name.split('.').at(-1)!];
    return memoriesOf(instance).map(({ kind, count, width, depth }): MemoryUse => {
      const weightBits = weights === undefined ? null : payloadBits(network, engine, weights);
      return { name: instance.name, kind, count, depth, width, bits: count * width * depth, weightBits };
    });
  });
  return { memories, totalBits: memories.reduce((sum, { bits }) => sum + bits, 0) };
}
