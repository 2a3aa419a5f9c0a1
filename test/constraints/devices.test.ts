import { readdirSync } from 'node:fs';
import { type Device, findDevice, listDevices, parseDevice } from '@spikemill/constraints';
import { SpikemillError } from '@spikemill/golden-model';
import { test } from 'uvu';
import * as assert from 'uvu/assert';

const FOLDER = new URL('../../constraints/data/devices/', import.meta.url);

function errorOf(run: () => unknown): SpikemillError {
  try {
    run();
  } catch (error) {
    if (error instanceof SpikemillError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

/** A record with some properties changed, as JSON. */
function changed(changes: Readonly<Record<string, unknown>>): string {
  return JSON.stringify({ ...listDevices()[0]!, ...changes });
}

test('every file is one device of its name', () => {
  const files = readdirSync(FOLDER).sort();
  const names = listDevices().map(({ name }) => `${name}.json`);
  assert.equal([...names].sort(), files);
  assert.ok(files.length >= 10);
});

test('the smallest device of a family comes first', () => {
  const known = listDevices();
  for (const [i, device] of known.entries()) {
    const next = known[i + 1];
    if (next?.family === device.family) assert.ok(next.luts >= device.luts, next.name);
  }
});

test('counts are those of the data sheets', () => {
  const counts = ({ luts, flipFlops, blockRam }: Device): number[] => [luts, flipFlops, blockRam.count * blockRam.bits];
  assert.equal(counts(findDevice('ice40-hx8k')), [7680, 7680, 131_072]);
  assert.equal(counts(findDevice('ecp5-25f')), [24_288, 24_288, 1_032_192]);
  assert.equal(counts(findDevice('xc7a35t')), [20_800, 41_600, 1_843_200]);
  assert.equal(findDevice('ice40-up5k').largeRam, { kind: 'SB_SPRAM256KA', bits: 262_144, count: 4 });
  assert.equal(findDevice('xczu5ev').largeRam?.kind, 'URAM288');
});

test('letters of any case name a device', () => {
  assert.is(findDevice('XC7A35T'), findDevice('xc7a35t'));
});

test('an unknown device is refused with the known ones', () => {
  const error = errorOf(() => findDevice('xc7a36t'));
  assert.is(error.code, 'USAGE');
  assert.is(error.details.actual, 'xc7a36t');
  for (const { name } of listDevices()) assert.ok(error.details.expected?.includes(name), name);
});

test('a record that is not as its schema says is refused', () => {
  const wrong = [{ family: 'ice41' }, { luts: 0 }, { name: 'With Blanks' }, { extra: 1 }, { blockRam: { bits: 1 } }];
  for (const change of wrong) {
    assert.is(errorOf(() => parseDevice(changed(change), 'x.json')).code, 'INVALID_CONFIG', JSON.stringify(change));
  }
  assert.is(parseDevice(changed({}), 'x.json').name, listDevices()[0]!.name);
});

test.run();
