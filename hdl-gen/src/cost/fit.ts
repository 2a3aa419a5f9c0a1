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

/** What a design takes of a device: block RAM, and cells or LUTs and flip-flops. */
export function fitDevice(cost: Resources, device: Device): Fit {
  const use = (resource: string, used: number, available: number): ResourceUse => {
    return { resource, used, available, share: used / available };
  };
  const blockRam = use('block RAM', cost.blockRam, device.blockRam.count);
  const uses = device.pairedCells
    ? [use('logic cells', cost.lut + cost.loneFf, device.luts), blockRam]
    : [use('LUT', cost.lut, device.luts), use('flip-flops', cost.ff, device.flipFlops), blockRam];
  if (device.lutRamLuts > 0) uses.push(use('LUT as memory', cost.lutRam, device.lutRamLuts));
  const binding = uses.reduce((most, next) => (next.share > most.share ? next : most));
  return { fits: binding.share <= 1, uses, binding };
}
