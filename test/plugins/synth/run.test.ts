import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type ErrorDocument, runCli, runJson } from '../../support/cli.js';
import { makeDesign, newFolder, tinyNetwork } from '../../support/designs.js';
import { makeFakeTools } from '../../support/fake-tools.js';

const { folder: build } = makeDesign(tinyNetwork(true), { lanes: 3, inputs: 2, neurons: 3 });
const env = { PATH: `${makeFakeTools()}:/usr/bin:/bin`, SPIKEMILL_CACHE: newFolder() };
const COMMAND = ['synth', 'run', build, '--device', 'ice40-hx8k', '--yosys', 'system', '--placer', 'system'];

/** A process that has ended may still stand in the table until somebody asks for its exit code. */
function isRunning(pid: number): boolean {
  try {
    return !/^\d+ \(.*\) Z/.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}

interface Report {
  readonly basis: string;
  readonly outputs: readonly string[];
  readonly multiplierFree: boolean;
  readonly timing: { readonly met: boolean } | null;
}

test('a design that fits: tables, and a folder with the bitstream', async () => {
  const output = newFolder();
  const { exitCode, stdout } = await runCli([...COMMAND, '-o', output], { env });
  assert.is(exitCode, 0);
  assert.match(stdout, /ice40-hx8k, placed and routed/);
  assert.match(stdout, /clock as placed\s+100\.0 MHz/);
  assert.match(stdout, /u_part/);
  assert.equal(readdirSync(output).sort(), [
    'ice40-hx8k.bin',
    'netlist.json',
    'place-and-route.log',
    'synth.json',
    'synthesis.log',
  ]);
  assert.is((JSON.parse(readFileSync(join(output, 'synth.json'), 'utf8')) as Report).basis, 'placed and routed');
});

test('a missed clock: the report and the error in one document, exit code 5', async () => {
  const report = await runJson<Report & ErrorDocument>([...COMMAND, '--clock', '250'], 5, { env });
  assert.is(report.timing!.met, false);
  assert.is(report.error.code, 'PLAN');
  assert.match(report.error.actual!, /150\.0 MHz or 60 % too slow/);
});

test('multipliers are a failed check, exit code 1', async () => {
  const report = await runJson<Report>([...COMMAND, '--no-place'], 1, {
    env: { ...env, FAKE_DSPS: '1', SPIKEMILL_CACHE: newFolder() },
  });
  assert.is(report.multiplierFree, false);
});

test('wrong usage is exit code 2, a missing tool 4, a folder with other files 3', async () => {
  assert.match((await runJson<ErrorDocument>(['synth', 'run', build], 2, { env })).error.message, /has to be chosen/);
  assert.match(
    (await runJson<ErrorDocument>([...COMMAND, '--clock', 'fast'], 2, { env })).error.message,
    /no positive/,
  );
  const bare = { ...env, PATH: makeFakeTools(['yosys']), SPIKEMILL_CACHE: env.SPIKEMILL_CACHE };
  const { error } = await runJson<ErrorDocument>(COMMAND, 4, { env: bare });
  assert.is(error.code, 'TOOL');
  const foreign = newFolder();
  mkdirSync(foreign);
  writeFileSync(join(foreign, 'thesis.tex'), '');
  assert.is((await runJson<ErrorDocument>([...COMMAND, '-o', foreign], 3, { env })).error.code, 'FOREIGN_OUTPUT');
});

test('Ctrl-C in the midst of placement: exit code 130, nothing goes on, nothing half-made is kept', async () => {
  const cache = newFolder();
  const pidFile = `${newFolder()}.pid`;
  const slow = { ...env, SPIKEMILL_CACHE: cache, FAKE_PLACE: 'slow', FAKE_PID: pidFile };
  let isSent = false;
  const { exitCode, stderr } = await runCli([...COMMAND], {
    env: slow,
    onStderr: (_, kill) => {
      if (isSent || !existsSync(pidFile)) return;
      isSent = true;
      kill('SIGINT');
    },
  });
  assert.is(exitCode, 130);
  assert.match(stderr, /packing, seed 1 \(\d+ s\)/);
  const pid = Number(readFileSync(pidFile, 'utf8'));
  assert.not(isRunning(pid));
  assert.is(readdirSync(cache).length, 1, 'the netlist alone');
});

test.run();
