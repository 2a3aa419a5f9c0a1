/** Cells of a device, as counts that add up. */

export interface Resources {
  /** Look-up tables, those that serve as memory included. */
  readonly lut: number;
  /** LUTs of `lut` that serve as memory that can be written. */
  readonly lutRam: number;
  readonly ff: number;
  /** Flip-flops of `ff` that no LUT of their own feeds. */
  readonly loneFf: number;
  readonly carry: number;
  readonly blockRam: number;
}

export const NO_RESOURCES: Resources = { lut: 0, lutRam: 0, ff: 0, loneFf: 0, carry: 0, blockRam: 0 };

const NAMES = Object.keys(NO_RESOURCES) as (keyof Resources)[];

/** Sum of all parts, or of `count` times one part. */
export function sumResources(parts: Iterable<Resources>): Resources {
  const sum: Record<keyof Resources, number> = { ...NO_RESOURCES };
  for (const part of parts) for (const name of NAMES) sum[name] += part[name];
  return sum;
}

export function subtractResources(whole: Resources, part: Resources): Resources {
  return Object.fromEntries(NAMES.map((name) => [name, whole[name] - part[name]])) as Record<keyof Resources, number>;
}

export function multiplyResources(part: Resources, count: number): Resources {
  const entries = NAMES.map((name) => [name, part[name] * count]);
  return Object.fromEntries(entries) as Record<keyof Resources, number>;
}
