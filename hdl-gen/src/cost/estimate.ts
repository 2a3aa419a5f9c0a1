/** Everything that can be said about an accelerator without building it. */
import type { Device, DeviceFamily } from '@spikemill/constraints';
import type { EnergyReport, QuantizedNetwork, RunStatistics } from '@spikemill/golden-model';
import { estimateEnergy } from '@spikemill/golden-model';
import type { Plan } from '../plan/plan.js';
import { type AcceleratorCost, acceleratorCost } from './accelerator-cost.js';
import { type Fit, fitDevice } from './fit.js';
import { listInstances } from './instances.js';
import { type MemoryReport, memoryReport } from './memories.js';
import { type LayerRoofline, rooflineOf } from './roofline.js';
import { type Timing, timingOf } from './timing.js';
import { type Utilisation, utilisationOf } from './utilisation.js';

export interface Speed {
  readonly megahertz: number;
  /** Images that come alone, in microseconds: from the first pixel to the last logit. */
  readonly latencyMicroseconds: number;
  /** Images back to back. */
  readonly framesPerSecond: number;
}

export interface DeviceEstimate {
  readonly cost: AcceleratorCost;
  readonly fit: Fit;
  /** At the default clock of the device, unless one is given. */
  readonly speed: Speed;
}

export interface Estimate {
  readonly timing: Timing;
  readonly utilisation: Utilisation;
  readonly roofline: readonly LayerRoofline[];
  readonly memory: MemoryReport;
  /** By the energy model of the golden model; null without a run. */
  readonly energy: EnergyReport | null;
}

/** @param statistics of a run of the network: effective operations and energy depend on what spikes. */
export function estimate(network: QuantizedNetwork, plan: Plan, statistics: RunStatistics | null = null): Estimate {
  const utilisation = utilisationOf(plan, statistics);
  return {
    timing: timingOf(network, plan),
    utilisation,
    roofline: rooflineOf(network, plan, utilisation.layers),
    memory: memoryReport(network, plan, listInstances(network, plan)),
    energy: statistics === null ? null : estimateEnergy(network, statistics),
  };
}

/** @param megahertz of the clock. */
export function speedAt({ intervalCycles, latencyToLastLogit }: Timing, megahertz: number): Speed {
  return {
    megahertz,
    latencyMicroseconds: latencyToLastLogit / megahertz,
    framesPerSecond: (megahertz * 1e6) / intervalCycles,
  };
}

/** Clocks beyond so many times the estimate of a device are no longer plausible; placed designs reach 0.8 to 1.2 of it. */
const PLAUSIBLE_FACTOR = 2;

/** Why a clock is not plausible for a device; null: it is. */
export function doubtClock(megahertz: number, { name, clock }: Device): string | null {
  const most = PLAUSIBLE_FACTOR * clock.megahertz;
  if (megahertz <= most) return null;
  return `${megahertz} MHz is not plausible on ${name}: more than ${PLAUSIBLE_FACTOR} times the ${clock.megahertz} MHz that are estimated for it`;
}

/** The accelerator on each of some devices, in their order. Devices of a family share one cost. */
export function estimateDevices(
  network: QuantizedNetwork,
  plan: Plan,
  devices: readonly Device[],
  megahertz?: number,
): DeviceEstimate[] {
  const costs = new Map<DeviceFamily, AcceleratorCost>();
  const timing = timingOf(network, plan);
  return devices.map((device) => {
    const cost = costs.get(device.family) ?? acceleratorCost(network, plan, device.family);
    costs.set(device.family, cost);
    const speed = speedAt(timing, megahertz ?? device.clock.megahertz);
    return { cost, fit: fitDevice(cost.total, device), speed };
  });
}
