import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { listDevices } from '@spikemill/constraints';
import { validateJson } from '@spikemill/golden-model';
import { plan, planDigest } from '@spikemill/hdl-gen';
import { estimateReportSchema } from '@spikemill/plugin-estimate';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type CliOptions, type ErrorDocument, runCli, runJson } from '../../support/cli.js';
import { makeDesign } from '../../support/designs.js';
import { loadQuant, modelPath } from '../../support/references.js';
import { makeTemporaryFolder } from '../../support/temporary-folder.js';

const MODEL = modelPath('digits-tiny', 'quant-w4-ptqbc.safetensors');
const IMAGES = modelPath('digits-tiny', 'test-images.bin');
const NETWORK = loadQuant('digits-tiny', 'w4-ptqbc');
const ROOT = makeTemporaryFolder();
const ACTIVITY_OF_ANOTHER_KIND = { images: 2, planDigest: 'none', toggles: null };

/** Every report is as its schema says. */
async function estimate(args: readonly string[], exitCode = 0, options: CliOptions = {}): Promise<Report> {
  const report = await runJson<Report>(['estimate', ...args], exitCode, options);
  validateJson(estimateReportSchema, report, 'report');
  return report;
}

interface Report {
  readonly cyclesPerImage: number;
  readonly plan: object;
  readonly device: { readonly name: string } | null;
  readonly devices: readonly { readonly name: string; readonly fits: boolean }[] | null;
  readonly warnings: readonly string[];
  readonly clock: { readonly megahertz: number; readonly basis: string } | null;
  readonly framesPerSecond: number | null;
  readonly timing: { readonly basis: string; readonly intervalCycles: number };
  readonly cycleSpread: {
    readonly images: number;
    readonly mean: number;
    readonly min: number;
    readonly max: number;
  } | null;
  readonly resources: {
    readonly basis: string;
    readonly lut: number;
    readonly ff: number;
    readonly blockRam: number;
    readonly instances: readonly { readonly name: string; readonly lut: number }[];
  } | null;
  readonly fit: { readonly fits: boolean; readonly binding: { readonly resource: string } } | null;
  readonly utilisation: { readonly effectiveOperations: number | null };
  readonly energy: { readonly total: number } | null;
}

test('a model is planned with the flags', async () => {
  const report = await estimate([MODEL, '--lanes', '12', '--neurons', '3', '--token-block', 'all']);
  const planned = plan(NETWORK, { lanes: 12, neurons: 3, tokenBlock: null });
  assert.equal(report.plan, planned.options);
  assert.is(report.cyclesPerImage, planned.cyclesPerImage);
});

test('without a device all of them are compared, and there is no clock', async () => {
  const report = await estimate([MODEL]);
  assert.equal(
    report.devices?.map(({ name }) => name),
    listDevices().map(({ name }) => name),
  );
  assert.is(report.clock, null);
  assert.is(report.framesPerSecond, null);
  assert.is(report.resources, null);
  assert.is(report.energy, null);
  assert.is(report.utilisation.effectiveOperations, null);
});

test('a device brings cells of every instance, fit and a clock', async () => {
  const report = await estimate([MODEL, '--device', 'ecp5-25f']);
  assert.is(report.device?.name, 'ecp5-25f');
  assert.is(report.devices, null);
  assert.is(report.fit?.fits, true);
  assert.is(report.resources?.basis, 'analytic');
  const sum = report.resources?.instances.reduce((total, { lut }) => total + lut, 0);
  assert.is(sum, report.resources?.lut);
  assert.match(report.clock!.basis, /^(assumed: |model, fitted to \d+ placed designs)/);
  assert.is(report.framesPerSecond, (report.clock!.megahertz * 1e6) / report.timing.intervalCycles);
});

