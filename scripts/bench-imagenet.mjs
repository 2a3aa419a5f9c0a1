/**
 * Networks of ImageNet size through the whole chain: random weights, quantized to 4 bits, traced, generated, linted,
 * estimated and simulated; every spike and every logit is compared. Refreshes the table in docs/imagenet.md.
 *
 *   npm run bench:imagenet                        MLP-SPE-T, one whole image
 *   npm run bench:imagenet -- --all               also one stage each of the larger ones
 *   npm run bench:imagenet -- --only mlp-s        one of them; mlp-spe-t-external has its weights in external memory
 *   npm run bench:imagenet -- --fresh             from the start
 *
 * After Ctrl-C the same command goes on where it was: steps that are done are not done again, and the simulation keeps
 * its state. It works in build/imagenet and holds itself to 4 GiB of memory and, for MLP-SPE-T, 10 minutes of CPU.
 */
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { childrenCpuSeconds, watchMemory } from './process-tree.mjs';

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
const FOLDER = join(ROOT, 'build', 'imagenet');
const DOCUMENT = join(ROOT, 'docs', 'imagenet.md');
const MEMORY_LIMIT = 4 * 2 ** 30;
const CPU_LIMIT_SECONDS = 600;
const GENERATE_LIMIT_SECONDS = 60;

/** Weights in external memory, each read 1.01 times an image. */
const EXTERNAL = ['--weights', 'external', '--weight-bus', '128', '--token-block', '784'];

/** Plans whose lanes divide the widths of all stages; `stage`: the only one that is simulated; `like`: of another name. */
const NETWORKS = {
  'mlp-spe-t': { lanes: 26, inputs: 16, neurons: 13 },
  'mlp-spe-t-external': { like: 'mlp-spe-t', lanes: 26, inputs: 16, neurons: 13, stage: 3, choices: EXTERNAL },
  'mlp-spe-s': { lanes: 32, inputs: 16, neurons: 16, stage: 2 },
  'mlp-spe-b': { lanes: 36, inputs: 18, neurons: 18, stage: 3 },
  'mlp-s': { lanes: 32, inputs: 16, neurons: 16, stage: 1 },
};

const { values: flags } = parseArgs({
  options: {
    all: { type: 'boolean', default: false },
    only: { type: 'string' },
    fresh: { type: 'boolean', default: false },
  },
});

function note(text) {
  process.stderr.write(`${text}\n`);
}

/** The steps of a network in order. Each leaves `output`, and is not done again while that is there. */
function stepsOf(name) {
  const { like = name, lanes, inputs, neurons, stage, choices = [] } = NETWORKS[name];
  const path = (suffix) => join(FOLDER, `${name}${suffix}`);
  const [model, float, image, trace, build] = ['.q.safetensors', '.safetensors', '.bin', '.trace', ''].map(path);
  const plan = [...['--lanes', lanes, '--inputs', inputs, '--neurons', neurons].map(String), ...choices];
  const part = stage === undefined ? [] : ['--stage', String(stage)];
  const pace = ['--idle', '0', '--stall', '0'];
  return [
    ['random', ['model', 'random', '--like', like, '-o', float, '--write-image', image], float],
    ['quantize', ['model', 'quantize', float, '-o', model, '--weight-bits', '4'], model],
    ['trace', ['model', 'trace', model, '--images', image, '-o', trace], trace],
    ['generate', ['rtl', 'generate', model, '-o', build, ...plan], join(build, 'manifest.json')],
    ['lint', ['verify', 'lint', build], null],
    ['estimate', ['estimate', build, '--device', 'xczu9eg'], null],
    [
      'simulate',
      ['verify', 'run', build, '--images', trace, ...part, ...pace, '--checkpoint', path('.checkpoint')],
      null,
    ],
  ].map(([step, args, output]) => ({ step, args, output }));
}

// ---- what is known about the steps, kept from one start of this script to the next

const recordPath = (name) => join(FOLDER, `${name}.steps.json`);

function readRecord(name) {
  return existsSync(recordPath(name)) ? JSON.parse(readFileSync(recordPath(name), 'utf8')) : {};
}

/** Adds a run of a step to what interrupted runs of it have used. */
function addRun(record, step, { cpuSeconds, peaks, sum, exitCode, stdout }) {
  const before = record[step] ?? { cpuSeconds: 0, peaks: {}, sum: 0 };
  const merged = { ...before.peaks };
  for (const [program, bytes] of Object.entries(peaks)) merged[program] = Math.max(merged[program] ?? 0, bytes);
  const isDone = exitCode === 0;
  record[step] = {
    cpuSeconds: before.cpuSeconds + cpuSeconds,
    peaks: merged,
    sum: Math.max(before.sum, sum),
    isDone,
    stdout: isDone ? stdout : '',
  };
}

// ---- running

let running = null;
let interrupted = false;
process.on('SIGINT', () => {
  interrupted = true;
  running?.kill('SIGINT');
  if (running === null) process.exit(130);
});

