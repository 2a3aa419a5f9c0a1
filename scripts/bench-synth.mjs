/**
 * Refreshes the table of placed designs in docs/synthesis.md: generates every design, synthesizes, places and routes it,
 * and writes what came out between the markers.
 *
 *   npm run bench:synth                  all designs; those that did not change come from the cache
 *   npm run bench:synth -- hx8k up5k     only lines whose text contains a pattern; the others stay as they are
 *
 * Needs nextpnr-ice40, icepack, nextpnr-ecp5 and ecppack: spikemill doctor says how to get them.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
const DOCUMENT = join(ROOT, 'docs', 'synthesis.md');
const [BEGIN, END] = ['<!-- placed designs: begin -->', '<!-- placed designs: end -->'];

/**
 * Networks by their folder, all with 4-bit weights: after fine-tuning, or quantized here from the float network with these
 * flags.
 */
const NETWORKS = {
  'digits-tiny': { folder: 'test/models/digits-tiny' },
  'mnist-small': { folder: 'test/models/mnist-small' },
  'mnist-small-t3': {
    folder: 'test/models/mnist-small',
    quantize: ['--timesteps', '3', '--fraction-bits', '5', '--scale-bits', '2', '--scale-digits', '1'],
  },
};

/** Plans as lanes, inputs (of dense lanes), neurons, tokens in flight; dense unless said otherwise. */
const DESIGNS = [
  { network: 'digits-tiny', device: 'ice40-hx8k', plan: [4, 4, 4, 4], flags: ['--flatten'] },
  { network: 'digits-tiny', device: 'ice40-up5k', plan: [4, 4, 2, 4], flags: ['--flatten'] },
  { network: 'mnist-small', device: 'ecp5-85f', plan: [8, 12, 8, 16], flags: [] },
  {
    network: 'mnist-small',
    device: 'ecp5-85f',
    style: 'event',
    plan: [48, 1, 8, 'all'],
    flags: ['--flatten', '--narrow', '--seeds', '4', '--images', 'test/models/mnist-small/test-images.bin'],
  },
  {
    network: 'mnist-small-t3',
    device: 'ecp5-85f',
    style: 'event',
    plan: [48, 1, 8, 'all'],
    flags: ['--flatten', '--narrow', '--seeds', '4', '--images', 'test/models/mnist-small/test-images.bin'],
  },
  { network: 'mnist-small', device: 'ice40-up5k', plan: [4, 4, 2, 4], flags: [] },
];

const HEAD = [
  ...['network', 'top-1', 'device', 'plan', 'clock as placed', 'cycles per image', 'frames/s', 'cells', 'block RAM'],
  'frames/s per 1,000 cells',
];

