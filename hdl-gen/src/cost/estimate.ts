/** Everything that can be said about an accelerator without building it. */
import type { Device, DeviceFamily } from '@spikemill/constraints';
import type { EnergyReport, QuantizedNetwork, RunStatistics } from '@spikemill/golden-model';
import { estimateEnergy } from '@spikemill/golden-model';
import { type ClockEstimate, estimateClock } from '../clock/clock-model.js';
import type { DesignPlan } from '../design.js';
import { type CycleSpread, type EventRun, type EventWork, mostWork } from '../event/work.js';
import { type AcceleratorCost, acceleratorCost } from './accelerator-cost.js';
import { eventRoofline, eventUtilisation } from './event-utilisation.js';
import { type Fit, fitDevice } from './fit.js';
import { listInstances } from './instances.js';
import { type MemoryReport, memoryReport } from './memories.js';
import { type LayerRoofline, rooflineOf } from './roofline.js';
import { type Timing, timingOf, withWaits } from './timing.js';
import { type Utilisation, utilisationOf } from './utilisation.js';
import {
  type ExternalTraffic,
  externalTraffic,
  type MemoryPace,
  settledStalls,
  TYPICAL_MEMORY,
} from './weight-timing.js';

export interface Speed {
  readonly megahertz: number;
  /** Images that come alone, in microseconds: from the first pixel to the last logit. */
  readonly latencyMicroseconds: number;
  /** Images back to back, with what they wait for weights of external memory. */
  readonly framesPerSecond: number;
}

export interface DeviceEstimate {
  readonly cost: AcceleratorCost;
  readonly fit: Fit;
  /** At the clock of the model or, where there is none, of the device's record, unless one is given. */
  readonly speed: Speed;
  /** How the clock is known. */
  readonly clockBasis: string;
  /** Why a clock that was given is not plausible for this plan; null: it is, or none was given. */
  readonly clockDoubt: string | null;
}

export interface Estimate {
  readonly timing: Timing;
  /** Cycles of images, where they depend on the spikes; null without a run. */
  readonly cycleSpread: CycleSpread | null;
  readonly utilisation: Utilisation;
  readonly roofline: readonly LayerRoofline[];
  readonly memory: MemoryReport;
  /** What an image reads from external memory; null if all weights are on chip. */
  readonly externalWeights: ExternalTraffic | null;
  /** By the energy model of the golden model; null without a run. */
  readonly energy: EnergyReport | null;
}

/** What depends on the style of the lanes. */
function useOf(
  network: QuantizedNetwork,
  plan: DesignPlan,
  statistics: RunStatistics | null,
  work: EventWork | null,
): Pick<Estimate, 'utilisation' | 'roofline'> {
  if (plan.style === 'dense') {
    const utilisation = utilisationOf(plan, statistics);
    return { utilisation, roofline: rooflineOf(network, plan, utilisation.layers) };
  }
  const done = work ?? mostWork(plan);
  const utilisation = eventUtilisation(plan, done, statistics);
  return { utilisation, roofline: eventRoofline(network, plan, done, utilisation.layers) };
}

/**
 * @param statistics of a run of the network: effective operations and energy depend on what spikes.
 * @param run of the same images on an event-driven plan, whose cycles depend on it, too; null: at most.
 * @param pace of external memory.
 */
export function estimate(
  network: QuantizedNetwork,
  plan: DesignPlan,
  statistics: RunStatistics | null = null,
  run: EventRun | null = null,
  pace: MemoryPace = TYPICAL_MEMORY,
): Estimate {
  return {
    timing: timingOf(network, plan, run),
    cycleSpread: run?.cycles ?? null,
    ...useOf(network, plan, statistics, run),
    memory: memoryReport(network, plan, listInstances(network, plan)),
    externalWeights: plan.style === 'dense' ? externalTraffic(plan, pace) : null,
    energy: statistics === null ? null : estimateEnergy(network, statistics),
  };
}

/**
 * @param megahertz of the clock.
 * @param waits cycles that an image waits for weights, images back to back; one that comes alone waits no longer.
 */
export function speedAt(timing: Timing, megahertz: number, waits = 0): Speed {
  const { intervalCycles } = withWaits(timing, waits);
  return {
    megahertz,
    latencyMicroseconds: (timing.latencyToLastLogit + waits) / megahertz,
    framesPerSecond: (megahertz * 1e6) / intervalCycles,
  };
}

/** Clocks beyond so many times the estimate are no longer plausible; placed designs reach 0.8 to 1.2 of it. */
const PLAUSIBLE_FACTOR = 2;

/** Why a clock is not plausible for a plan on a device; null: it is. @param expected from estimateClock() */
export function doubtClock(megahertz: number, { name }: Device, expected: ClockEstimate): string | null {
  if (megahertz <= PLAUSIBLE_FACTOR * expected.megahertz) return null;
  const [how] = expected.basis.split(/[:,]/);
  return `${megahertz} MHz is not plausible on ${name}: more than ${PLAUSIBLE_FACTOR} times the ${expected.megahertz} MHz that are estimated for this plan (${how})`;
}

/**
 * The accelerator on each of some devices, in their order. Devices of a family share one cost.
 *
 * @param pace of external memory.
 */
export function estimateDevices(
  network: QuantizedNetwork,
  plan: DesignPlan,
  devices: readonly Device[],
  megahertz?: number,
  run: EventRun | null = null,
  pace: MemoryPace = TYPICAL_MEMORY,
): DeviceEstimate[] {
  const costs = new Map<DeviceFamily, AcceleratorCost>();
  const timing = timingOf(network, plan, run);
  const waits = plan.style === 'dense' ? settledStalls(plan, pace) : 0;
  return devices.map((device) => {
    const cost = costs.get(device.family) ?? acceleratorCost(network, plan, device.family);
    costs.set(device.family, cost);
    const expected = estimateClock(network, plan, device, cost.total.lut);
    const clock = megahertz === undefined ? expected : { megahertz, basis: 'given' };
    const clockDoubt = megahertz === undefined ? null : doubtClock(megahertz, device, expected);
    const speed = speedAt(timing, clock.megahertz, waits);
    return { cost, fit: fitDevice(cost.total, device), speed, clockBasis: clock.basis, clockDoubt };
  });
}
