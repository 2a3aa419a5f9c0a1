/** Counts in sentences. */

/** `1 input`, `2 inputs`. */
export function countOf(count: number | bigint, noun: string, many = `${noun}s`): string {
  return `${count} ${Number(count) === 1 ? noun : many}`;
}
