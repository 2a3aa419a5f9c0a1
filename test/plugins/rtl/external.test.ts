/** Weights in external memory on the command line: generate, simulate, estimate. */
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { validateJson } from '@spikemill/golden-model';
import type { ExternalTraffic, Manifest } from '@spikemill/hdl-gen';
import { readManifest } from '@spikemill/hdl-gen';
import { estimateReportSchema } from '@spikemill/plugin-estimate';
import type { VerifyResult } from '@spikemill/testbenches';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { runCli, runJson } from '../../support/cli.js';
import { newFolder } from '../../support/designs.js';
import { loadQuant, modelPath } from '../../support/references.js';
import { assertPassed } from '../../support/simulation.js';

const MODEL = modelPath('digits-tiny', 'quant-w4-ptqbc.safetensors');
const NETWORK = loadQuant('digits-tiny', 'w4-ptqbc');
const IMAGES = modelPath('digits-tiny', 'test-images.bin');
const PLAN = ['--lanes', '8', '--inputs', '8', '--weights', 'external', '--weight-bus', '128', '--token-block', 'all'];

interface Report {
  readonly externalWeights: ExternalTraffic | null;
  readonly memories: readonly { readonly name: string; readonly kind: string }[];
}

const output = newFolder();

test('generate says what is read from outside, and writes what memory must hold', async () => {
  const report = await runJson<Report>(['rtl', 'generate', MODEL, '-o', output, ...PLAN]);
  const manifest: Manifest = readManifest(output);
  const { file, bytes } = manifest.externalWeights!;
  assert.is(statSync(join(output, file)).size, bytes);
  assert.is(report.externalWeights?.bytesPerImage, bytes);
  assert.is(report.externalWeights?.readsPerTile, 1, 'each tile once per image');
  const names = report.memories.map(({ name }) => name);
  assert.ok(names.includes('weight-ring') && !names.includes('spike-weights'), names.join());
  const { stdout } = await runCli(['rtl', 'generate', MODEL, '-o', newFolder(), ...PLAN.with(-1, '8')]);
  assert.match(
    stdout,
    /outside [\d,]+ bytes of weights per image \(weights-external.bin\), each weight read \d\.\d\d times/,
  );
});

test('verify takes latency and bandwidth of the memory', async () => {
  const pace = ['--memory-latency', '50', '--memory-bandwidth', '1', '--idle', '0'];
  const args = ['verify', 'run', output, '--images', IMAGES, '--limit', '2', ...pace];
  const result = await runJson<VerifyResult>(args);
  assertPassed(result, NETWORK, 2, false);
  assert.ok(result.weightStallCycles > 0 && result.mostWeightStalls <= result.weightStallBound!);
  const { stdout } = await runCli(args);
  assert.match(stdout, /cycles waited for weights +\d+/);
  assert.match(stdout, /the most that is predicted +\d+/);
  const { stderr, exitCode } = await runCli([...args.slice(0, 5), '--simulator', 'icarus']);
  assert.is(exitCode, 2);
  assert.match(stderr, 'weights from outside and segments need Verilator');
});

test('estimate has bytes per image and per cycle, and what a slow memory costs', async () => {
  const estimate = ['estimate', output, '--device', 'xc7a35t'];
  const fast = await runJson<Report>(estimate);
  validateJson(estimateReportSchema, fast, 'report');
  assert.is(fast.externalWeights?.stallCycles, 0);
  const slow = await runJson<Report>([...estimate, '--memory-latency', '50', '--memory-bandwidth', '1']);
  assert.ok(slow.externalWeights!.stallCycles > 0);
  const { stdout, stderr } = await runCli([...estimate, '--memory-bandwidth', '1']);
  assert.match(stdout, /bytes of weights per image +[\d,]+ +external memory, each read 1\.00 times/);
  assert.match(stdout, /so that no tile waits +\d+\.\d\d/);
  assert.match(stderr, /an image waits \d+ cycles for weights/);
});

