/** The way from a build to a report, with programs that answer what the test wants. */
import { readdirSync } from 'node:fs';
import type { SpikemillError } from '@spikemill/golden-model';
import { type SynthesizeOptions, synthesize } from '@spikemill/synthesis';
import { openBuild } from '@spikemill/testbenches';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { makeDesign, newFolder, tinyNetwork } from '../support/designs.js';
import { catchRejection } from '../support/errors.js';
import { makeFakeTools } from '../support/fake-tools.js';

const build = openBuild(makeDesign(tinyNetwork(true), { lanes: 3, inputs: 2, neurons: 3 }).folder);
const SYSTEM_PATH = '/usr/bin:/bin';
const DEFAULTS: SynthesizeOptions = { device: 'ice40-hx8k', yosys: 'system', placer: 'system' };

/** Runs with fakes in an environment of its own, and a cache of its own unless one is given. */
async function withFakes<T>(
  environment: Readonly<Record<string, string>>,
  act: () => Promise<T>,
  tools = makeFakeTools(),
  cache = newFolder(),
): Promise<T> {
  const before = { ...process.env };
  Object.assign(process.env, { PATH: `${tools}:${SYSTEM_PATH}`, SPIKEMILL_CACHE: cache, ...environment });
  try {
    return await act();
  } finally {
    process.env = before;
  }
}

function assertSays(error: SpikemillError | null, code: string, ...texts: string[]): void {
  assert.ok(error !== null);
  assert.is(error.code, code, error.describe());
  for (const text of texts) assert.ok(error.describe().includes(text), `${text} in:\n${error.describe()}`);
}

test('a design that fits is placed, and found in the cache the next time', async () => {
  const cache = newFolder();
  const stages: string[] = [];
  const options = { ...DEFAULTS, seeds: 2, onStage: (stage: string) => void stages.push(stage) };
  const first = await withFakes({}, () => synthesize(build, options), makeFakeTools(), cache);
  assert.is(first.error, null);
  const { report } = first;
  assert.is(report.basis, 'placed and routed');
  assert.is(report.cells.lut, 3);
  assert.ok(report.multiplierFree);
  assert.is(report.placement!.fmaxMegahertz, 100);
  assert.is(report.placement!.acceleratorCells, 1);
  assert.equal(
    report.placement!.seeds.map(({ seed }) => seed),
    [1, 2],
  );
  assert.is(report.timing, null);
  assert.equal([...first.files.keys()], ['netlist.json', 'synthesis.log', 'ice40-hx8k.bin', 'place-and-route.log']);
  assert.equal(stages.slice(0, 2), ['synthesis', 'packing, seed 1']);
  const again = await withFakes({}, () => synthesize(build, DEFAULTS), makeFakeTools(), cache);
  assert.equal(
    again.report.tools.map(({ name, version, cached }) => [name, version, cached]),
    [
      ['yosys', '9.0', true],
      ['nextpnr-ice40', '9.1', true],
    ],
  );
});

test('too many cells: the resource, by how much, the nearest plan', async () => {
  const { report, error } = await withFakes({ FAKE_LUTS: '7690' }, () => synthesize(build, DEFAULTS));
  assertSays(error, 'PLAN', 'does not fit ice40-hx8k', 'LUT: 7690 of 7680, 10 too many');
  assertSays(error, 'PLAN', 'spikemill rtl generate --lanes');
  assert.is(report.placement, null);
  assert.not(report.fit.fits);
  assert.ok(report.fit.nearestPlan!.lanes <= 3);
});

test('what the placer finds to be too much is told like that', async () => {
  const { error } = await withFakes({ FAKE_PLACE: 'overflow' }, () => synthesize(build, DEFAULTS));
  assertSays(error, 'PLAN', 'ICESTORM_LC: 8000 of 7680, 320 too many');
});

