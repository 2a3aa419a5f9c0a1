import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DEFAULT_PLAN, readManifest } from '@spikemill/hdl-gen';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type ErrorDocument, runCli, runJson } from '../../support/cli.js';
import { newFolder } from '../../support/designs.js';
import { modelPath } from '../../support/references.js';

const MODEL = modelPath('digits-tiny', 'quant-w4-ptq.safetensors');

interface GenerateReport {
  readonly output: string;
  readonly top: string;
  readonly plan: object;
  readonly passes: number;
  readonly cyclesPerImage: number;
  readonly memories: readonly { name: string; kind: string; width: number; depth: number; bits: number }[];
  readonly memoryBits: number;
}

async function fails(args: string[], exitCode: number, ...patterns: (string | RegExp)[]): Promise<void> {
  const { error } = await runJson<ErrorDocument>(['rtl', 'generate', ...args], exitCode);
  for (const pattern of patterns) assert.match(JSON.stringify(error), pattern);
}

test('the defaults, and what is said', async () => {
  const output = newFolder();
  const { exitCode, stdout } = await runCli(['rtl', 'generate', MODEL, '-o', output]);
  assert.is(exitCode, 0);
  const { cyclesPerImage, files } = readManifest(output);
  assert.match(stdout, /spike-weights +weights +\d+ +128 +[\d,]+\n/);
  assert.match(stdout, 'plan    8 lanes, 4 inputs, 4 neurons, 16 tokens at once\n');
  assert.match(stdout, `cycles  ${String(cyclesPerImage).replace(/\B(?=(\d{3})+$)/g, ',')} per image in `);
  assert.match(stdout, `Next: spikemill verify run ${output} --images IMAGES\n      spikemill estimate ${output}\n`);
  for (const file of files) assert.ok(existsSync(join(output, file)), file);
});

test('flags, then the environment, then the plan file', async () => {
  const plan = join(newFolder(), 'plan.json');
  mkdirSync(join(plan, '..'), { recursive: true });
  writeFileSync(plan, '{"lanes": 6, "inputs": 3, "neurons": 3, "tokenBlock": null}');
  const report = await runJson<GenerateReport>(
    ['rtl', 'generate', MODEL, '-o', newFolder(), '--plan', plan, '--inputs', '5', '--top', 'my_top'],
    0,
    { env: { SPIKEMILL_LANES: '9' } },
  );
  assert.equal(report.plan, { ...DEFAULT_PLAN, lanes: 9, inputs: 5, neurons: 3, tokenBlock: null });
  assert.is(report.top, 'my_top');
  assert.is(report.cyclesPerImage, readManifest(report.output).cyclesPerImage);
  assert.is(
    report.memoryBits,
    report.memories.reduce((sum, { bits }) => sum + bits, 0),
  );
  assert.equal(
    report.memories.filter(({ kind }) => kind === 'working').map(({ name }) => name),
    ['pixels', 'spikes', 'currents'],
  );
  const lanes = await runJson<GenerateReport>(['rtl', 'generate', MODEL, '-o', newFolder()], 0, {
    env: { SPIKEMILL_LANES: '9' },
  });
  assert.equal(lanes.plan, { ...DEFAULT_PLAN, lanes: 9, neurons: 3 });
});