test('what a simulation counted is in the energy of the adders', async () => {
  const file = join(ROOT, 'activity.json');
  const toggles = { accumulators: 100, planeAccumulators: 50, weights: 0, planeWeights: 0, spikes: 0, currents: 50 };
  writeFileSync(file, JSON.stringify({ images: 2, planDigest: planDigest(NETWORK, plan(NETWORK).options), toggles }));
  const args = ['estimate', MODEL, '--technology', 'fpga-scaled', '--activity', file];
  const { stdout } = await runCli(args);
  assert.match(stdout, /^adders +100 +0\.0$/m);
  assert.match(stdout, 'Energy is a model (fpga-scaled), not a measurement.');
  const { error } = await runJson<ErrorDocument>([...args, '--lanes', '6'], 2);
  assert.match(error.message, 'another network or plan');
  writeFileSync(file, JSON.stringify({ ...ACTIVITY_OF_ANOTHER_KIND, classes: Array.from({ length: 1000 }, () => 0) }));
  const { error: kind } = await runJson<ErrorDocument>(args, 3);
  assert.equal([kind.message, kind.actual], ['no toggles were counted in this file', 'a run without --toggles']);
  assert.match(kind.suggestions.join(), 'leave out --activity');
});

test('a clock that is given goes before that of the device', async () => {
  const report = await estimate([MODEL, '--device', 'xc7a35t', '--clock', '12.5']);
  assert.equal(report.clock, { megahertz: 12.5, basis: 'given' });
  assert.equal(report.warnings, []);
  assert.is(report.framesPerSecond, 12.5e6 / report.timing.intervalCycles);
});

test('images bring effective operations and energy', async () => {
  const report = await estimate([MODEL, '--images', IMAGES, '--limit', '2']);
  assert.ok(report.utilisation.effectiveOperations! > 0);
  assert.ok(report.energy!.total > 0);
});

test('event-driven lanes: at most without images, and what the images take with them', async () => {
  const args = [MODEL, '--style', 'event', '--lanes', '24', '--device', 'ecp5-25f'];
  const most = await estimate(args);
  assert.is(most.timing.basis, 'closed form, at most');
  assert.is(most.cycleSpread, null);
  const run = await estimate([...args, '--images', IMAGES, '--limit', '3']);
  assert.is(run.timing.basis, 'golden model, mean');
  const { images, mean, min, max } = run.cycleSpread!;
  assert.is(images, 3);
  assert.ok(min <= mean && mean <= max && max < most.cyclesPerImage);
  assert.ok(Math.abs(run.cyclesPerImage - mean) < 1e-6);
  assert.ok(run.framesPerSecond! > most.framesPerSecond!);
  assert.is(run.resources!.lut, most.resources!.lut);
  const { stdout } = await runCli(['estimate', ...args, '--images', IMAGES, '--limit', '2']);
  assert.match(stdout, /^24 event-driven lanes, 4 neurons/m);
  assert.match(stdout, /least, most +[\d,]+, [\d,]+ +of 2 images/);
});

test('a build is estimated with its own plan, unless a flag says otherwise', async () => {
  const { folder, manifest } = makeDesign(NETWORK, { lanes: 6, inputs: 2, tokenBlock: 5 });
  const own = await estimate([folder]);
  assert.is(own.cyclesPerImage, manifest.cyclesPerImage);
  assert.equal(own.plan, manifest.plan);
  // a default for new designs is no word about this one
  const withDefault = await estimate([folder], 0, { env: { SPIKEMILL_LANES: '4' } });
  assert.equal(withDefault.plan, manifest.plan);
  const flagged = await estimate([folder, '--inputs', '4']);
  assert.equal(flagged.plan, { ...manifest.plan, inputs: 4 });
  const model = await estimate([MODEL], 0, { env: { SPIKEMILL_LANES: '4' } });
  assert.equal(model.plan, plan(NETWORK, { lanes: 4 }).options);
});

test('a plan file goes before the plan of a build', async () => {
  const { folder, manifest } = makeDesign(NETWORK, { lanes: 6, inputs: 2 });
  const file = join(ROOT, 'plan.json');
  writeFileSync(file, '{ "inputs": 3 }');
  const report = await estimate([folder, '--plan', file]);
  assert.equal(report.plan, { ...manifest.plan, inputs: 3 });
});

test('a device that is too small is told, and an error only on demand', async () => {
  const args = [MODEL, '--device', 'ice40-hx8k'];
  const report = await estimate(args);
  assert.is(report.fit?.fits, false);
  assert.is(report.fit?.binding.resource, 'block RAM');
  assert.equal(await estimate([...args, '--require-fit'], 5), report);
  const { stdout, exitCode } = await runCli(['estimate', ...args]);
  assert.is(exitCode, 0);
  assert.match(stdout, /does not fit Lattice iCE40 HX8K: .*block RAM \d+ of 32 \(\d+\.\d %\)/);
  assert.match(stdout, /block RAM binds: try/);
});

