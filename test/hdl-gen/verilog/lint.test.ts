/** Verilator takes the library and what is generated from it without a warning and without waivers. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { NetworkConfig } from '@spikemill/golden-model';
import type { GenerateOptions } from '@spikemill/hdl-gen';
import { openBuild } from '@spikemill/testbenches';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { LIBRARY_FOLDER, libraryFiles } from '../../../hdl-gen/src/verilog/library.js';
import { PROBES_FILE, probeText } from '../../../testbenches/src/probes.js';
import { HARNESS_FOLDER, harnessMacros, harnessParameters } from '../../../testbenches/src/sources.js';
import { makeDesign, tinyConfig } from '../../support/designs.js';
import { runProgram } from '../../support/programs.js';
import { randomQuantized } from '../../support/random-network.js';

const LINT = ['--lint-only', '-Wall', '--language', '1364-2005'];

function lint(args: readonly string[], cwd: string): void {
  assert.is(runProgram('verilator', [...LINT, ...args], cwd), '');
}

test('every module of the library by itself', () => {
  for (const file of libraryFiles()) {
    // without an image nothing drives the memory
    const image = /_rom\.v$/.test(file) ? ['-GFile="image.mem"'] : [];
    lint([...image, '--top-module', file.replace('.v', ''), '-y', '.', file], LIBRARY_FOLDER);
  }
});

/** Corners of shapes and plans: one of everything, uneven ratios, rows of several words and slices. */
const DESIGNS: readonly [changes: Partial<NetworkConfig>, plan: GenerateOptions][] = [
  [{}, { lanes: 4, inputs: 4, neurons: 2 }],
  [{}, { lanes: 3, inputs: 5, neurons: 3, weights: 'stream' }],
  [{ depths: [1, 2] }, { lanes: 3, inputs: 2, neurons: 3, segments: 6 }],
  [{}, { lanes: 2, inputs: 6, neurons: 1, loopOrder: 'group' }],
  [{}, { lanes: 4, inputs: 2, neurons: 2, loopOrder: 'group', segments: 2 }],
  [{}, { lanes: 4, inputs: 4, neurons: 2, weights: 'external', weightBus: 64 }],
  [{}, { lanes: 2, inputs: 2, neurons: 1, weights: 'external', weightBus: 512 }],
  [{}, { lanes: 4, inputs: 6, neurons: 2, lane: 'table' }],
  [{}, { lanes: 4, inputs: 6, neurons: 2, planes: 'shared' }],
  [{}, { lanes: 4, inputs: 6, neurons: 2, planes: 'shared', axialInputs: 2, weights: 'external' }],
  [{}, { lanes: 4, inputs: 7, neurons: 2, adders: 'ternary', loopOrder: 'group' }],
  [{ timesteps: 1 }, { lanes: 1, inputs: 1, neurons: 1, adders: 'ternary', weights: 'stream' }],
  [{}, { lanes: 4, inputs: 6, neurons: 2, axialInputs: 3, weights: 'external', weightBus: 64 }],
  [
    { timesteps: 1, spe: false, dim: 2 },
    { lanes: 1, inputs: 2, neurons: 1, axialInputs: 2, weights: 'stream' },
  ],
  [{ timesteps: 1 }, { lanes: 1, inputs: 1, neurons: 1, lane: 'table', weights: 'stream' }],
  [
    { spe: false, dim: 2, inChannels: 3, mean: [0, 0, 0], std: [1, 1, 1] },
    { lanes: 5, inputs: 3, neurons: 5 },
  ],
  [
    { timesteps: 1, depths: [1], patchSize: 1, numClasses: 2 },
    { lanes: 1, inputs: 1, neurons: 1 },
  ],
  [
    { timesteps: 16, depths: [1, 2, 1] },
    { lanes: 6, inputs: 4, neurons: 1, tokenBlock: 2 },
  ],
  [
    { depths: [1], imageHeight: 2, imageWidth: 2 },
    { lanes: 2, inputs: 16, neurons: 1 },
  ],
  [
    { timesteps: 9, patchSize: 4, imageHeight: 11 },
    { lanes: 16, inputs: 1, neurons: 8, tokenBlock: null },
  ],
];

test('generated designs, alone and in the harness', () => {
  for (const [i, [changes, plan]] of DESIGNS.entries()) {
    const { folder, manifest } = makeDesign(randomQuantized(tinyConfig(true, changes), i), plan);
    lint(['-I.', '--top-module', manifest.top, ...manifest.files], folder);
    const build = openBuild(folder);
    writeFileSync(join(folder, PROBES_FILE), probeText(build));
    const parameters = harnessParameters(build).map(([name, value]) => `-G${name}=${value}`);
    const macros = ['-DSMX_POISON', `-DSMX_TOP=${manifest.top}`, ...harnessMacros(build)];
    const harness = [...macros, ...parameters, join(HARNESS_FOLDER, 'smx_harness.v')];
    lint(['-I.', '--top-module', 'smx_harness', ...harness, ...manifest.files], folder);
  }
});

test('the list of files is what a tool needs', () => {
  const { folder, manifest } = makeDesign(randomQuantized(tinyConfig(true), 1), { top: 'my_top' });
  assert.is(manifest.top, 'my_top');
  lint(['-I.', '--top-module', 'my_top', '-f', 'files.f'], folder);
});

test.run();