test('the plan of a build makes the same build again, byte for byte', async () => {
  const [first, second] = [newFolder(), newFolder()];
  await runJson(['rtl', 'generate', MODEL, '-o', first, '--lanes', '3', '--token-block', 'all']);
  const network = join(first, 'network.safetensors');
  await runJson(['rtl', 'generate', network, '-o', second, '--plan', join(first, 'plan.json')]);
  const files = readdirSync(first, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  assert.ok(files.length > 30);
  for (const { parentPath, name } of files) {
    const path = join(parentPath, name);
    assert.ok(readFileSync(path).equals(readFileSync(path.replace(first, second))), path);
  }
});

test('an earlier build is replaced as a whole, foreign files are not', async () => {
  const output = newFolder();
  await runJson(['rtl', 'generate', MODEL, '-o', output, '--top', 'first']);
  await runJson(['rtl', 'generate', MODEL, '-o', output, '--top', 'second']);
  assert.not.ok(existsSync(join(output, 'first.v')));
  writeFileSync(join(output, 'notes.txt'), 'mine');
  await fails([MODEL, '-o', output], 3, 'FOREIGN_OUTPUT', 'notes.txt');
  assert.ok(existsSync(join(output, 'second.v')), 'nothing was touched');
  const folder = newFolder();
  mkdirSync(join(folder, 'rtl'), { recursive: true });
  writeFileSync(join(folder, 'rtl', 'smx_lif.v'), 'not ours without a manifest');
  await fails([MODEL, '-o', folder], 3, 'FOREIGN_OUTPUT', 'rtl/smx_lif.v');
});

test('a float checkpoint: quantize it first', async () => {
  const output = newFolder();
  await fails([modelPath('digits-tiny', 'model.safetensors'), '-o', output], 3, 'float checkpoint', 'model quantize');
  assert.not.ok(existsSync(output));
});

test('choices that cannot be', async () => {
  const output = newFolder();
  await fails([MODEL, '-o', output, '--lanes', '0'], 2, '"USAGE"', 'plan.lanes', '1 to 1024');
  await fails([MODEL, '-o', output, '--lanes', '9', '--neurons', '2'], 5, '"PLAN"', 'a divisor of 9 lanes');
  await fails([MODEL, '-o', output, '--token-block', 'some'], 2, 'token-block');
  await fails([MODEL, '-o', output, '--top', '1st'], 2, '--top');
  await fails([MODEL, '-o', output, '--plan', MODEL], 3, 'not JSON');
  await fails([MODEL], 2, 'output');
  await fails(['none.safetensors', '-o', output], 3, 'none.safetensors', 'no such file');
  assert.not.ok(existsSync(output));
});

interface FitReport extends GenerateReport {
  readonly flags: string;
  readonly search: {
    readonly chosen: {
      readonly options: object;
      readonly framesPerSecond: number;
      readonly clock: { megahertz: number };
    };
    readonly objective: string;
    readonly statistics: { readonly isProven: boolean; readonly plans: number };
  };
}

test('a plan is searched for a device, kept as a plan file, and told with what binds', async () => {
  const output = newFolder();
  const fit = ['--fit', 'ecp5-12f', '--token-block', '16'];
  const { exitCode, stdout } = await runCli(['rtl', 'generate', MODEL, '-o', output, ...fit]);
  assert.is(exitCode, 0, stdout);
  const { plan } = readManifest(output);
  assert.is(plan.tokenBlock, 16);
  assert.equal(JSON.parse(readFileSync(join(output, 'plan.json'), 'utf8')), plan);
  assert.match(
    stdout,
    `chosen  --lanes ${plan.lanes} --inputs ${plan.inputs} --neurons ${plan.neurons} --token-block 16: `,
  );
  assert.match(stdout, /best in latency on ecp5-12f; cells are analytic, not synthesized\n/);
  assert.match(stdout, /uses {4}LUT [\d,]+ of 12,144 \(9\d\.\d %\), /);
  assert.match(stdout, /binds {3}.* \d+\.\d % of the cycles, /);
  assert.match(stdout, /next {4}--lanes \d+ .* and takes LUT [\d,]+ of 12,144 \(1\d\d\.\d %\)/);
  assert.match(stdout, /search {2}\d+ of [\d,]+ plans estimated in full; bounds leave out the others: /);
});

test('a frame rate asks for the smallest plan', async () => {
  const args = ['--fit', 'ecp5-12f', '--fps', '2000', '--clock', '50', '--max-lut', '60'];
  const { search, plan, flags } = await runJson<FitReport>(['rtl', 'generate', MODEL, '-o', newFolder(), ...args]);
  assert.equal(search.chosen.options, plan);
  assert.is(search.objective, 'lut');
  assert.ok(search.chosen.framesPerSecond >= 2000);
  assert.ok(search.statistics.isProven);
  assert.match(flags, /^--lanes \d+ --inputs \d+ --neurons \d+ --token-block (\d+|all)$/);
});

test('frames/s of a search are those of estimate: by the clock model where there is one, or as assumed', async () => {
  for (const [device, basis] of [
    ['ecp5-12f', /^model, fitted to \d+ placed designs/],
    ['xc7a35t', /^assumed: /],
  ] as const) {
    const output = newFolder();
    const fit = ['--fit', device, '--token-block', '16', '--inputs', '8', '--fps', '500'];
    const { search } = await runJson<FitReport>(['rtl', 'generate', MODEL, '-o', output, ...fit]);
    const estimated = await runJson<{ framesPerSecond: number; clock: { megahertz: number; basis: string } }>([
      ...['estimate', output, '--device', device],
    ]);
    const { framesPerSecond, clock } = search.chosen;
    assert.equal([framesPerSecond, clock.megahertz], [estimated.framesPerSecond, estimated.clock.megahertz]);
    assert.match(estimated.clock.basis, basis);
  }
  const given = ['--fit', 'ecp5-12f', '--lanes', '4', '--inputs', '4', '--clock', '400'];
  const { stdout, stderr } = await runCli(['rtl', 'generate', MODEL, '-o', newFolder(), ...given]);
  assert.match(stdout, /chosen .* at 400 MHz\nclock {3}given\n/);
  assert.match(stderr.replaceAll(/\s*\n\s*[›»]?\s*/g, ' '), /400 MHz is not plausible .* for this plan \(model\)/);
});

test('lanes of tables are searched where they are asked for, and the flags say so', async () => {
  const fit = ['--fit', 'xc7a35t', '--lane', 'any', '--lanes', '8', '--token-block', 'all', '--minimize', 'lut'];
  const { search, plan, flags } = await runJson<FitReport>(['rtl', 'generate', MODEL, '-o', newFolder(), ...fit]);
  assert.equal(search.chosen.options, plan);
  assert.ok(search.statistics.isProven);
  assert.is(search.statistics.plans, 2 * 256 * 4, 'trees and tables, each with all inputs and neurons');
  const kind = (plan as { lane: string }).lane;
  assert.is(flags.endsWith('--lane table'), kind === 'table');
});

test('no plan fits: exit code 5, nothing is written, and what could be given up', async () => {
  const output = newFolder();
  const fit = ['--fit', 'ice40-up5k', '--lanes', '6', '--inputs', '2', '--fps', '100', '--clock', '20'];
  await fails(
    [MODEL, '-o', output, ...fit],
    5,
    'no plan of this network keeps to the limits on ice40-up5k',
    'at most 30 block RAM, at least 100 frames/s',
    /without the limit of block RAM: --lanes 6 --inputs 2 .* and takes block RAM \d+ of 30/,
    'not 4 times as many logic cells alone',
  );
  assert.ok(!existsSync(output));
  await fails([MODEL, '-o', output, '--fit', 'ecp5-12f', '--fps', '1000000'], 5, 'use a clock of at least 256 MHz');
  await fails([MODEL, '-o', output, '--fit', 'nothing'], 2, 'there is no record of this device');
  await fails([MODEL, '-o', output, '--fps', '10'], 2, '--fps has no effect without --fit', 'add --fit');
  await fails([MODEL, '-o', output, '--segments', 'any'], 2, '--segments any has no effect', 'add --fit DEVICE');
  await fails([MODEL, '-o', output, '--lane', 'any'], 2, '--lane any has no effect', 'add --fit DEVICE');
  await fails([MODEL, '-o', output, '--fit', 'ecp5-12f', '--max-lut', '120'], 2, 'above 0, up to 100');
});

test('what leaves a search or a plan without effect is named where it was said', async () => {
  const plan = join(newFolder(), 'plan.json');
  mkdirSync(join(plan, '..'), { recursive: true });
  writeFileSync(plan, JSON.stringify({ style: 'event', lane: 'table' }));
  const from = [MODEL, '-o', newFolder(), '--plan', plan];
  await fails(from, 5, `set style in ${plan} to dense`, `leave lane out of ${plan}`);
  writeFileSync(plan, JSON.stringify({ style: 'event' }));
  await fails(
    [...from, '--fit', 'xc7a35t', '--segments', 'any'],
    2,
    '--segments any has no effect',
    'leave style out of',
  );
  await fails([...from, '--fit', 'ecp5-12f', '--lane', 'any', '--style', 'dense'], 2, 'ecp5-12f has no LUT RAM');
  const images = modelPath('digits-tiny', 'test-images.bin');
  const dense = ['--fit', 'ecp5-12f', '--images', images, '--style', 'dense'];
  await fails([MODEL, '-o', newFolder(), ...dense], 2, '--images has no effect', 'leave out --style');
});

test.run();