/** Runs the command line from the sources; its JSON answer, whatever the exit code. */
function spikemill(...args) {
  console.error(`> spikemill ${args.join(' ')}`);
  const { stdout, status, error } = spawnSync(process.execPath, ['bin/dev.js', ...args, '--json'], {
    cwd: ROOT,
    encoding: 'utf8',
    maxBuffer: 1 << 28,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  if (error !== undefined) throw error;
  const answer = JSON.parse(stdout);
  // a design that does not fit is an answer, a missing tool is none
  if (status !== 0 && answer.fit === undefined)
    throw new Error(`${answer.error.message}: ${answer.error.actual ?? ''}`);
  return answer;
}

function count(value) {
  return String(Math.round(value)).replace(/\B(?=(\d{3})+$)/g, ',');
}

/** Cells of one line of the table. */
function describe({ network, device }, top1, plan, { placement, fit, cyclesPerImage, tree, error }) {
  const start = [network, top1, device, plan];
  if (placement === null) {
    const much = fit.overflows.map(
      ({ resource, used, available }) => `${resource} ${count(used)} of ${count(available)}`,
    );
    return [...start, `does not fit: ${much.join(', ')}`, count(cyclesPerImage), '-', '-', '-', '-'];
  }
  if (error !== undefined) throw new Error(error.message);
  const { fmaxMegahertz, framesPerSecond, acceleratorCells, framesPerSecondPerThousandCells } = placement;
  const figures = [framesPerSecond, acceleratorCells, tree.total.blockRam, framesPerSecondPerThousandCells].map(count);
  return [...start, `${fmaxMegahertz.toFixed(1)} MHz`, count(cyclesPerImage), ...figures];
}

/** File of the quantized network, and its top-1 on all its test images. */
function prepare(name, folder) {
  const { folder: models, quantize } = NETWORKS[name];
  const file = quantize === undefined ? join(models, 'quant-w4-qat.safetensors') : join(folder, `${name}.safetensors`);
  if (quantize !== undefined) {
    const calibration = ['--calibration', join(models, 'calib-images.bin'), '--bias-correction'];
    spikemill('model', 'quantize', join(models, 'model.safetensors'), '-o', file, ...calibration, ...quantize);
  }
  const images = ['--images', join(models, 'test-images.bin'), '--labels', join(models, 'test-labels.bin')];
  const { top1 } = spikemill('model', 'run', file, ...images);
  return { file, top1: `${(100 * top1).toFixed(2)} %` };
}

function build(design, folder) {
  const { file, top1 } = prepare(design.network, folder);
  const [lanes, inputs, neurons, tokens] = design.plan.map(String);
  const plan = ['--lanes', lanes, '--neurons', neurons, '--token-block', tokens];
  plan.push(...(design.style === undefined ? ['--inputs', inputs] : ['--style', design.style]));
  const target = join(folder, 'build');
  spikemill('rtl', 'generate', file, '-o', target, ...plan);
  const report = spikemill('synth', 'run', target, '--device', design.device, ...design.flags);
  const tools = report.tools.map(({ name, version }) => `${name} ${version}`).join(', ');
  const notes = ['flatten', 'narrow'].filter((flag) => design.flags.includes(`--${flag}`));
  const size = design.style === 'event' ? `event, ${lanes}` : `${lanes} x ${inputs}`;
  const choice = [`${size}, ${neurons}`, ...notes].join(', ');
  return { line: `| ${describe(design, top1, choice, report).join(' | ')} |`, tools };
}

/** What tells the line of a design from the others. */
function keyOf({ network, device, style }) {
  return `| ${network} ${device}${style === undefined ? '' : ` ${style}`}`;
}

/** The lines that stand there now, by key. */
function readLines(text) {
  const table = text.slice(text.indexOf(BEGIN), text.indexOf(END));
  const lines = table.split('\n').filter((line) => line.startsWith('| ') && !line.startsWith('| network'));
  return new Map(
    lines.map((line) => [
      line
        .split(' | ')
        .filter((_, i) => i === 0 || i === 2)
        .join(' ') + (line.includes('| event') ? ' event' : ''),
      line,
    ]),
  );
}

const patterns = process.argv.slice(2);
const text = readFileSync(DOCUMENT, 'utf8');
const lines = readLines(text);
const folder = mkdtempSync(join(tmpdir(), 'spikemill-bench-'));
const tools = new Set();
try {
  for (const design of DESIGNS) {
    const key = keyOf(design);
    if (patterns.length > 0 && !patterns.some((pattern) => key.includes(pattern))) continue;
    const result = build(design, folder);
    lines.set(key, result.line);
    tools.add(result.tools);
    console.error(result.line);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
const rule = `|${HEAD.map((_, i) => (i < 4 ? '---' : '---:')).join('|')}|`;
const ordered = DESIGNS.map((design) => lines.get(keyOf(design))).filter((line) => line !== undefined);
const table = [BEGIN, `| ${HEAD.join(' | ')} |`, rule, ...ordered, END].join('\n');
writeFileSync(DOCUMENT, text.slice(0, text.indexOf(BEGIN)) + table + text.slice(text.indexOf(END) + END.length));
console.error(`tools: ${[...tools].join('; ')}`);
