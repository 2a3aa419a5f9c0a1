/** Bits of every memory of an accelerator, and how many of them carry something. */
import type { QuantizedNetwork } from '@spikemill/golden-model';
import type { DesignPlan } from '../design.js';
import type { EventPlan } from '../event/plan.js';
import { type EnginePlan, enginesOf, type PlacedBinding } from '../plan/plan.js';
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
    .reduce((sum, { layer, weights }) => {
      const digits = 'digits' in weights ? (weights.digits ?? 1) : 1;
      return sum + network.layers.get(layer.name)!.weight.length * digits * bits;
    }, 0);
}

/** Weights of the rows of an event-driven plan; those of patch embedding and head lie there as digits. */
function eventPayloadBits(network: QuantizedNetwork, { bindings, formats }: EventPlan, memory: string): number {
  const layers = bindings.filter(({ weights }) => weights.memory === memory).flatMap(({ layers: own }) => own);
  return [...new Set(layers)]
    .filter(({ kind }) => kind !== 'identity')
    .reduce((sum, { name, kind }) => {
      const isWide = kind === 'patch-embedding' || kind === 'head';
      return sum + network.layers.get(name)!.weight.length * (isWide ? WIDE_WEIGHT_BITS : formats.weightBits);
    }, 0);
}

const WIDE_WEIGHT_BITS = 8;
const EVENT_ROWS = 'u_event_rows_';

/** Bits of weights in an instance, whose memory has `bits`; null: it holds none. */
function weightBitsOf(
  network: QuantizedNetwork,
  plan: DesignPlan,
  { name, segment }: ModuleInstance,
  bits: number,
): number | null {
  const plain = name.split('.').at(-1)!;
  if (plan.style === 'dense') {
    const weights = WEIGHT_MEMORIES[plain];
    return weights === undefined ? null : payloadBits(network, enginesOf(plan)[segment ?? 0]!, weights);
  }
  if (plain === 'u_axial_rows') return eventPayloadBits(network, plan, 'axial-rows');
  if (!plain.startsWith(EVENT_ROWS)) return null;
  // banks share the weights by their sizes
  const all = plan.depths['event-rows'] * plan.grid.lanes * plan.formats.weightBits;
  return Math.round((eventPayloadBits(network, plan, 'event-rows') * bits) / all);
}

export function memoryReport(
  network: QuantizedNetwork,
  plan: DesignPlan,
  instances: readonly ModuleInstance[],
): MemoryReport {
  const memories = instances.flatMap((instance) =>
    memoriesOf(instance).map(({ kind, count, width, depth }): MemoryUse => {
      const bits = count * width * depth;
      const weightBits = weightBitsOf(network, plan, instance, bits);
      return { name: instance.name, kind, count, depth, width, bits, weightBits };
    }),
  );
  return { memories, totalBits: memories.reduce((sum, { bits }) => sum + bits, 0) };
}
