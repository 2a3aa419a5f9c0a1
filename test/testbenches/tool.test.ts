import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { findSimulator, isAtLeast, type SimulatorTool } from '../../testbenches/src/tool.js';
import { newFolder } from '../support/designs.js';
import { catchRejection } from '../support/errors.js';

const TOOL: SimulatorTool = {
  name: 'verilator',
  versionArgs: ['--version'],
  versionPattern: /Simulator (\d+\.\d+)/,
  minimum: '5.6',
  programs: ['some-simulator'],
  packages: ['some-package'],
};

/** Puts a program on PATH that says this. */
function install(output: string): void {
  const folder = newFolder();
  mkdirSync(folder, { recursive: true });
  const path = join(folder, 'some-simulator');
  writeFileSync(path, `#!/bin/sh\necho "${output}"\n`);
  chmodSync(path, 0o755);
  process.env.PATH = `${folder}:${process.env.PATH}`;
}

const { signal } = new AbortController();

test('versions, number by number', () => {
  assert.ok(
    isAtLeast('5.006', '5.0') && isAtLeast('5.10', '5.9') && isAtLeast('6', '5.9') && isAtLeast('5.0.1', '5.0'),
  );
  assert.not.ok(isAtLeast('4.228', '5.0') || isAtLeast('5', '5.1') || isAtLeast('5.9', '5.10'));
});

test('found, too old, without a version, missing', async () => {
  const missing = await catchRejection(findSimulator(TOOL, signal));
  assert.match(missing.describe(), /a simulator is missing.*no some-simulator.*apt-get install -y some-package/s);
  install('Simulator 5.10 of some day');
  assert.equal(await findSimulator(TOOL, signal), { name: 'verilator', version: '5.10' });
  install('Simulator 5.2');
  const old = await catchRejection(findSimulator(TOOL, signal));
  assert.match(old.describe(), /too old.*some-simulator 5\.6 or newer.*5\.2/s);
  install('no idea');
  const unknown = await catchRejection(findSimulator(TOOL, signal));
  assert.match(unknown.describe(), /does not say its version.*no idea/s);
  for (const error of [missing, old, unknown]) assert.is(error.exitCode, 4);
});

test.run();