/** Runs the command line; progress goes to the terminal. */
async function spikemill(args) {
  note(`> spikemill ${args.join(' ')}`);
  const before = childrenCpuSeconds();
  // a process group of its own: Ctrl-C reaches it once, from here
  const child = spawn(process.execPath, [join(ROOT, 'bin', 'run.js'), ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
    // a cache of its own: compiling is a part of what is measured
    env: { ...process.env, SPIKEMILL_CACHE: join(FOLDER, 'cache') },
    detached: true,
  });
  running = child;
  let isTooLarge = false;
  const memory = watchMemory(child.pid, (bytes) => {
    if (bytes <= MEMORY_LIMIT) return;
    isTooLarge = true;
    child.kill('SIGINT');
  });
  let stdout = '';
  child.stdout.setEncoding('utf8').on('data', (text) => {
    stdout += text;
  });
  const exitCode = await new Promise((done) => child.on('close', done));
  running = null;
  const used = memory.stop();
  if (isTooLarge) throw new Error(`more than ${MEMORY_LIMIT} bytes of memory: ${JSON.stringify(used)}`);
  return { exitCode, stdout, cpuSeconds: childrenCpuSeconds() - before, ...used };
}

/** Does what is not done yet. */
async function runNetwork(name) {
  const record = readRecord(name);
  for (const { step, args, output } of stepsOf(name)) {
    const isThere = output === null || existsSync(output);
    if (record[step]?.isDone && isThere) continue;
    if (record[step]?.isDone) delete record[step];
    const run = await spikemill(args);
    addRun(record, step, run);
    writeFileSync(recordPath(name), JSON.stringify(record, null, 2));
    if (interrupted) process.exit(130);
    if (run.exitCode !== 0) throw new Error(`${step} of ${name} ended with ${run.exitCode}\n${run.stdout}`);
  }
  return record;
}

// ---- the table

const HEAD = [
  ...['network', 'plan', 'generated, CPU s', 'simulated', 'spikes equal', 'logits equal', 'cycles = closed form'],
  ...['cycles per image', 'CPU s, all steps', 'most memory'],
];

/** The number behind a name in what a command printed. */
function figure(stdout, label) {
  return new RegExp(`^${label}\\s+([\\d,.]+)`, 'm').exec(stdout)?.[1] ?? '?';
}

function describe(name, record) {
  const { lanes, inputs, neurons, stage } = NETWORKS[name];
  const { stdout } = record.simulate;
  const steps = Object.values(record);
  const cpuSeconds = steps.reduce((sum, step) => sum + step.cpuSeconds, 0);
  const largest = Math.max(...steps.map(({ sum }) => sum));
  const cycles = figure(stdout, 'cycles per image');
  if (cycles !== figure(stdout, 'closed form')) throw new Error(`cycles differ:\n${stdout}`);
  const line = [
    ...[name, `${lanes} x ${inputs}, ${neurons}`, record.generate.cpuSeconds.toFixed(1)],
    stage === undefined ? 'one image' : `stage ${stage}`,
    figure(stdout, 'spikes compared'),
    figure(stdout, 'classes and logits compared'),
    cycles,
    figure(record.generate.stdout, 'cycles'),
    cpuSeconds.toFixed(0),
    `${(largest / 2 ** 20).toFixed(0)} MiB`,
  ];
  for (const [step, { cpuSeconds: used, peaks }] of Object.entries(record)) {
    const programs = Object.entries(peaks).map(([program, bytes]) => `${program} ${(bytes / 2 ** 20).toFixed(0)}`);
    note(`${name} ${step.padEnd(9)} ${used.toFixed(1).padStart(6)} s CPU; most memory in MiB: ${programs.join(', ')}`);
  }
  note(`${name}: ${cpuSeconds.toFixed(0)} s CPU; at most ${(largest / 2 ** 20).toFixed(0)} MiB at the same time`);
  if (record.generate.cpuSeconds > GENERATE_LIMIT_SECONDS) throw new Error('generating takes too long');
  if (cpuSeconds > CPU_LIMIT_SECONDS) throw new Error(`more than ${CPU_LIMIT_SECONDS} s of CPU`);
  return `| ${line.join(' | ')} |`;
}

/** Replaces the lines of the networks that ran; the others stay. */
function writeTable(lines) {
  const [begin, end] = ['<!-- bench:imagenet begin -->\n', '<!-- bench:imagenet end -->'];
  const text = readFileSync(DOCUMENT, 'utf8');
  const table = text.slice(text.indexOf(begin) + begin.length, text.indexOf(end));
  for (const line of table.split('\n')) {
    const name = line.split(' ')[1];
    if (name in NETWORKS && !lines.has(name)) lines.set(name, line);
  }
  const rule = `|${HEAD.map((_, i) => (i < 2 || i === 3 ? '---' : '--:')).join('|')}|`;
  const rows = Object.keys(NETWORKS).flatMap((name) => lines.get(name) ?? []);
  const made = [`| ${HEAD.join(' | ')} |`, rule, ...rows].join('\n');
  writeFileSync(
    DOCUMENT,
    `${text.slice(0, text.indexOf(begin) + begin.length)}${made}\n${text.slice(text.indexOf(end))}`,
  );
}

const names = flags.only !== undefined ? [flags.only] : flags.all ? Object.keys(NETWORKS) : ['mlp-spe-t'];
mkdirSync(FOLDER, { recursive: true });
const lines = new Map();
for (const name of names) {
  if (flags.fresh) {
    rmSync(join(FOLDER, 'cache'), { recursive: true, force: true });
    for (const suffix of ['', '.q.safetensors', '.safetensors', '.bin', '.trace', '.checkpoint', '.steps.json']) {
      rmSync(join(FOLDER, `${name}${suffix}`), { recursive: true, force: true });
    }
  }
  lines.set(name, describe(name, await runNetwork(name)));
}
writeTable(lines);
