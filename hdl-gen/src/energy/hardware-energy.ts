/**
 * A model of the energy of an image on the generated hardware: bits of memory that are read and written (closed forms of
 * the plan), and bits of adder results that change (counted in a simulation), each at the price of a technology.
 *
 * Adder results that are counted: the accumulators of both arrays, and the inputs of the LIFs. The adder trees of
 * lanes with several inputs, the neuron unit in front of its result, the head, clock, wires, control, leakage, input and
 * output are not: the figure compares plans and networks, and is not what a meter would show.
 */
import type { QuantizedNetwork } from '@spikemill/golden-model';
import type { DesignPlan } from '../design.js';
import { type EventWork, mostWork } from '../event/work.js';
import { eventMemoryTraffic } from './event-traffic.js';
import { type MemoryTraffic, memoryTraffic } from './memory-traffic.js';
import type { Activity, Technology } from './technology.js';

/** Picojoules per image. */
export interface HardwareEnergy {
  readonly basis: 'model';
  readonly technology: Technology;
  readonly memories: readonly (MemoryTraffic & { readonly energy: number })[];
  /** null: nothing was simulated, and `total` is of the memories alone. */
  readonly adders: { readonly bitsChanged: number; readonly images: number; readonly energy: number } | null;
  readonly total: number;
}

function addersOf({ images, toggles }: Activity, { pjPerAdderBit }: Technology): HardwareEnergy['adders'] {
  const bitsChanged = (toggles.accumulators + toggles.planeAccumulators + toggles.currents) / images;
  return { bitsChanged, images, energy: bitsChanged * pjPerAdderBit };
}

/** Of any style. @param work of the passes of an event-driven plan; null: at most. */
export function designTraffic(
  network: QuantizedNetwork,
  plan: DesignPlan,
  work: EventWork | null = null,
): MemoryTraffic[] {
  if (plan.style === 'dense') return memoryTraffic(network, plan);
  return eventMemoryTraffic(network, plan, work ?? mostWork(plan));
}

/**
 * @param activity of a simulation of this plan; null: memories alone.
 * @param work of the passes of an event-driven plan; null: at most.
 */
export function hardwareEnergy(
  network: QuantizedNetwork,
  plan: DesignPlan,
  technology: Technology,
  activity: Activity | null = null,
  work: EventWork | null = null,
): HardwareEnergy {
  const memories = designTraffic(network, plan, work).map((memory) => {
    return { ...memory, energy: (memory.read + memory.written) * technology.pjPerMemoryBit };
  });
  const adders = activity === null ? null : addersOf(activity, technology);
  const total = memories.reduce((sum, { energy }) => sum + energy, adders?.energy ?? 0);
  return { basis: 'model', technology, memories, adders, total };
}
