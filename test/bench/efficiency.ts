/**
 * Refreshes the tables of docs/efficiency.md: accelerators of MLP-SPE-T with 4-bit weights, weights in external memory; cells
 * by Yosys, cycles by the closed form, which the RTL's own counter equals, with the waiting for weights.
 *
 *   npm run bench:efficiency                  all cells by Yosys
 *   npm run bench:efficiency -- xc7z020       Yosys for lines that begin so, the cost model for the others
 *   npm run bench:efficiency -- none          cells by the cost model alone: a minute
 *
 * One Yosys runs after the other, 2 to 6 minutes each on an idle core, with up to 1 GB. Netlists are kept in the cache, so a
 * run that was broken off by Ctrl-C goes on where it was, and the next takes a minute.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { findDevice } from '@spikemill/constraints';
import { loadQuantized, type QuantizedNetwork } from '@spikemill/golden-model';
import { acceleratorCost, findTechnology, hardwareEnergy, planDesign } from '@spikemill/hdl-gen';
import { type Cells, type EfficiencyPoint, synthesizePoint, type Work, workOf } from '../support/efficiency.js';
import { runProgram } from '../support/programs.js';
import { ROOT } from '../support/source-tree.js';

const DOCUMENT = join(ROOT, 'docs', 'efficiency.md');
const FOLDER = join(ROOT, 'build', 'efficiency');
const MEGAHERTZ = 200;
const SHARE = 0.6;
const DENSITY = 0.1;
const REMINDER_MS = 60_000;

const EXTERNAL = { weights: 'external', weightBus: 128, tokenBlock: 128, axialInputs: 14 } as const;
/** Ternary adders, and planes on the spike array. */
const LEAN = { ...EXTERNAL, adders: 'ternary', planes: 'shared' } as const;
const WIDE = { ...LEAN, weightBus: 256 } as const;

/**
 * First the best of lanes x inputs, neurons by the cost model that stay below 60 % of the LUTs, whatever their memories take;
 * then the fastest whose memories fit, too, where that is another one. Of XC7Z020 and XCZU5EV none does.
 */
const POINTS: readonly EfficiencyPoint[] = [
  { device: 'xc7z020', plan: { ...LEAN, lanes: 13, inputs: 78, neurons: 13 } },
  { device: 'xczu5ev', plan: { ...WIDE, lanes: 52, inputs: 52, neurons: 52 } },
  { device: 'xczu9eg', plan: { ...WIDE, lanes: 52, inputs: 78, neurons: 52 } },
  { device: 'xczu7ev', plan: { ...WIDE, lanes: 52, inputs: 52, neurons: 52 } },
];

/** The line whose layers are listed. */
const DETAILED = 'xczu9eg, 52 x 78, 52, axial 14';

/** What the figures are held against. */
const GOALS = ['goal', '', '', '', '60 %', '', '', 'all', '', '', '0.15', '0.25', '', '100 (dense bound 274)', '', ''];

const wanted = process.argv.slice(2);
const stop = new AbortController();
process.once('SIGINT', () => stop.abort());

function makeNetwork(): QuantizedNetwork {
  mkdirSync(FOLDER, { recursive: true });
  const [float, quant] = [join(FOLDER, 't.safetensors'), join(FOLDER, 't4-one-digit.safetensors')];
  const cli = (...args: string[]): string => runProgram(process.execPath, [join(ROOT, 'bin/dev.js'), ...args], ROOT);
  if (!existsSync(float)) cli('model', 'random', '--like', 'mlp-spe-t', '-o', float);
  if (!existsSync(quant)) cli('model', 'quantize', float, '-o', quant, '--weight-bits', '4', '--scale-digits', '1');
  return loadQuantized(quant);
}

const count = (value: number): string => String(Math.round(value)).replace(/\B(?=(\d{3})+$)/g, ',');

/** By the formulas, which put no memory into UltraRAM. */
function formulaCells(network: QuantizedNetwork, { plan }: EfficiencyPoint): Cells {
  const { total, instances } = acceleratorCost(network, planDesign(network, plan), 'xilinx-ultrascale-plus');
  const { lut, ff, carry, blockRam } = total;
  return { lut, ff, carry, blockRam, largeRam: 0, parts: [...instances].sort((a, b) => b.lut - a.lut) };
}

/** What the memories take, and whether logic and memories fit. */
function memoryCells({ blockRam, largeRam }: Cells, device: string): { text: string; fits: boolean } {
  const part = findDevice(device);
  const large = part.largeRam?.count ?? 0;
  const text = `${count(blockRam)} of ${count(part.blockRam.count)}${large > 0 ? `, ${largeRam} of ${large} UltraRAM` : ''}`;
  return { text, fits: blockRam <= part.blockRam.count && largeRam <= large };
}

function planText({ lanes, inputs, neurons, axialInputs = 1 }: EfficiencyPoint['plan']): string {
  return `${lanes} x ${inputs}, ${neurons}, axial ${axialInputs}`;
}

const titleOf = ({ device, plan }: EfficiencyPoint): string => `${device}, ${planText(plan)}`;

function isSynthesized(point: EfficiencyPoint): boolean {
  return wanted.length === 0 || wanted.some((beginning) => titleOf(point).startsWith(beginning));
}

