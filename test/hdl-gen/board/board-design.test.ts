/** Designs for boards: text, ports, lint, refusals. `UPDATE_EXPECTED=1` writes the committed text anew. */
import { readFileSync, writeFileSync } from 'node:fs';
import { findBoard, listBoards } from '@spikemill/constraints';
import { writeFolderAtomic } from '@spikemill/golden-model';
import {
  type BoardOptions,
  clocksPerBit,
  makeBoardDesign,
  makeBoardFolder,
  readManifest,
  sha256,
} from '@spikemill/hdl-gen';
import * as fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { MAX_RATE_ERROR, MIN_CLOCKS_PER_BIT } from '../../../hdl-gen/src/board/line-rate.js';
import { BOARD_LIBRARY_FOLDER, LIBRARY_FOLDER, libraryFiles } from '../../../hdl-gen/src/verilog/library.js';
import { makeDesign, newFolder, tinyNetwork } from '../../support/designs.js';
import { assertError } from '../../support/errors.js';
import { runProgram } from '../../support/programs.js';

const NETWORK = tinyNetwork(true);
const ACCELERATOR = makeDesign(NETWORK, { lanes: 2, inputs: 2, neurons: 1 });
const BUILT = { manifest: ACCELERATOR.manifest, config: NETWORK.config };
const EXPECTED = new URL('./expected/', import.meta.url);

function designFor(board: string, options: BoardOptions = {}): ReturnType<typeof makeBoardDesign> {
  return makeBoardDesign(BUILT, findBoard(board), options);
}

/** Writes the whole folder of a design. */
function writeDesign(board: string, options: BoardOptions = {}): string {
  const folder = newFolder();
  const design = designFor(board, options);
  const files = makeBoardFolder(design, BUILT.manifest, (path) => ACCELERATOR.files.get(path)!);
  writeFolderAtomic(folder, files, () => true);
  return folder;
}

/** The text without what changes with every change of the accelerator. */
function withoutDigest(text: string): string {
  return text.replace(/from the accelerator [0-9a-f]{16}/, 'from the accelerator DIGEST');
}

for (const board of ['icebreaker', 'alveo-u250']) {
  test(`${board}: the top is as committed`, () => {
    const text = withoutDigest(designFor(board).files.get('spikemill_board.v')!);
    const path = new URL(`${board}.v`, EXPECTED);
    if (process.env.UPDATE_EXPECTED) writeFileSync(path, text);
    assert.fixture(text, readFileSync(path, 'utf8'));
  });
}

test('the same accelerator, board and options give the same bytes', () => {
  for (const { name } of listBoards()) assert.equal([...designFor(name).files], [...designFor(name).files]);
});

test('every module of a board by itself is free of warnings', () => {
  const lint = ['--lint-only', '-Wall', '--language', '1364-2005', '-y', '.', '-y', LIBRARY_FOLDER];
  for (const file of libraryFiles(BOARD_LIBRARY_FOLDER)) {
    const top = file.replace('.v', '');
    assert.is(runProgram('verilator', [...lint, '--top-module', top, file], BOARD_LIBRARY_FOLDER), '', file);
  }
});

/** One clock pin or two, divided or not, with and without LED and button, of either level. */
const VARIANTS: readonly (readonly [board: string, options: BoardOptions])[] = [
  ['icebreaker', {}],
  ['kv260', { baud: 1_000_000 }],
  ['alveo-u250', { top: 'my_board' }],
  ['ulx3s-45f', { divide: 2, timeoutMilliseconds: 1 }],
];

for (const [board, options] of VARIANTS) {
  test(`${board}: Verilator and Icarus take the design without a warning`, () => {
    const folder = writeDesign(board, options);
    const { top } = readManifest(folder);
    assert.is(top, options.top ?? 'spikemill_board');
    const lint = ['--lint-only', '-Wall', '--language', '1364-2005', '-I.', '--top-module', top, '-f', 'files.f'];
    assert.is(runProgram('verilator', lint, folder), '');
    runProgram('iverilog', ['-g2005', '-t', 'null', '-s', top, '-I.', '-f', 'files.f'], folder);
  });
}

test('the ports of the top are the pins that are constrained', () => {
  for (const { name } of listBoards()) {
    const { files, top, constraints } = designFor(name);
    const header = files.get(`${top}.v`)!.split(');')[0]!;
    const ports = [...header.matchAll(/^\s+(?:input|output)\s+wire (\w+)/gm)].map(([, port]) => port!);
    const pins = files.get(constraints[0]!)!;
    assert.is(ports.length, pins.match(/^(set_io|LOCATE|set_property)/gm)!.length, name);
    for (const port of ports) assert.match(pins, new RegExp(`\\b${port}\\b`), name);
  }
});

