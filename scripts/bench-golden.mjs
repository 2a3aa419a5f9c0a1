/**
 * Speed of the golden model: both back-ends, and PyTorch on the same network where python3 has it. One thread each, CPU
 * time, the density of the spikes measured.
 *
 *   npm run bench:golden -- [--like NAME|FILE] [--density SHARE] [--seed N] [--repeats N] [--no-peer] [--json]
 *
 * Networks go to build/bench and are made only once for their options.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import {
  denseOperations,
  derive,
  effectiveOperations,
  foldNetwork,
  listLayers,
  loadCheckpoint,
  loadQuantized,
  openBackend,
  quantizeNetwork,
  serializeSafetensors,
  writeFileAtomic,
  writeQuantizedFile,
} from '@spikemill/golden-model';
import { execute, NO_WATCH } from '../golden-model/src/backend/wasm/execute.ts';
import { loadProgram } from '../golden-model/src/backend/wasm/load-program.ts';

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
const FOLDER = join(ROOT, 'build', 'bench');
const WEIGHT_BITS = [8, 4];
const WARM_UP = 3;

const { values: flags } = parseArgs({
  options: {
    like: { type: 'string', default: 'mlp-spe-t' },
    density: { type: 'string', default: '0.2' },
    seed: { type: 'string', default: '1' },
    repeats: { type: 'string', default: '7' },
    'no-peer': { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
  },
});
const repeats = Number(flags.repeats);

function note(text) {
  process.stderr.write(`${text}\n`);
}

function run(program, args, environment = {}) {
  return spawnSync(program, args, {
    cwd: ROOT,
    encoding: 'utf8',
    maxBuffer: 2 ** 26,
    env: { ...process.env, OPENBLAS_NUM_THREADS: '1', OMP_NUM_THREADS: '1', ...environment },
  });
}

/** Files of the network, made where they are missing. */
function prepare() {
  const name = `${flags.like.replace(/\W+/g, '-')}-${flags.density}-${flags.seed}`;
  const path = (suffix) => join(FOLDER, `${name}-${suffix}`);
  const files = { float: path('float.safetensors'), image: path('image.bin') };
  mkdirSync(FOLDER, { recursive: true });
  if (!existsSync(files.float) || !existsSync(files.image)) {
    note(`making ${files.float}`);
    const shape = ['--like', flags.like, '--density', flags.density, '--seed', flags.seed];
    const made = run(process.execPath, [
      'bin/dev.js',
      'model',
      'random',
      ...shape,
      '-o',
      files.float,
      '--write-image',
      files.image,
    ]);
    if (made.status !== 0) throw new Error(made.stderr);
  }
  const quantized = WEIGHT_BITS.map((bits) => [bits, path(`w${bits}.safetensors`)]);
  const missing = quantized.filter(([, file]) => !existsSync(file));
  if (missing.length > 0) {
    const folded = foldNetwork(loadCheckpoint(files.float).checkpoint);
    for (const [bits, file] of missing) {
      note(`making ${file}`);
      writeFileAtomic(file, serializeSafetensors(writeQuantizedFile(quantizeNetwork(folded, { weightBits: bits }))));
    }
  }
  return { ...files, quantized };
}

/** CPU seconds of the process for one call. */
function cpuSeconds(action) {
  const start = process.cpuUsage();
  action();
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1e6;
}

function summarize(times) {
  const sorted = [...times].sort((a, b) => a - b);
  return { least: sorted[0], median: sorted[Math.floor(sorted.length / 2)] };
}

/** Repeats of several actions in turn, so that all see the same load of the machine. */
function measure(actions, count) {
  const times = actions.map(() => []);
  for (let i = -WARM_UP; i < count; i++) {
    actions.forEach((action, k) => {
      const seconds = cpuSeconds(action);
      if (i >= 0) times[k].push(seconds);
    });
  }
  return times.map(summarize);
}

/** Share of the inputs that spike, over all operations but those of pixels. */
function densityOf(network, result) {
  const layers = listLayers(network.config).filter(({ kind }) => kind !== 'patch-embedding');
  const sum = (of) => layers.reduce((total, layer) => total + of(layer), 0);
  const effective = sum((layer) => effectiveOperations(layer, result.additions.get(layer.name)));
  return { density: effective / sum((layer) => denseOperations(layer, network.config)), effective };
}

