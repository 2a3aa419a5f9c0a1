import { readFileSync } from 'node:fs';
import { type DeviceFamily, listDevices } from '@spikemill/constraints';
import { acceleratorCost, costModelOf, fitDevice, parseCostModel, plan } from '@spikemill/hdl-gen';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { tinyNetwork } from '../../support/designs.js';
import { assertError } from '../../support/errors.js';
import { loadQuant } from '../../support/references.js';

const FAMILIES = [...new Set(listDevices().map(({ family }) => family))];

function fileOf(family: DeviceFamily): string {
  return readFileSync(new URL(`../../../hdl-gen/data/cost/${family}.json`, import.meta.url), 'utf8');
}

test('every family of the device records has formulas of its name, and counts the block RAM of its devices', () => {
  assert.is(FAMILIES.length, 4);
  for (const family of FAMILIES) assert.is(costModelOf(family).family, family);
  for (const { name, family, blockRam } of listDevices()) {
    assert.is(costModelOf(family).memory.blockRam.bits, blockRam.bits, name);
  }
});

test('no mode of a block RAM holds more than the block', () => {
  for (const family of FAMILIES) {
    const { bits, modes } = costModelOf(family).memory.blockRam;
    for (const { width, depth } of modes) assert.ok(width * depth <= bits, `${family} ${width} x ${depth}`);
  }
});

for (const spe of [true, false]) {
  test(`every instance has whole, not negative cells that sum up to the total, ${spe ? 'with' : 'without'} SPE`, () => {
    const network = tinyNetwork(spe);
    // one input: no adder tree; as many lanes as neurons: nothing to select
    for (const choice of [
      { lanes: 1, inputs: 1 },
      { lanes: 6, inputs: 5, neurons: 6 },
      { lanes: 7, inputs: 16 },
    ]) {
      const planned = plan(network, choice);
      for (const family of FAMILIES) {
        const { instances, total, basis } = acceleratorCost(network, planned, family);
        assert.is(basis, 'analytic');
        for (const { name, module: _module, memories: _memories, ...cells } of instances) {
          for (const count of Object.values(cells))
            assert.ok(Number.isInteger(count) && count >= 0, `${family} ${name}`);
          assert.ok(cells.lutRam <= cells.lut && cells.loneFf <= cells.ff, `${family} ${name}`);
        }
        assert.is(
          instances.reduce((sum, { lut }) => sum + lut, 0),
          total.lut,
        );
      }
    }
  });
}

test('more lanes, inputs or neurons cost more', () => {
  const network = loadQuant('digits-tiny', 'w4-ptq');
  for (const family of FAMILIES) {
    const lutOf = (choice: object): number => acceleratorCost(network, plan(network, choice), family).total.lut;
    const base = lutOf({ lanes: 12, inputs: 4, neurons: 4 });
    assert.ok(lutOf({ lanes: 24, inputs: 4, neurons: 4 }) > base, family);
    assert.ok(lutOf({ lanes: 12, inputs: 8, neurons: 4 }) > base, family);
    assert.ok(lutOf({ lanes: 12, inputs: 4, neurons: 6 }) > base, family);
  }
});

test('what binds is what is used most', () => {
  const device = listDevices().find(({ name }) => name === 'ice40-hx8k')!;
  const cost = { lut: 4000, lutRam: 0, ff: 3000, loneFf: 1000, carry: 0, blockRam: 16 };
  const { fits, uses, binding } = fitDevice(cost, device);
  assert.equal(
    uses.map(({ resource, used }) => [resource, used]),
    [
      ['logic cells', 5000],
      ['block RAM', 16],
    ],
  );
  assert.is(binding.resource, 'logic cells');
  assert.is(fits, true);
  const full = fitDevice({ ...cost, blockRam: 33 }, device);
  assert.is(full.binding.resource, 'block RAM');
  assert.is(full.binding.share, 33 / 32);
  assert.is(full.fits, false);
  assert.is(fitDevice({ ...cost, blockRam: 32 }, device).fits, true);
});

test('a file that is not as its schema says is refused with the place', () => {
  const model = JSON.parse(fileOf('ice40'));
  const changed = (change: object): string => JSON.stringify({ ...model, ...change });
  assertError(() => parseCostModel('{', 'x.json'), 'INVALID_CONFIG', 'x.json');
  assertError(() => parseCostModel(changed({ family: 'ice41' }), 'x.json'), 'INVALID_CONFIG', '/family');
  assertError(() => parseCostModel(changed({ extra: 1 }), 'x.json'), 'INVALID_CONFIG', 'extra');
  const modules = { ...model.modules, smx_rom: { lut: '' } };
  assertError(() => parseCostModel(changed({ modules }), 'x.json'), 'INVALID_CONFIG', '/modules/smx_rom');
});

test.run();
