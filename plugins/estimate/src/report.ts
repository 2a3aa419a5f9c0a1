/** What `spikemill estimate --json` prints. Every part says how its figures are known. */
import type { Device } from '@spikemill/constraints';
import {
  type AcceleratorCost,
  type CycleSpread,
  type DeviceEstimate,
  type Estimate,
  type ExternalTraffic,
  type Fit,
  type HardwareEnergy,
  type LayerRoofline,
  type MemoryReport,
  type PlanOptions,
  type ResourceNode,
  resourceTree,
  type Speed,
  speedAt,
  type Timing,
  type Utilisation,
} from '@spikemill/hdl-gen';
import { formatCounted } from '@spikemill/plugin-core';

export interface DeviceRow {
  readonly name: string;
  readonly megahertz: number;
  readonly framesPerSecond: number;
  readonly lut: number;
  readonly ff: number;
  readonly blockRam: number;
  readonly fits: boolean;
  /** The resource that is used most, and its share. */
  readonly binding: { readonly resource: string; readonly share: number };
}

export interface EstimateReport {
  readonly source: string;
  readonly plan: PlanOptions;
  readonly cyclesPerImage: number;
  readonly timing: Timing;
  /** Of the images, where cycles depend on what spikes; else null. */
  readonly cycleSpread: CycleSpread | null;
  readonly device: { readonly name: string; readonly title: string; readonly family: string } | null;
  /** null: neither a clock nor a device is given. */
  readonly clock: { readonly megahertz: number; readonly basis: string } | null;
  /** What is not plausible in what was asked. */
  readonly warnings: readonly string[];
  readonly framesPerSecond: number | null;
  readonly latencyMicroseconds: number | null;
  /** Cells with how they are known, the deviations of the calibration, and the tree of what they are spent on. */
  readonly resources:
    | (Pick<AcceleratorCost, 'basis' | 'error' | 'instances'> &
        AcceleratorCost['total'] & { readonly tree: ResourceNode })
    | null;
  readonly fit: Fit | null;
  /** All known devices; only if none is named. */
  readonly devices: readonly DeviceRow[] | null;
  readonly utilisation: Utilisation;
  readonly roofline: readonly LayerRoofline[];
  readonly memory: MemoryReport;
  /** What an image reads from external memory, and what it waits there; null if all weights are on chip. */
  readonly externalWeights: ExternalTraffic | null;
  /** Picojoules per image; null without images. */
  readonly energy: {
    readonly basis: 'energy model';
    readonly total: number;
    readonly layers: readonly { readonly name: string; readonly total: number }[];
    readonly model: object;
  } | null;
  /** Picojoules per image on this hardware, by the prices of a technology. */
  readonly hardwareEnergy: HardwareEnergy;
  /** Images behind effective operations and energy. */
  readonly images: number | null;
}

export interface ReportInput {
  readonly source: string;
  readonly plan: PlanOptions;
  readonly estimate: Estimate;
  /** One if a device was named, else all. */
  readonly devices: readonly Device[];
  readonly estimates: readonly DeviceEstimate[];
  readonly isNamed: boolean;
  readonly clock: number | undefined;
  readonly images: number | null;
  readonly hardwareEnergy: HardwareEnergy;
}

function deviceRow({ name }: Device, { cost: { total }, fit, speed }: DeviceEstimate): DeviceRow {
  const { resource, share } = fit.binding;
  return {
    name,
    megahertz: speed.megahertz,
    framesPerSecond: speed.framesPerSecond,
    lut: total.lut,
    ff: total.ff,
    blockRam: total.blockRam,
    fits: fit.fits,
    binding: { resource, share },
  };
}

function clockOf(clock: number | undefined, own: DeviceEstimate | null): EstimateReport['clock'] {
  if (clock !== undefined) return { megahertz: clock, basis: 'given' };
  return own === null ? null : { megahertz: own.speed.megahertz, basis: own.clockBasis };
}

function resourcesOf(cost: AcceleratorCost): EstimateReport['resources'] {
  const { basis, error, total, instances } = cost;
  return { basis, error, ...total, instances, tree: resourceTree(cost) };
}

function warningsOf(own: DeviceEstimate | null): string[] {
  const doubt = own?.clockDoubt ?? null;
  return doubt === null ? [] : [doubt];
}

function stallWarnings(external: ExternalTraffic | null): string[] {
  if (external === null || external.stallCycles === 0) return [];
  return [`an image waits ${formatCounted(external.stallCycles, 'cycle')} for weights at this memory`];
}

export function makeReport(input: ReportInput): EstimateReport {
  const { source, plan, estimate, devices, estimates, isNamed, images } = input;
  const { timing, cycleSpread, utilisation, roofline, memory, energy, externalWeights } = estimate;
  const device = isNamed ? devices[0]! : null;
  const own = isNamed ? estimates[0]! : null;
  const clock = clockOf(input.clock, own);
  const speed: Speed | null =
    clock === null ? null : speedAt(timing, clock.megahertz, externalWeights?.stallCycles ?? 0);
  return {
    source,
    plan,
    cyclesPerImage: timing.cyclesPerImage,
    timing,
    cycleSpread,
    device: device === null ? null : { name: device.name, title: device.description, family: device.family },
    clock,
    warnings: [...warningsOf(own), ...stallWarnings(externalWeights)],
    framesPerSecond: speed?.framesPerSecond ?? null,
    latencyMicroseconds: speed?.latencyMicroseconds ?? null,
    resources: own === null ? null : resourcesOf(own.cost),
    fit: own?.fit ?? null,
    devices: isNamed ? null : devices.map((each, i) => deviceRow(each, estimates[i]!)),
    utilisation,
    roofline,
    memory,
    externalWeights,
    energy:
      energy === null
        ? null
        : {
            basis: 'energy model',
            total: energy.total,
            layers: energy.layers.map(({ name, total }) => ({ name, total })),
            model: energy.model,
          },
    hardwareEnergy: input.hardwareEnergy,
    images,
  };
}