test('a missed clock: by how much', async () => {
  const { report, error } = await withFakes({}, () => synthesize(build, { ...DEFAULTS, megahertz: 125 }));
  assertSays(error, 'PLAN', 'misses its clock', '125 MHz', '100.0 MHz, 25.0 MHz or 20 % too slow');
  assert.equal(report.timing, { requiredMegahertz: 125, fmaxMegahertz: 100, met: false });
  const met = await withFakes({}, () => synthesize(build, { ...DEFAULTS, megahertz: 99 }));
  assert.is(met.error, null);
});

test('a multiplier shows', async () => {
  const { report } = await withFakes({ FAKE_DSPS: '1' }, () => synthesize(build, { ...DEFAULTS, noPlace: true }));
  assert.is(report.cells.dsp, 1);
  assert.not(report.multiplierFree);
});

test('a tool that is killed, or runs out of memory, says so and leaves nothing in the cache', async () => {
  for (const how of ['killed', 'memory']) {
    const cache = newFolder();
    const run = (): Promise<SpikemillError> => catchRejection(synthesize(build, DEFAULTS));
    const error = await withFakes({ FAKE_PLACE: how }, run, makeFakeTools(), cache);
    assertSays(error, 'TOOL', 'memory ran out', how === 'killed' ? 'SIGKILL' : 'exit code 134', 'this machine has');
    assert.is(readdirSync(cache).length, 1, 'the netlist alone');
  }
});

test('a tool that refuses or breaks hands on what it says', async () => {
  const refused = await withFakes({ FAKE_YOSYS_ERROR: 'Parser error in line 1' }, () =>
    catchRejection(synthesize(build, DEFAULTS)),
  );
  assertSays(refused, 'TOOL', 'Yosys refused the Verilog', 'Parser error in line 1');
  const broken = await withFakes({ FAKE_PLACE: 'broken' }, () => catchRejection(synthesize(build, DEFAULTS)));
  assertSays(broken, 'TOOL', 'nextpnr-ice40 failed', 'ERROR: routing failed');
});

test('tools that are missing or too old, and the line that installs them', async () => {
  const only = (names: string[], environment = {}): Promise<SpikemillError> => {
    const tools = makeFakeTools(names);
    return withFakes({ ...environment, PATH: tools }, () => catchRejection(synthesize(build, DEFAULTS)), tools);
  };
  assertSays(await only([]), 'TOOL', 'yosys is missing', 'apt-get install -y yosys', 'spikemill doctor');
  // the fakes need a shell: PATH has nothing else
  const old = await withFakes({ FAKE_YOSYS: '0.9' }, () => catchRejection(synthesize(build, DEFAULTS)));
  assertSays(old, 'TOOL', 'yosys is too old', 'yosys, 0.23 or newer', 'yosys 0.9');
});

test('work that takes too long or is stopped ends at once', async () => {
  const slow = { FAKE_PLACE: 'slow', FAKE_PID: `${newFolder()}.pid` };
  const late = await withFakes(slow, () => catchRejection(synthesize(build, { ...DEFAULTS, timeLimitSeconds: 1 })));
  assertSays(late, 'TIMEOUT', 'the time limit is over');
  const stop = new AbortController();
  const onStage = (stage: string): void => {
    if (stage.startsWith('packing')) stop.abort(new Error('stopped by the test'));
  };
  const options = { ...DEFAULTS, signal: stop.signal, onStage };
  const reason = await withFakes(slow, () => synthesize(build, options).catch((error: Error) => error.message));
  assert.is(reason, 'stopped by the test');
});

test('targets that are not there, or contradict each other', async () => {
  const wrong = (options: SynthesizeOptions): Promise<SpikemillError> => catchRejection(synthesize(build, options));
  assertSays(await wrong({}), 'USAGE', 'one device or one board has to be chosen', 'none');
  assertSays(await wrong({ device: 'ice40-hx8k', board: 'icebreaker' }), 'USAGE', 'both');
  assertSays(await wrong({ device: 'z80' }), 'USAGE', 'no record of this device');
  assertSays(await wrong({ board: 'breadboard' }), 'USAGE', 'no record of this board');
});

test.run();
