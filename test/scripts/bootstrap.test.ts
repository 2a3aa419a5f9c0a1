import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { makeTemporaryFolder } from '../support/temporary-folder.js';

const REPOSITORY = fileURLToPath(new URL('../..', import.meta.url));
const TOOLS = ['verilator', 'g++', 'make', 'yosys', 'iverilog', 'ccache', 'nextpnr-ice40', 'icepack'];
const LOCK = {
  packages: { '': {}, 'node_modules/a': { version: '1.0.0' }, 'node_modules/b': { version: '2.0.0', optional: true } },
};

interface Machine {
  readonly root: string;
  readonly bin: string;
  /** What apt-get and npm were asked to do. */
  readonly log: () => string;
}

/** A clone on a machine that has Node and `tools`; apt-get, npm and the jobs only write down what they are told. */
function makeMachine(tools: readonly string[]): Machine {
  const root = makeTemporaryFolder();
  const bin = join(root, 'path');
  for (const folder of ['scripts', 'bin', 'path', 'plugins/core/data'])
    mkdirSync(join(root, folder), { recursive: true });
  for (const file of ['scripts/bootstrap.mjs', 'plugins/core/data/tools.json', 'package.json']) {
    copyFileSync(join(REPOSITORY, file), join(root, file));
  }
  writeFileSync(join(root, 'package-lock.json'), JSON.stringify(LOCK));
  writeFileSync(
    join(root, 'scripts', 'test.mjs'),
    "console.log('tests', ...process.argv.slice(2)); process.exitCode = 7;",
  );
  writeFileSync(join(root, 'bin', 'run.js'), "console.log('spikemill', ...process.argv.slice(2));");
  symlinkSync(process.execPath, join(bin, 'node'));
  for (const tool of tools) writeFileSync(join(bin, tool), '', { mode: 0o755 });
  const log = join(root, 'log');
  writeFileSync(log, '');
  const script = (name: string, more = '') => {
    writeFileSync(join(bin, name), `#!/bin/sh\necho ${name} "$@" >> ${log}\n${more}`, { mode: 0o755 });
  };
  script('apt-get');
  // What npm ci leaves: the packages of the lock file but for optional ones of other platforms, and the compiler.
  const installed = JSON.stringify({ packages: { 'node_modules/a': { version: '1.0.0' } } });
  const compiler = `${root}/node_modules/typescript/bin`;
  script(
    'npm',
    `/bin/mkdir -p ${compiler}; echo '${installed}' > ${root}/node_modules/.package-lock.json; echo "" > ${compiler}/tsc`,
  );
  return { root, bin, log: () => readFileSync(log, 'utf8') };
}

function bootstrap(
  { root, bin }: Machine,
  ...args: string[]
): { exitCode: number | null; stdout: string; stderr: string } {
  const { npm_execpath: _, ...env } = process.env;
  const { status, stdout, stderr } = spawnSync(process.execPath, ['scripts/bootstrap.mjs', ...args], {
    cwd: root,
    encoding: 'utf8',
    env: { ...env, PATH: bin },
  });
  return { exitCode: status, stdout, stderr };
}

const isRoot = process.getuid?.() === 0;

test('a bare machine: as root the packages are installed, else they are named', () => {
  const machine = makeMachine([]);
  const { exitCode, stdout, stderr } = bootstrap(machine, 'test', 'import');
  const packages = 'verilator g++ make ccache yosys iverilog nextpnr-ice40 fpga-icestorm';
  if (isRoot) {
    assert.is(exitCode, 7);
    assert.match(machine.log(), `apt-get update -q\napt-get install -q -y --no-install-recommends ${packages}\nnpm ci`);
    assert.is(stdout, 'tests import\n');
  } else {
    assert.is(exitCode, 4);
    assert.match(stderr, `apt-get install -y ${packages}`);
  }
});

test('without apt-get the missing programs are named, exit code 4', () => {
  const machine = makeMachine(['verilator', 'g++', 'yosys', 'nextpnr-ice40', 'icepack']);
  rmSync(join(machine.bin, 'apt-get'));
  const { exitCode, stdout, stderr } = bootstrap(machine, 'test');
  assert.is(exitCode, 4);
  assert.is(stdout, '');
  assert.match(
    stderr,
    'these programs are missing: make, iverilog\n  try:      apt-get install -y make ccache iverilog',
  );
});

test('the demo needs less than the tests', () => {
  const machine = makeMachine(['verilator', 'g++', 'make']);
  rmSync(join(machine.bin, 'apt-get'));
  const { exitCode, stdout } = bootstrap(machine, 'demo', '--json');
  assert.is(exitCode, 0);
  assert.is(stdout, 'spikemill demo --json\n');
  assert.is(machine.log(), 'npm ci --no-audit --no-fund --loglevel=error\n');
});

test('npm packages are installed once, and again when the lock file has changed', () => {
  const machine = makeMachine(TOOLS);
  bootstrap(machine, 'test');
  bootstrap(machine, 'test');
  assert.is(machine.log(), 'npm ci --no-audit --no-fund --loglevel=error\n');
  writeFileSync(join(machine.root, 'package-lock.json'), JSON.stringify(LOCK).replace('1.0.0', '1.0.1'));
  bootstrap(machine, 'test');
  assert.is(machine.log(), 'npm ci --no-audit --no-fund --loglevel=error\n'.repeat(2));
});

test('setup builds and runs nothing', () => {
  const machine = makeMachine(TOOLS);
  const { exitCode, stdout, stderr } = bootstrap(machine, 'setup');
  assert.is(exitCode, 0);
  assert.is(stdout, '');
  assert.match(stderr, /tsc -b/);
  assert.ok(existsSync(join(machine.root, 'node_modules')));
});

test('an npm that fails, a Node that is too old, a job that does not exist', () => {
  const machine = makeMachine(TOOLS);
  writeFileSync(join(machine.bin, 'npm'), '#!/bin/sh\nexit 1', { mode: 0o755 });
  assert.is(bootstrap(machine, 'test').exitCode, 4);
  const manifest = readFileSync(join(machine.root, 'package.json'), 'utf8');
  writeFileSync(join(machine.root, 'package.json'), manifest.replace('>=20.19', '>=99.1'));
  const old = bootstrap(machine, 'test');
  assert.is(old.exitCode, 4);
  assert.match(old.stderr, /Node 99\.1 or newer is needed, this is /);
  assert.is(bootstrap(machine, 'dance').exitCode, 2);
});

test.run();