test('constants of the line and of the description', () => {
  const { files, clockKHz } = designFor('orangecrab-25f', { baud: 1_000_000, timeoutMilliseconds: 10 });
  assert.is(clockKHz, 24_000);
  const text = files.get('spikemill_board_params.vh')!;
  const constants = Object.fromEntries(
    [...text.matchAll(/localparam (\w+) += (\d+);/g)].map(([, name, n]) => [name, Number(n)]),
  );
  const digest = Buffer.from(sha256(ACCELERATOR.files.get('network.safetensors')!), 'hex');
  const { inChannels, imageHeight, imageWidth, numClasses, timesteps } = NETWORK.config;
  assert.equal(constants, {
    ClockDivide: 2,
    ResetActiveLow: 1,
    LedActiveLow: 1,
    ClocksPerBit: 24,
    TimeoutClocks: 240_000,
    Channels: inChannels,
    Height: imageHeight,
    Width: imageWidth,
    Classes: numClasses,
    Timesteps: timesteps,
    ClockKHz: 24_000,
    Digest0: digest[0]! + 256 * digest[1]!,
    Digest1: digest[2]! + 256 * digest[3]!,
    Digest2: digest[4]! + 256 * digest[5]!,
    Digest3: digest[6]! + 256 * digest[7]!,
  });
});

test('the folder is complete by itself and says what it is', () => {
  const folder = writeDesign('arty-a7-35t', { baud: 500_000 });
  const manifest = readManifest(folder);
  const { top, ...accelerator } = BUILT.manifest;
  assert.equal(manifest.board, {
    name: 'arty-a7-35t',
    accelerator: top,
    baud: 500_000,
    clockKHz: 50_000,
    divide: 2,
    constraints: ['arty-a7-35t.xdc', 'arty-a7-35t.sdc'],
  });
  assert.is(manifest.cyclesPerImage, accelerator.cyclesPerImage);
  const needed = [
    ...manifest.files,
    ...manifest.includes,
    ...manifest.memories.map(({ file }) => file),
    manifest.network,
  ];
  for (const path of [...needed, ...manifest.board!.constraints]) assert.ok(path in manifest.digests, path);
  for (const [path, digest] of Object.entries(manifest.digests)) {
    assert.is(sha256(readFileSync(`${folder}/${path}`)), digest, path);
  }
});

test('clocks per bit: the nearest whole number, or a refusal', () => {
  const khz = fc.integer({ min: 1000, max: 300_000 });
  fc.assert(
    fc.property(khz, fc.integer({ min: 300, max: 4_000_000 }), (clock, baud) => {
      let clocks: number;
      try {
        clocks = clocksPerBit(clock, baud);
      } catch {
        const nearest = Math.max(Math.round((1000 * clock) / baud), 1);
        return nearest < MIN_CLOCKS_PER_BIT || Math.abs((1000 * clock) / nearest - baud) > MAX_RATE_ERROR * baud;
      }
      return clocks >= MIN_CLOCKS_PER_BIT && Math.abs((1000 * clock) / clocks / baud - 1) <= MAX_RATE_ERROR;
    }),
  );
  assert.is(clocksPerBit(12_000, 115_200), 104);
});

test('what the clock cannot do is refused with the nearest that it can', () => {
  assertError(() => designFor('icebreaker', { baud: 4_000_000 }), 'USAGE', '--baud', 'the nearest is 3000000');
  assertError(() => designFor('icebreaker', { baud: 2_200_000 }), 'USAGE', '2200000; the nearest is 2400000');
  for (const divide of [0, 3, 2.5, -2]) {
    assertError(() => designFor('icebreaker', { divide }), 'USAGE', '--clock-divide', '1 or an even number');
  }
  for (const top of ['1st', 'module', BUILT.manifest.top]) {
    assertError(() => designFor('icebreaker', { top }), 'USAGE', '--top', `actual:   ${top}`);
  }
});

test('a board has no stream for weights', () => {
  const manifest = { ...BUILT.manifest, plan: { ...BUILT.manifest.plan, weights: 'stream' } } as const;
  assertError(() => makeBoardDesign({ ...BUILT, manifest }, findBoard('icebreaker')), 'PLAN', '--weights image');
});

test.run();
