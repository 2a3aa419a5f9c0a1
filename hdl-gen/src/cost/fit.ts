/** Whether an accelerator fits a device, and what binds. */
import type { Device } from '@spikemill/constraints';
import type { Resources } from './resources.js';

export interface ResourceUse {
  readonly resource: string;
  readonly used: number;
  readonly available: number;
  /** used / available. */
  readonly share: number;
}

export interface Fit {
  readonly fits: boolean;
  readonly uses: readonly ResourceUse[];
  /** The resource with the largest share. */
  readonly binding: ResourceUse;
}

/** A resource of a device: how many there are, and how many a design takes. */
export interface DeviceResource {
  readonly resource: string;
  readonly available: number;
  readonly used: (cost: Resources) => number;
  /** Cells for logic: what a share of a device usually means. */
  readonly isLogic: boolean;
}

/** Block RAM, and cells or LUTs and flip-flops. */
export function deviceResources(device: Device): DeviceResource[] {
  const { luts, flipFlops, blockRam, lutRamLuts } = device;
  const resource = (name: string, available: number, used: DeviceResource['used'], isLogic = false): DeviceResource => {
    return { resource: name, available, used, isLogic };
  };
  const blocks = resource('block RAM', blockRam.count, (cost) => cost.blockRam);
  const resources = device.pairedCells
    ? [resource('logic cells', luts, (cost) => cost.lut + cost.loneFf, true), blocks]
    : [resource('LUT', luts, (cost) => cost.lut, true), resource('flip-flops', flipFlops, (cost) => cost.ff), blocks];
  if (lutRamLuts > 0) resources.push(resource('LUT as memory', lutRamLuts, (cost) => cost.lutRam));
  return resources;
}

/** What a design takes of a device. */
export function fitDevice(cost: Resources, device: Device): Fit {
  const uses = deviceResources(device).map(({ resource, available, used }): ResourceUse => {
    return { resource, used: used(cost), available, share: used(cost) / available };
  });
  const binding = uses.reduce((most, next) => (next.share > most.share ? next : most));
  return { fits: binding.share <= 1, uses, binding };
}
