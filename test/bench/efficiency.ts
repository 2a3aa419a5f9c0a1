/**
 * Refreshes the tables of docs/efficiency.md: accelerators of MLP-SPE-T with 4-bit weights on three parts, weights in
 * external memory; cells by Yosys, cycles by the closed form, which the RTL's own counter equals.
 *
 *   npm run bench:efficiency                  half an hour of CPU at the first time; netlists are kept in the cache
 *   npm run bench:efficiency -- xc7z020       Yosys for these parts, the cost model for the others
 *   npm run bench:efficiency -- none          cells by the cost model alone: a minute
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

const EXTERNAL = { weights: 'external', weightBus: 128, tokenBlock: null } as const;

/** The best of lanes x inputs, neurons by the cost model that stay below 60 % of the LUTs. */
const POINTS: readonly EfficiencyPoint[] = [
  { device: 'xc7z020', plan: { ...EXTERNAL, lanes: 26, inputs: 13, neurons: 13 } },
  { device: 'xczu5ev', plan: { ...EXTERNAL, lanes: 52, inputs: 26, neurons: 26 } },
  { device: 'xczu9eg', plan: { ...EXTERNAL, lanes: 104, inputs: 26, neurons: 52 } },
];

const wanted = process.argv.slice(2);
const isSynthesized = ({ device }: EfficiencyPoint): boolean => wanted.length === 0 || wanted.includes(device);

function makeNetwork(): QuantizedNetwork {
  mkdirSync(FOLDER, { recursive: true });
  const [float, quant] = [join(FOLDER, 't.safetensors'), join(FOLDER, 't4.safetensors')];
  const cli = (...args: string[]): string => runProgram(process.execPath, [join(ROOT, 'bin/dev.js'), ...args], ROOT);
  if (!existsSync(float)) cli('model', 'random', '--like', 'mlp-spe-t', '-o', float);
  if (!existsSync(quant)) cli('model', 'quantize', float, '-o', quant, '--weight-bits', '4');
  return loadQuantized(quant);
}

function formulaCells(network: QuantizedNetwork, { plan }: EfficiencyPoint): Cells {
  const { total, instances } = acceleratorCost(network, planDesign(network, plan), 'xilinx-ultrascale-plus');
  const parts = [...instances].sort((a, b) => b.lut - a.lut);
  return { lut: total.lut, ff: total.ff, blockRam: total.blockRam, largeRam: 0, parts };
}

const count = (value: number): string => String(Math.round(value)).replace(/\B(?=(\d{3})+$)/g, ',');

function row(network: QuantizedNetwork, point: EfficiencyPoint, cells: Cells, work: Work): string {
  const { device, plan } = point;
  const part = findDevice(device);
  const framesPerSecond = (MEGAHERTZ * 1e6) / (work.cycles + 1);
  const bits = [...network.layers.values()].reduce((sum, { weight }) => sum + weight.length, 0) * 4;
  const energy = hardwareEnergy(network, planDesign(network, plan), findTechnology('asic-45nm'));
  return `| ${[
    device,
    `${plan.lanes} x ${plan.inputs}, ${plan.neurons}`,
    isSynthesized(point) ? 'Yosys' : 'formulas',
    `${count(cells.lut)} (${((100 * cells.lut) / part.luts).toFixed(0)} %)`,
    count(cells.ff),
    `${count(cells.blockRam)} of ${count(part.blockRam.count)}${cells.largeRam > 0 ? `, ${cells.largeRam} UltraRAM` : ''}`,
    count(work.cycles),
    `${((work.lanes ?? 0) * 100).toFixed(1)} %`,
    ...[work.physical, work.dense].map((each) => `${count(each)}, ${(each / cells.lut).toFixed(4)}`),
    `${count(work.effective)}, ${(work.effective / cells.lut).toFixed(4)}`,
    framesPerSecond.toFixed(1),
    `${((bits / 8e6) * framesPerSecond).toFixed(0)} MB/s`,
    `${(energy.total / 1e9).toFixed(1)} mJ`,
  ].join(' | ')} |`;
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

const network = makeNetwork();
const rows: string[] = [];
const details: string[] = [];
for (const point of POINTS) {
  process.stderr.write(`${point.device}\n`);
  const cells = isSynthesized(point) ? await synthesizePoint(network, point) : formulaCells(network, point);
  const work = workOf(network, point.plan, DENSITY);
  rows.push(row(network, point, cells, work));
  if (cells.lut > SHARE * findDevice(point.device).luts) process.stderr.write(`${point.device}: above ${SHARE}\n`);
  const parts = cells.parts.slice(0, 6).map(({ name, lut }) => `\`${name}\` ${count(lut)}`);
  details.push(`${point.device}: ${parts.join(', ')}.`, '');
  if (point.device === 'xczu5ev') {
    details.push('| layers of xczu5ev | pace | cycles | share |', '|---|---|--:|--:|', ...layerRows(work), '');
  }
}
const head =
  '| part | lanes x inputs, neurons | cells by | LUT | FF | block RAM | cycles per image | lane-cycles | physical SOP/cycle, per LUT | dense-equivalent, per LUT | effective at 10 %, per LUT | frames/s at 200 MHz | weights | energy of memories |';
const table = [head, `|---|---|---|${'--:|'.repeat(11)}`, ...rows, '', 'LUTs by part:', '', ...details].join('\n');
const text = readFileSync(DOCUMENT, 'utf8');
const [begin, end] = ['<!-- bench:efficiency begin -->', '<!-- bench:efficiency end -->'];
const start = text.indexOf(begin) + begin.length;
writeFileSync(DOCUMENT, `${text.slice(0, start)}\n${table}\n${text.slice(text.indexOf(end))}`);