test('people get tables, and how each figure is known', async () => {
  const { stdout, stderr, exitCode } = await runCli(['estimate', MODEL, '--device', 'xc7a35t']);
  assert.is(exitCode, 0);
  assert.is(stderr, '');
  assert.match(stdout, /^8 lanes, 4 inputs, 4 neurons, 16 tokens at once$/m);
  assert.match(stdout, /^token_mix\.0\.fuse +[\d,]+ /m);
  assert.match(stdout, /^ {4}u_spike_array +smx_spike_array +[\d,]+ /m);
  assert.match(stdout, /^cycles per image +[\d,]+ +closed form/m);
  assert.match(stdout, 'Energy is a model (asic-45nm, memories alone), not a measurement.');
  assert.match(stdout, /Cells are analytic: by formulas, not synthesized; (no calibration|median distance)/);
  assert.match(stdout, /^channel_mix\.0\.1\.net\.0 .* neuron unit +9\d\.\d %$/m);
  assert.match(stdout, /^fits AMD Artix-7 XC7A35T: LUT /m);
});

/** What a command line that must fail answers. */
async function failure(exitCode: number, ...args: string[]): Promise<ErrorDocument['error']> {
  return (await runJson<ErrorDocument>(['estimate', ...args], exitCode)).error;
}

test('wrong usage is told with what would be right', async () => {
  const device = await failure(2, MODEL, '--device', 'xc7a36t');
  assert.is(device.actual, 'xc7a36t');
  assert.match(device.expected!, /xc7a35t/);
  assert.match((await failure(2, MODEL, '--clock', '0')).message, /number of MHz above 0/);
  assert.match((await failure(2, MODEL, '--lanes', '0')).message, /lanes/);
  assert.match((await failure(2, MODEL, '--require-fit')).message, /--device/);
  assert.is((await failure(5, MODEL, '--lanes', '8', '--neurons', '3')).code, 'PLAN');
});

test('event-driven lanes: no inputs, no advice about them, and no external weights', async () => {
  const { folder } = makeDesign(NETWORK, { style: 'event', lanes: 24 });
  const inputs = await failure(2, folder, '--inputs', '4');
  assert.equal([inputs.where, inputs.expected], ['--inputs', 'none']);
  assert.match((await failure(5, folder, '--weights', 'external')).message, 'weights in external memory: in the dense');
  const { stdout } = await runCli(['estimate', folder, '--device', 'ice40-up5k']);
  assert.match(stdout, / binds: try /);
  assert.not.match(stdout, '--inputs');
  assert.is((await failure(2, MODEL, '--limit', '3')).where, '--limit');
});

test('what is no build and no quantized model is refused', async () => {
  assert.is((await failure(3, join(ROOT, 'nothing.safetensors'))).code, 'INVALID_FILE');
  const empty = join(ROOT, 'empty');
  mkdirSync(empty);
  assert.match((await failure(3, empty)).where!, /manifest\.json/);
  const float = await failure(3, modelPath('digits-tiny', 'model.safetensors'));
  assert.match(float.suggestions.join(), /model quantize/);
  assert.is((await failure(3, MODEL, '--images', modelPath('digits-tiny', 'README.md'))).code, 'INVALID_IMAGES');
});

test('a design that a family cannot take: left out among all devices, refused by name', async () => {
  const { folder } = makeDesign(NETWORK, { lanes: 4, inputs: 8, lane: 'table' });
  const { devices } = await estimate([folder]);
  const names = new Set(devices!.map(({ name }) => name));
  const expected = listDevices().filter(({ family }) => family.startsWith('xilinx-'));
  assert.equal(names, new Set(expected.map(({ name }) => name)));
  const { error } = await runJson<ErrorDocument>(['estimate', folder, '--device', 'ecp5-25f'], 5);
  assert.match(error.suggestions!.join(), /7 series or UltraScale/);
});

test.run();