test('a search takes weights from outside, in group order, and prices what reads them', async () => {
  const folder = newFolder();
  const fit = ['--fit', 'xc7a35t', '--weights', 'external', '--weight-bus', '64', '--lanes', '12'];
  const report = await runJson<Report & { flags: string; search: { chosen: { fit: unknown }; statistics: object } }>([
    ...['rtl', 'generate', MODEL, '-o', folder, ...fit],
  ]);
  const { plan } = readManifest(folder);
  assert.equal([plan.weights, plan.weightBus, plan.loopOrder, plan.lanes], ['external', 64, 'group', 12]);
  assert.match(report.flags, '--weights external --weight-bus 64');
  const estimated = await runJson<{ fit: unknown }>(['estimate', folder, '--device', 'xc7a35t']);
  assert.equal(estimated.fit, report.search.chosen.fit);
});

test('what a memory cannot do, or a plan has no memory for, is refused', async () => {
  const estimate = ['estimate', output, '--memory-bandwidth', '17'];
  const cases: readonly (readonly [args: readonly string[], text: string | RegExp])[] = [
    [estimate, /so many bytes a cycle where: +--memory-bandwidth expected: at most 16: .* actual: +17 try:/],
    [['verify', 'run', ...estimate.slice(1), '--images', IMAGES], 'the bus cannot carry so many bytes a cycle'],
    [['verify', 'run', output, '--images', IMAGES, '--network', MODEL], 'most weights are in external memory'],
    [['estimate', MODEL, '--memory-latency', '9'], /reads no external memory where: +--memory-latency expected/],
    [['board', 'generate', output, '--board', 'icebreaker', '-o', newFolder()], 'no external memory for weights'],
  ];
  for (const [args, text] of cases) {
    const { exitCode, stderr } = await runCli(args);
    assert.is.not(exitCode, 0);
    assert.match(stderr.replaceAll(/\s*\n\s*[›»]?\s*/g, ' '), text);
  }
});

test('what cannot be is said', async () => {
  const cases: readonly (readonly [flags: readonly string[], text: string | RegExp])[] = [
    [['--weights', 'external', '--loop-order', 'token'], 'weights in external memory are read in group order'],
    [['--weights', 'external', '--weight-bus', '96'], 'Expected 64, 128, 256, 512 bits but received: 96'],
    [['--weights', 'external', '--segments', '2'], 'weights from outside are for one engine only'],
    [['--weights', 'external', '--style', 'event'], 'weights in external memory: in the dense style only'],
    [['--weight-bus', '64'], /come over a bus where: +--weight-bus .* try: +add --weights external/],
    [['--axial-inputs', '2', '--fit', 'ecp5-25f'], 'whose axial branches use one input of a lane only'],
    [['--adders', 'ternary', '--fit', 'ecp5-25f'], 'whose lanes add two terms at a time only'],
  ];
  for (const [flags, text] of cases) {
    const { exitCode, stderr } = await runCli(['rtl', 'generate', MODEL, '-o', newFolder(), ...flags]);
    assert.is.not(exitCode, 0);
    assert.match(stderr.replaceAll(/\s*\n\s*[›»]?\s*/g, ' '), text);
  }
});

test('a frame rate counts what images wait for weights, in a search and in an estimate', async () => {
  const folder = newFolder();
  const grid = ['--lanes', '24', '--inputs', '28', '--neurons', '24', '--weights', 'external', '--weight-bus', '64'];
  const fit = ['rtl', 'generate', MODEL, '-o', folder, '--fit', 'xczu9eg', '--clock', '200', ...grid, '--fps'];
  interface Found {
    readonly search: { readonly chosen: { readonly stallCycles: number; readonly framesPerSecond: number } };
  }
  const { search } = await runJson<Found>([...fit, '40000']);
  assert.ok(search.chosen.stallCycles > 0);
  const estimate = ['estimate', folder, '--device', 'xczu9eg', '--clock', '200'];
  const estimated = await runJson<Report & { framesPerSecond: number }>(estimate);
  assert.is(search.chosen.stallCycles, estimated.externalWeights!.stallCycles);
  assert.is(search.chosen.framesPerSecond, estimated.framesPerSecond);
  const slow = await runJson<{ framesPerSecond: number }>([...estimate, '--memory-bandwidth', '4']);
  assert.ok(slow.framesPerSecond < 0.7 * estimated.framesPerSecond);
  // without waiting every plan of this grid would do
  const { exitCode, stderr } = await runCli([...fit, '41000']);
  assert.is(exitCode, 5);
  assert.match(stderr, /without the limit of frames\/s: .* cycles and [\d,]+ of waiting for weights/s);
});

test.run();
