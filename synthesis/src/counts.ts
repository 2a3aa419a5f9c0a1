/** Cells of a device as counts that add up. */

export interface CellCounts {
  /** Look-up tables, those that carry logic or serve as memory included. */
  readonly lut: number;
  /** LUTs of `lut` that serve as memory. */
  readonly lutRam: number;
  readonly ff: number;
  /** Carry cells as the vendor counts them. */
  readonly carry: number;
  /** Block memories in the unit of the device record. */
  readonly blockRam: number;
  /** Single-port RAM of UltraPlus, UltraRAM. */
  readonly largeRam: number;
  readonly dsp: number;
}

export const NO_CELLS: CellCounts = { lut: 0, lutRam: 0, ff: 0, carry: 0, blockRam: 0, largeRam: 0, dsp: 0 };

const NAMES = Object.keys(NO_CELLS) as (keyof CellCounts)[];

export function addCells(a: CellCounts, b: CellCounts): CellCounts {
  return Object.fromEntries(NAMES.map((name) => [name, a[name] + b[name]])) as Record<keyof CellCounts, number>;
}

export function multiplyCells(cells: CellCounts, factor: number): CellCounts {
  return Object.fromEntries(NAMES.map((name) => [name, cells[name] * factor])) as Record<keyof CellCounts, number>;
}