function row(network: QuantizedNetwork, point: EfficiencyPoint, cells: Cells, work: Work): string {
  const { device, plan } = point;
  const framesPerSecond = (MEGAHERTZ * 1e6) / (work.cycles + work.stalls + 1);
  const energy = hardwareEnergy(network, planDesign(network, plan), findTechnology('asic-45nm'));
  const memories = memoryCells(cells, device);
  return `| ${[
    device,
    planText(plan),
    String(plan.tokenBlock ?? 'all'),
    isSynthesized(point) ? 'Yosys' : 'formulas',
    `${count(cells.lut)} (${((100 * cells.lut) / findDevice(device).luts).toFixed(0)} %)`,
    `${count(cells.ff)}, ${count(cells.carry)}`,
    memories.text,
    memories.fits ? 'all' : 'LUTs alone',
    `${count(work.cycles)} + ${count(work.stalls)}`,
    `${((work.lanes ?? 0) * 100).toFixed(1)} %`,
    ...[work.physical, work.dense, work.effective].map((each) => `${count(each)}, ${(each / cells.lut).toFixed(4)}`),
    framesPerSecond.toFixed(1),
    `${((work.weightBytes * framesPerSecond) / 1e6).toFixed(0)} MB/s`,
    `${(energy.total / 1e9).toFixed(1)} mJ`,
  ].join(' | ')} |`;
}

/** Says what is going on, and that it still is. */
async function synthesized(network: QuantizedNetwork, point: EfficiencyPoint): Promise<Cells> {
  const title = titleOf(point);
  const started = performance.now();
  const seconds = (): string => ((performance.now() - started) / 1000).toFixed(0);
  const timer = setInterval(() => process.stderr.write(`${title}: ${seconds()} s\n`), REMINDER_MS);
  try {
    const cells = await synthesizePoint(network, point, stop.signal, () => process.stderr.write(`${title}: Yosys\n`));
    process.stderr.write(`${title}: ${count(cells.lut)} LUT, ${seconds()} s\n`);
    return cells;
  } finally {
    clearInterval(timer);
  }
}

function layerRows(work: Work): string[] {
  const groups = new Map<string, number>();
  for (const { name, cycles, binding } of work.layers) {
    const kind = name.replace(/\d+/g, 'N').replace('channel_mix.N.N.net.N', name.endsWith('.0') ? 'fc1' : 'fc2');
    groups.set(`${kind} | ${binding}`, (groups.get(`${kind} | ${binding}`) ?? 0) + cycles);
  }
  return [...groups]
    .sort(([, a], [, b]) => b - a)
    .map(([key, cycles]) => `| ${key} | ${count(cycles)} | ${((100 * cycles) / work.cycles).toFixed(1)} % |`);
}

async function tables(): Promise<string> {
  const network = makeNetwork();
  const rows: string[] = [];
  const details: string[] = [];
  for (const point of POINTS) {
    const { device, plan } = point;
    const cells = isSynthesized(point) ? await synthesized(network, point) : formulaCells(network, point);
    const work = workOf(network, plan, DENSITY);
    rows.push(row(network, point, cells, work));
    if (cells.lut > SHARE * findDevice(device).luts) process.stderr.write(`${device}: above ${SHARE} of the LUTs\n`);
    const parts = cells.parts.slice(0, 7).map(({ name, lut }) => `\`${name}\` ${count(lut)}`);
    details.push(`${titleOf(point)}: ${parts.join(', ')}.`, '');
    if (titleOf(point) !== DETAILED) continue;
    details.push(`| layers of ${DETAILED} | pace | cycles | share |`, '|---|---|--:|--:|', ...layerRows(work), '');
  }
  const titles = [
    ...[
      'part',
      'lanes x inputs, neurons',
      'tokens',
      'cells by',
      'LUT',
      'FF, carry',
      'block RAM',
      'fits',
      'cycles per image, waiting',
      'lane-cycles',
    ],
    ...[
      'physical SOP/cycle, per LUT',
      'dense-equivalent, per LUT',
      'effective at 10 %, per LUT',
      'frames/s at 200 MHz',
    ],
    ...['weights', 'energy of memories'],
  ];
  const head = [`| ${titles.join(' | ')} |`, `|---|---|--:|---|--:|--:|--:|---|${'--:|'.repeat(titles.length - 8)}`];
  return [...head, ...rows, `| ${GOALS.join(' | ')} |`, '', 'LUTs by part:', '', ...details].join('\n');
}

async function main(): Promise<void> {
  const table = await tables();
  const text = readFileSync(DOCUMENT, 'utf8');
  const [begin, end] = ['<!-- bench:efficiency begin -->', '<!-- bench:efficiency end -->'];
  const start = text.indexOf(begin) + begin.length;
  writeFileSync(DOCUMENT, `${text.slice(0, start)}\n${table}\n${text.slice(text.indexOf(end))}`);
}

try {
  await main();
} catch (error) {
  if (!stop.signal.aborted) throw error;
  process.stderr.write('interrupted: netlists that were finished are kept, the document is as it was\n');
  process.exitCode = 130;
}
