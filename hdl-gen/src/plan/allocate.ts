/** Places buffers in one memory so that those alive at the same time do not overlap. */

/** A buffer with the layers, by index, between which it holds data: from the first write to the last read. */
export interface Buffer {
  readonly name: string;
  /** In words of the memory. */
  readonly size: number;
  readonly from: number;
  readonly to: number;
}

export interface Placement {
  /** First word of every buffer, by name. */
  readonly bases: ReadonlyMap<string, number>;
  /** Words of the memory. */
  readonly size: number;
}

/** First fit, in the order given: a buffer goes to the lowest gap between the placed ones that live while it does. */
export function allocate(buffers: readonly Buffer[]): Placement {
  const placed: (Buffer & { readonly base: number })[] = [];
  for (const buffer of buffers) {
    const neighbours = placed
      .filter((other) => other.from <= buffer.to && buffer.from <= other.to)
      .sort((a, b) => a.base - b.base);
    let base = 0;
    for (const other of neighbours) {
      if (other.base - base >= buffer.size) break;
      base = Math.max(base, other.base + other.size);
    }
    placed.push({ ...buffer, base });
  }
  return {
    bases: new Map(placed.map(({ name, base }) => [name, base])),
    size: placed.reduce((size, { base, size: words }) => Math.max(size, base + words), 0),
  };
}
