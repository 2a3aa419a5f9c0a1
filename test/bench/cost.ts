/**
 * Holds the cost formulas against Yosys on designs that they were not fitted to, drawn ones and trained ones, and writes
 * the deviations into docs/cost-model.md, beside those of the grid that `spikemill estimate calibrate` has measured.
 *
 *   npm run bench:cost [-- FAMILY...]      default: the calibrated families; up to two minutes a design
 *   npm run bench:cost -- --grid           only the grid, as measured before: nothing is synthesized, the rest stays
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { DeviceFamily } from '@spikemill/constraints';
import {
  COST_FOLDER,
  costModelOf,
  type MeasuredAccelerator,
  type MeasuredCells,
  type MeasuredInstance,
  type MeasuredResource,
  modelError,
  moduleCost,
  totalDeviation,
} from '@spikemill/hdl-gen';
import { drawDesign, findTool, holdOut, measuredGrid, measuredPath } from '@spikemill/synthesis';
import { COST_GRID, describePoint, measurePoint } from '../support/cost-grid.js';

const FAMILIES: readonly DeviceFamily[] = ['ice40', 'ecp5', 'xilinx-ultrascale-plus', 'xilinx-7series'];
const DOCUMENT = fileURLToPath(new URL('../../docs/cost-model.md', import.meta.url));
const RESOURCES: readonly MeasuredResource[] = ['lut', 'ff', 'carry', 'blockRam'];
const TITLES = ['LUT', 'FF', 'carry', 'block RAM'];
const OUTSIDE = 'outside the grid: drawn, and trained networks';
/** Drawn by numbers outside the grid: dense ones, event-driven ones from 200 on, cut ones from 300 on. */
const HELD_OUT_SEEDS = [101, 102, 103, 104, 105, 106, 201, 202, 203, 204, 301, 302];

const isGridOnly = process.argv.includes('--grid');
const wanted = process.argv.slice(2).filter((argument) => argument !== '--grid');

function percent(value: number): string {
  return `${value > 0 ? '+' : ''}${(100 * value).toFixed(1)} %`;
}

function header(name: string): string[] {
  return [`| ${[name, ...TITLES].join(' | ')} |`, `|---${'|--:'.repeat(TITLES.length)}|`];
}

/** Deviations of the totals, with what was synthesized. */
function designRow(title: string, design: MeasuredAccelerator, family: DeviceFamily): string {
  const model = costModelOf(family);
  const cells = RESOURCES.map((resource) => {
    const measured = design.reduce((sum, { cells }) => sum + cells[resource], 0);
    return `${measured}, ${percent(totalDeviation(model, design, resource))}`;
  });
  return `| ${[title, ...cells].join(' | ')} |`;
}

/** One instance over all designs of the grid, segments and styles that have it: by formula / synthesized. */
function instanceRows(designs: readonly MeasuredAccelerator[], family: DeviceFamily): string[] {
  const model = costModelOf(family);
  const groups = new Map<string, MeasuredInstance[]>();
  for (const measured of designs.flat()) {
    const { name, module } = measured.instance;
    const title = `\`${name.split('.').at(-1)}\`, ${module}`;
    groups.set(title, [...(groups.get(title) ?? []), measured]);
  }
  return [...groups].map(([title, all]) => {
    const estimated = all.map(({ instance, contents }): MeasuredCells => moduleCost(instance, model, contents));
    const cells = RESOURCES.map((resource) => {
      const a = estimated.reduce((sum, each) => sum + Math.round(each[resource]), 0);
      const b = all.reduce((sum, { cells }) => sum + cells[resource], 0);
      return a === b ? `${a} / ${b}` : `${a} / ${b}, ${percent(a / b - 1)}`;
    });
    return `| ${[title, ...cells].join(' | ')} |`;
  });
}

function errorLine(what: string, designs: readonly MeasuredAccelerator[], family: DeviceFamily): string {
  const { lut, ff, blockRam } = modelError(costModelOf(family), designs);
  const text = [`LUT ${lut.median} / ${lut.worst} %`, `FF ${ff.median} / ${ff.worst} %`];
  return `${what}, median / worst: ${text.join(', ')}, block RAM ${blockRam.median} / ${blockRam.worst} %.`;
}

/** Where a family's tables stand in the document. */
function placeOf(document: string, family: DeviceFamily): { from: number; to: number } {
  const [begin, end] = [`<!-- bench:cost ${family} -->`, `<!-- end ${family} -->`];
  const [from, to] = [document.indexOf(begin), document.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`${DOCUMENT} has no section ${begin} ... ${end}`);
  return { from: from + begin.length, to };
}

/** Lines about designs outside the grid, from their errors to the end of their table. */
function heldBefore(family: DeviceFamily): string[] {
  const document = readFileSync(DOCUMENT, 'utf8');
  const { from, to } = placeOf(document, family);
  const lines = document.slice(from, to).split('\n');
  const [first, last] = [lines.findIndex((line) => line.includes('outside of it')), lines.indexOf(header('grid')[0]!)];
  return first < 0 ? [] : lines.slice(first, last - 1);
}

async function section(family: DeviceFamily): Promise<string> {
  const stop = new AbortController().signal;
  const tool = await findTool('yosys', stop, 'system');
  const grid = measuredGrid(measuredPath(COST_FOLDER, family));
  const held: [string, MeasuredAccelerator][] = [];
  for (const seed of isGridOnly ? [] : HELD_OUT_SEEDS) {
    const [design] = await holdOut(family, [seed], tool, stop);
    held.push([`${seed}: ${drawDesign(seed).title}`, design!]);
    console.log(designRow(held.at(-1)![0], design!, family));
  }
  for (const point of isGridOnly ? [] : COST_GRID) {
    held.push([describePoint(point), await measurePoint(point, family)]);
    console.log(designRow(...held.at(-1)!, family));
  }
  const rows = (designs: readonly [string, MeasuredAccelerator][]): string[] =>
    designs.map(([title, design]) => designRow(title, design, family));
  const outside = held.map(([, design]) => design);
  const inside = grid.map(({ design }) => design);
  const heldText = [
    errorLine(`${held.length} designs outside of it`, outside, family),
    '',
    ...header(OUTSIDE),
    ...rows(held),
  ];
  return [
    `Yosys ${tool.version}. Each cell: synthesized, deviation of the formulas.`,
    '',
    errorLine(`${grid.length} designs of the grid`, inside, family),
    ...(isGridOnly ? heldBefore(family) : heldText),
    '',
    ...header('grid'),
    ...rows(grid.map(({ title, design }) => [title, design])),
    '',
    ...header('instance, summed over the grid: by formula / synthesized'),
    ...instanceRows(inside, family),
  ].join('\n');
}

/** Puts a family's tables between its markers. */
function writeSection(family: DeviceFamily, text: string): void {
  const document = readFileSync(DOCUMENT, 'utf8');
  const { from, to } = placeOf(document, family);
  writeFileSync(DOCUMENT, `${document.slice(0, from)}\n${text}\n${document.slice(to)}`);
}

for (const family of FAMILIES.filter((name) =>
  wanted.length === 0 ? costModelOf(name).error : wanted.includes(name),
)) {
  writeSection(family, await section(family));
}
