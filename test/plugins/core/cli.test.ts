import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type ErrorDocument, runCli, runJson } from '../../support/cli.js';
import { makeTemporaryFolder } from '../../support/temporary-folder.js';

const ROOT = makeTemporaryFolder();
const REPOSITORY = fileURLToPath(new URL('../../..', import.meta.url));

test('the bare command is help with the next three steps', async () => {
  const { exitCode, stdout, stderr } = await runCli([]);
  assert.is(exitCode, 0);
  assert.match(stdout, /USAGE/);
  assert.match(stdout, /NEXT STEPS\n +spikemill doctor .*\n +spikemill demo .*\n +spikemill model import /);
  assert.is(stderr, '');
});

test('the version is that of package.json', async () => {
  const { version } = JSON.parse(readFileSync(join(REPOSITORY, 'package.json'), 'utf8'));
  assert.ok((await runCli(['--version'])).stdout.startsWith(`spikemill/${version} `));
});

test('an unknown command is wrong usage, with the nearest one', async () => {
  const { exitCode, stdout, stderr } = await runCli(['modell', 'run']);
  assert.is(exitCode, 2);
  assert.is(stdout, '');
  assert.match(stderr, /Error: there is no command modell run\n.*\n +try: +spikemill model run\n/);
});

test('errors are one JSON document under --json, with the same exit code', async () => {
  const { error } = await runJson<ErrorDocument>(['doctr'], 2);
  assert.is(error.code, 'USAGE');
  assert.is(error.exitCode, 2);
  assert.equal(error.suggestions, ['spikemill doctor', 'spikemill help']);
});

test('an unknown flag is wrong usage', async () => {
  const { exitCode, stderr } = await runCli(['doctor', '--colour']);
  assert.is(exitCode, 2);
  assert.is(stderr, 'Error: Nonexistent flag: --colour\n  try:      --help\n');
  const { error } = await runJson<ErrorDocument>(['doctor', '--colour'], 2);
  assert.is(error.message, 'Nonexistent flag: --colour');
});

test('every command has a summary and examples', async () => {
  for (const command of [
    ['doctor'],
    ['model', 'import'],
    ['model', 'inspect'],
    ['model', 'quantize'],
    ['model', 'run'],
  ]) {
    const { exitCode, stdout } = await runCli([...command, '--help']);
    assert.is(exitCode, 0);
    assert.match(stdout, /EXAMPLES\n +\$ spikemill /, command.join(' '));
    assert.match(stdout, /--json/);
  }
});

interface DoctorDocument {
  readonly ok: boolean;
  readonly tools: readonly {
    name: string;
    version: string | null;
    usable: boolean;
    required: boolean;
    install: string;
  }[];
}

/** A PATH with a few programs only; scripts as [name, text]. */
function makePath(...programs: [name: string, script: string][]): string {
  const folder = join(ROOT, `bin-${programs.length}-${programs[0]?.[0]}`);
  mkdirSync(folder);
  symlinkSync(process.execPath, join(folder, 'node'));
  for (const [name, script] of programs) writeFileSync(join(folder, name), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  return folder;
}

test('doctor: required tools that are missing or too old, exit code 4', async () => {
  const PATH = makePath(['verilator', 'echo Verilator 4.038 2020'], ['make', 'echo GNU Make 4.3'], ['yosys', 'exit 1']);
  const { ok, tools } = await runJson<DoctorDocument>(['doctor'], 4, { env: { PATH } });
  assert.not(ok);
  const find = (name: string) => tools.find((tool) => tool.name === name);
  assert.equal(find('verilator')?.version, '4.038');
  assert.not(find('verilator')?.usable);
  assert.ok(find('make')?.usable);
  assert.is(find('yosys')?.version, null);
  assert.is(find('g++')?.install, 'apt-get install -y g++');
  const { exitCode, stdout } = await runCli(['doctor'], { env: { PATH } });
  assert.is(exitCode, 4);
  assert.match(stdout, /verilator +4\.038 +5\.006 +too old, required/);
  assert.match(stdout, /g\+\+ +apt-get install -y g\+\+/);
  assert.match(stdout, /A required tool is missing or too old/);
});

test('doctor: all required tools there, exit code 0, tools with another version line', async () => {
  const PATH = makePath(
    ['g++', 'echo 12.2.0'],
    ['verilator', 'echo "Verilator 5.020 2024-01-01 rev"'],
    ['make', 'echo GNU Make 4.3'],
    ['nextpnr-ecp5', 'echo "nextpnr-ecp5 -- Next Generation Place and Route (Version nextpnr-0.6)" >&2'],
  );
  const { ok, tools } = await runJson<DoctorDocument>(['doctor'], 0, { env: { PATH } });
  assert.ok(ok);
  assert.is(tools.find(({ name }) => name === 'nextpnr-ecp5')?.version, '0.6');
});

test('a configuration file that is broken', async () => {
  const cwd = join(ROOT, 'broken');
  mkdirSync(cwd);
  writeFileSync(join(cwd, 'spikemill.config.json'), '{"weightBits": 9}');
  const { error } = await runJson<ErrorDocument>(['doctor'], 3, { cwd });
  assert.is(error.where, 'spikemill.config.json: /weightBits');
  assert.is(error.expected, 'must be <= 8');
});

test('without a build, the binary says how to build', () => {
  const folder = join(ROOT, 'unbuilt');
  mkdirSync(folder);
  writeFileSync(join(folder, 'package.json'), '{"type": "module"}');
  writeFileSync(join(folder, 'run.js'), readFileSync(join(REPOSITORY, 'bin', 'run.js')));
  const { status, stderr } = spawnSync(process.execPath, [join(folder, 'run.js')], { encoding: 'utf8' });
  assert.is(status, 4);
  assert.match(stderr, /npm run setup/);
});

test.run();
