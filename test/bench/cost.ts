/**
 * Holds the cost formulas against Yosys on the whole grid and writes the deviations into docs/cost-model.md.
 *
 *   npm run bench:cost [-- FAMILY...]      default: all families, one to three minutes a design
 */
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { DeviceFamily } from '@spikemill/constraints';
import {
  COST_GRID,
  type Compared,
  type ComparedDesign,
  compareCost,
  describePoint,
  deviation,
  makeGridDesign,
} from '../support/cost-grid.js';
import type { Cells } from '../support/synthesis.js';

const FAMILIES: readonly DeviceFamily[] = ['ice40', 'ecp5', 'xilinx-7series', 'xilinx-ultrascale-plus'];
const DOCUMENT = fileURLToPath(new URL('../../docs/cost-model.md', import.meta.url));
const RESOURCES = ['lut', 'ff', 'carry', 'blockRam'] as const;
const TITLES = ['LUT', 'FF', 'carry', 'block RAM'];

function percent(value: number): string {
  return `${value >= 0 ? '+' : ''}${(100 * value).toFixed(1)} %`;
}

/** `4613 / 4542, +1.6 %` */
function cell(compared: Compared, resource: keyof Cells): string {
  const { estimated, synthesized } = compared;
  const figures = `${estimated[resource]} / ${synthesized[resource]}`;
  return estimated[resource] === synthesized[resource]
    ? figures
    : `${figures}, ${percent(deviation(compared, resource))}`;
}

function row(name: string, compared: Compared): string {
  return `| ${[name, ...RESOURCES.map((resource) => cell(compared, resource))].join(' | ')} |`;
}

function header(name: string): string[] {
  return [`| ${[name, ...TITLES].join(' | ')} |`, `|---${'|--:'.repeat(TITLES.length)}|`];
}

/** All instances of a name, over the whole grid, as one. */
function sumInstances(name: string, designs: readonly ComparedDesign[]): Compared {
  const all = designs.map(({ instances }) => instances.find((instance) => instance.name === name)!);
  const sum = (pick: (compared: Compared) => Cells): Cells => {
    const entries = [...RESOURCES, 'lutRam' as const].map((resource) => {
      return [resource, all.reduce((total, compared) => total + pick(compared)[resource], 0)];
    });
    return Object.fromEntries(entries);
  };
  return { name, estimated: sum(({ estimated }) => estimated), synthesized: sum(({ synthesized }) => synthesized) };
}

function section(designs: readonly ComparedDesign[]): string {
  const version = execFileSync('yosys', ['-V'], { encoding: 'utf8' }).split(' ').slice(0, 2).join(' ');
  const names = designs[0]!.instances.map(({ name }) => name);
  return [
    `${version}. Each cell: by formula / synthesized, deviation.`,
    '',
    ...header('design'),
    ...designs.map(({ total }, i) => row(describePoint(COST_GRID[i]!), total)),
    '',
    ...header('instance, summed over the designs'),
    ...names.map((name) => row(`\`${name}\``, sumInstances(name, designs))),
  ].join('\n');
}

/** Puts a family's tables between its markers. */
function writeSection(family: DeviceFamily, text: string): void {
  const [begin, end] = [`<!-- bench:cost ${family} -->`, `<!-- end ${family} -->`];
  const document = readFileSync(DOCUMENT, 'utf8');
  const [from, to] = [document.indexOf(begin), document.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`${DOCUMENT} has no section ${begin} ... ${end}`);
  writeFileSync(DOCUMENT, `${document.slice(0, from + begin.length)}\n${text}\n${document.slice(to)}`);
}

const wanted = process.argv.slice(2);
for (const family of FAMILIES.filter((name) => wanted.length === 0 || wanted.includes(name))) {
  const designs = COST_GRID.map((point) => {
    const compared = compareCost(makeGridDesign(point), family);
    console.log(`${family}  ${describePoint(point)}  LUT ${cell(compared.total, 'lut')}`);
    return compared;
  });
  writeSection(family, section(designs));
}
