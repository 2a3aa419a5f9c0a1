/** Whether a netlist fits its device, before and after placement. */
import type { Device } from '@spikemill/constraints';
import type { CellCounts } from './counts.js';
import type { Overflow } from './place.js';

export interface ResourceShare {
  readonly resource: string;
  readonly used: number;
  readonly available: number;
}

/** What a netlist takes of a device, as far as the device has it. Logic cells are known only after packing. */
export function sharesOf(cells: CellCounts, device: Device): ResourceShare[] {
  const { luts, flipFlops, blockRam, largeRam, lutRamLuts } = device;
  const shares: ResourceShare[] = [
    { resource: 'LUT', used: cells.lut, available: luts },
    { resource: 'flip-flops', used: cells.ff, available: flipFlops },
    { resource: `block RAM (${blockRam.kind})`, used: cells.blockRam, available: blockRam.count },
  ];
  if (lutRamLuts > 0 || cells.lutRam > 0) {
    shares.push({ resource: 'LUT as memory', used: cells.lutRam, available: lutRamLuts });
  }
  if (largeRam !== null) shares.push({ resource: largeRam.kind, used: cells.largeRam, available: largeRam.count });
  return shares;
}

export function overflowsAmong(shares: readonly ResourceShare[]): Overflow[] {
  return shares.filter(({ used, available }) => used > available);
}

/** `block RAM: 46 of 32, 14 too many` */
export function describeOverflow({ resource, used, available }: Overflow): string {
  return `${resource}: ${used} of ${available}, ${used - available} too many`;
}