/** First fuse layer alone, on both back-ends: from spikes to spikes. */
function measureFuse(network, image) {
  const layer = listLayers(network.config).find(({ kind }) => kind === 'fuse');
  const program = loadProgram(network);
  let started = 0;
  const fast = [];
  for (let i = -WARM_UP; i < repeats; i++) {
    execute(program, image, false, NO_WATCH, ({ step }) => {
      const now = performance.now();
      if (step.layer.name === layer.name && i >= 0) fast.push((now - started) / 1000);
      started = now;
    });
  }
  const slow = [];
  const done = new Error('fuse is done');
  const spec = openBackend(network, 'spec');
  for (let i = 0; i < 2; i++) {
    let previous = performance.now();
    try {
      spec.run(image, {
        observe: ({ name }) => {
          const now = performance.now();
          if (name === layer.name) slow.push((now - previous) / 1000);
          previous = now;
          if (name === layer.name) throw done;
        },
      });
    } catch (error) {
      if (error !== done) throw error;
    }
  }
  return { fast: Math.min(...fast), spec: Math.min(...slow) };
}

function measureBits(bits, file, image) {
  const network = loadQuantized(file);
  const { run: infer } = openBackend(network, 'wasm');
  const first = infer(image);
  const digest = () => {
    infer(image, {
      additions: false,
      observeBits: (_lif, packed) => createHash('sha256').update(packed).digest(),
    });
  };
  const [inference, vectors] = measure([() => infer(image, { additions: false }), digest], repeats);
  const fuse = measureFuse(network, image);
  const { density, effective } = densityOf(network, first);
  const memory = [...derive(network).weightBits.values()].reduce((sum, count) => sum + count, 0);
  return { bits, density, effective, memory, inference, vectors, fuse };
}

/** null: no PyTorch here. */
function measurePeer(float, image) {
  if (flags['no-peer']) return null;
  for (const python of [process.env.PYTHON ?? 'python3', '/usr/bin/python3']) {
    if (run(python, ['-c', 'import torch']).status !== 0) continue;
    note(`running PyTorch with ${python}`);
    const { status, stdout, stderr } = run(python, [
      'scripts/bench-golden-peer.py',
      float,
      image,
      String(Math.min(repeats, 5)),
    ]);
    if (status !== 0) throw new Error(stderr);
    return JSON.parse(stdout);
  }
  note('no python3 with torch (Debian: python3-torch, and libopenblas0-pthread for a fast one): no peer');
  return null;
}

const times = (ratio) => `${ratio.toFixed(1)} x`;
const seconds = ({ least, median }) => `${(1000 * least).toFixed(0)} / ${(1000 * median).toFixed(0)}`;

function print(results, peer) {
  console.log(`${flags.like}, one image, one thread, CPU milliseconds: least / median of ${repeats}\n`);
  if (peer !== null) {
    console.log(`PyTorch ${peer.torch}, BLAS ${peer.blas}`);
    for (const [mode, time] of Object.entries(peer.seconds)) console.log(`  ${mode.padEnd(8)} ${seconds(time)}`);
  }
  for (const { bits, density, effective, inference, vectors, fuse } of results) {
    console.log(`\nw${bits}, density ${(100 * density).toFixed(1)} %`);
    console.log(
      `  wasm               ${seconds(inference)}   ${(effective / inference.least / 1e9).toFixed(1)} G additions/s`,
    );
    console.log(
      `  with all vectors   ${seconds(vectors)}   +${(100 * (vectors.least / inference.least - 1)).toFixed(1)} %`,
    );
    console.log(
      `  fuse: spec / wasm  ${(1000 * fuse.spec).toFixed(0)} / ${(1000 * fuse.fast).toFixed(2)}   ${times(fuse.spec / fuse.fast)}`,
    );
    for (const [mode, time] of Object.entries(peer?.seconds ?? {})) {
      console.log(
        `  against ${mode.padEnd(8)}   ${times(time.least / inference.least)} (median ${times(time.median / inference.median)})`,
      );
    }
  }
}

const { float, image, quantized } = prepare();
const peer = measurePeer(float, image);
const pixels = new Uint8Array(readFileSync(image));
const results = quantized.map(([bits, file]) => measureBits(bits, file, pixels));
if (flags.json) console.log(JSON.stringify({ options: flags, peer, results }, null, 2));
else print(results, peer);
