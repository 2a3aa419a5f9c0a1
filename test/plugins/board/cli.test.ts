/** The commands: records, designs, and images through a simulated board. */
import { spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { listBoards } from '@spikemill/constraints';
import { runNetwork } from '@spikemill/golden-model';
import { readManifest } from '@spikemill/hdl-gen';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type ErrorDocument, runCli, runJson } from '../../support/cli.js';
import { makeDesign, newFolder, tinyNetwork } from '../../support/designs.js';
import { loadPixels, modelPath } from '../../support/references.js';
import { BAUD, makeBoardOnDisk } from '../../support/virtual-boards.js';

const BUILD = makeDesign(tinyNetwork(true), { lanes: 2, inputs: 2, neurons: 1 }).folder;

interface Simulated {
  readonly port: string;
  stop(): Promise<number | null>;
}

/** `spikemill board simulate` as a process of its own. */
async function simulate(folder: string): Promise<Simulated> {
  const dev = fileURLToPath(new URL('../../../bin/dev.js', import.meta.url));
  const flags = ['--import', import.meta.resolve('tsx'), '--conditions=spikemill-source'];
  const child = spawn(process.execPath, [...flags, dev, 'board', 'simulate', folder], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const port = await new Promise<string>((resolve, reject) => {
    createInterface({ input: child.stdout }).once('line', resolve);
    child.once('exit', (code) => reject(new Error(`the simulation ended with ${code}`)));
  });
  const stop = (): Promise<number | null> => {
    child.kill('SIGINT');
    return new Promise((resolve) => child.once('exit', resolve));
  };
  return { port, stop };
}

test('board list: every record', async () => {
  const { boards } = await runJson<{ boards: { name: string; luts: number }[] }>(['board', 'list']);
  assert.equal(
    boards.map(({ name }) => name),
    listBoards().map(({ name }) => name),
  );
});

test('board show: pins, how far they are verified, constraint files', async () => {
  const { stdout } = await runCli(['board', 'show', 'ZCU102']);
  assert.match(stdout, /uart +rx E13, tx F13 +LVCMOS33 +disputed/);
  assert.match(stdout, 'set_property -dict {PACKAGE_PIN G21 IOSTANDARD LVDS_25} [get_ports clk_p]');
});

test('board generate: a folder that can be replaced, and only by its own kind', async () => {
  const output = newFolder();
  const args = ['board', 'generate', BUILD, '--board', 'icebreaker', '-o', output];
  const report = await runJson(args);
  assert.equal(report.constraints, ['icebreaker.pcf', 'icebreaker.sdc']);
  assert.is(readManifest(output).board?.name, 'icebreaker');
  assert.is((await runCli([...args.slice(0, 4), 'tinyfpga-bx', '-o', output, '--clock-divide', '2'])).exitCode, 0);
  assert.is(readManifest(output).board?.clockKHz, 8000);
  writeFileSync(join(output, 'notes.txt'), 'mine');
  const { error } = await runJson<ErrorDocument>(args, 3);
  assert.is(error.code, 'FOREIGN_OUTPUT');
  const again = await runJson<ErrorDocument>(
    ['board', 'generate', output, '--board', 'icebreaker', '-o', newFolder()],
    3,
  );
  assert.is(again.error.message, 'this is a design for the board tinyfpga-bx already');
});

test('what is no board, and what is no design for one', async () => {
  const generate = ['board', 'generate', BUILD, '--board', 'nanoboard', '-o', newFolder()];
  const { error } = await runJson<ErrorDocument>(generate, 2);
  assert.match(error.expected!, 'icebreaker');
  assert.is((await runJson<ErrorDocument>(['board', 'simulate', BUILD], 3)).error.code, 'INVALID_CONFIG');
});

test('board run: a port that is not there', async () => {
  const args = ['board', 'run', '--port', '/dev/ttyUSB-none', '--images', 'images.bin'];
  const { error } = await runJson<ErrorDocument>(args, 4);
  assert.is(error.code, 'BOARD');
  assert.is(error.where, '/dev/ttyUSB-none');
});

interface RunDocument {
  readonly images: number;
  readonly top1: number | null;
  readonly mismatches: number | null;
  readonly firstMismatch: { readonly image: number; readonly message: string } | null;
  readonly cyclesPerImage: number;
  readonly classes: readonly number[];
  readonly logits: readonly (readonly number[])[];
}

/** Arguments that run digits on a simulated board. */
function runArgs(port: string, ...more: readonly string[]): string[] {
  const images = ['--images', modelPath('digits-tiny', 'test-images.bin')];
  return ['board', 'run', '--port', port, '--baud', String(BAUD), '--timeout-ms', '20000', ...images, ...more];
}

test('board run: images through a simulated board, against the golden model', async () => {
  const { folder, network, manifest } = makeBoardOnDisk();
  const board = await simulate(folder);
  const model = modelPath('digits-tiny', 'quant-w4-ptq.safetensors');
  const labels = modelPath('digits-tiny', 'test-labels.bin');
  const args = runArgs(board.port, '--limit', '5', '--labels', labels, '--model', model, '--logits');
  const report = await runJson<RunDocument>(args);
  const wanted = loadPixels('digits-tiny', network.config, 'test')
    .slice(0, 5)
    .map((image) => runNetwork(network, image));
  assert.equal(
    report.logits,
    wanted.map(({ logits }) => [...logits]),
  );
  assert.equal(
    report.classes,
    wanted.map(({ classIndex }) => classIndex),
  );
  const right = wanted.filter(({ classIndex }, i) => classIndex === readFileSync(labels)[i]).length;
  assert.is(report.top1, right / 5);
  assert.is(report.mismatches, 0);
  assert.is(report.cyclesPerImage, manifest.cyclesPerImage);

  const other = modelPath('digits-tiny', 'quant-w8-ptq.safetensors');
  const { error } = await runJson<ErrorDocument>(runArgs(board.port, '--model', other), 3);
  assert.match(error.message, 'another model');
  const { stdout, exitCode } = await runCli(runArgs(board.port, '--limit', '1', '--model', model));
  assert.is(exitCode, 0);
  assert.match(stdout, /differ from the golden model +0/);
  assert.match(stdout, 'PASSED');
  assert.is(await board.stop(), 130);
});

test('board run: a board that computes something else is found out', async () => {
  const { folder, manifest } = makeBoardOnDisk();
  const { file } = manifest.memories.find(({ name }) => name === 'head-bias')!;
  const path = join(folder, file);
  // the bias of class 3 grows by four
  const lines = readFileSync(path, 'utf8').split('\n');
  const words = lines.flatMap((line, i) => (/^[0-9a-f]+$/.test(line) ? [i] : []));
  const index = words[3]!;
  const width = lines[index]!.length;
  lines[index] = ((Number.parseInt(lines[index]!, 16) + 4) % 16 ** width).toString(16).padStart(width, '0');
  writeFileSync(path, lines.join('\n'));
  const board = await simulate(folder);
  const model = modelPath('digits-tiny', 'quant-w4-ptq.safetensors');
  const report = await runJson<RunDocument>(runArgs(board.port, '--limit', '2', '--model', model), 1);
  assert.is(report.mismatches, 2);
  assert.is(report.firstMismatch!.image, 0);
  assert.match(report.firstMismatch!.message, /^image 0: logit 3 is -?\d+ instead of -?\d+$/);
  await board.stop();
});

test.run();
