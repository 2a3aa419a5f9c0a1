/** JSON for people and machines: indented, but lists of plain values stay on one line. */

function isPlain(value: unknown): boolean {
  return value === null || typeof value !== 'object';
}

/** As JSON.stringify with two spaces, except that `[1, 2, 3]` is not spread over lines. */
export function formatJson(value: unknown, indent = ''): string {
  const inner = `${indent}  `;
  if (Array.isArray(value)) {
    if (value.every(isPlain)) return `[${value.map((item) => JSON.stringify(item) ?? 'null').join(', ')}]`;
    return `[\n${value.map((item) => inner + formatJson(item, inner)).join(',\n')}\n${indent}]`;
  }
  if (isPlain(value)) return JSON.stringify(value) ?? 'null';
  const entries = Object.entries(value as object).filter(([, item]) => item !== undefined);
  if (entries.length === 0) return '{}';
  const lines = entries.map(([key, item]) => `${inner}${JSON.stringify(key)}: ${formatJson(item, inner)}`);
  return `{\n${lines.join(',\n')}\n${indent}}`;
}
