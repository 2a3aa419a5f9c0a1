/** Plain tables: a header, a rule, numbers to the right. No colours, so that they paste well. */
import Table from 'cli-table3';

export type Cell = string | number;

const NO_BORDERS = {
  top: '',
  'top-mid': '',
  'top-left': '',
  'top-right': '',
  bottom: '',
  'bottom-mid': '',
  'bottom-left': '',
  'bottom-right': '',
  left: '',
  'left-mid': '',
  mid: '',
  'mid-mid': '',
  right: '',
  'right-mid': '',
  middle: '  ',
};

/** A column whose cells are all numbers, or look like them, is set to the right. */
function alignments(columns: number, rows: readonly (readonly Cell[])[]): ('left' | 'right')[] {
  return Array.from({ length: columns }, (_, column) => {
    const isNumeric = rows.every(
      (row) => typeof row[column] === 'number' || /^[-+]?[\d.,]+( ?%)?$|^$|^-$/.test(String(row[column])),
    );
    return rows.length > 0 && isNumeric ? 'right' : 'left';
  });
}

/** Renders rows under a header; lines end without blanks. */
export function renderTable(head: readonly string[], rows: readonly (readonly Cell[])[]): string {
  const table = new Table({
    chars: NO_BORDERS,
    colAligns: alignments(head.length, rows),
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0 },
  });
  table.push([...head], ...rows.map((row) => [...row]));
  const [header = '', ...lines] = table.toString().split('\n');
  const width = Math.max(...[header, ...lines].map((line) => line.length));
  return [header, '-'.repeat(width), ...lines].map((line) => line.trimEnd()).join('\n');
}

/** `12,345`: digits in groups of three, independent of the locale. */
export function formatCount(value: number): string {
  return String(Math.round(value)).replace(/\B(?=(\d{3})+$)/g, ',');
}

/** `1 token`, `1,024 tokens`. */
export function formatCounted(value: number, noun: string, many = `${noun}s`): string {
  return `${formatCount(value)} ${Math.round(value) === 1 ? noun : many}`;
}

/** `97.78 %` of a share of 1. */
export function formatPercent(share: number, digits = 2): string {
  return `${(100 * share).toFixed(digits)} %`;
}
