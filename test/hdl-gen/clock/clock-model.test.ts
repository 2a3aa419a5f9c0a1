/** The clock model: what was placed, designs that the fit has not seen, and what estimates say of where a clock is from. */
import { findDevice } from '@spikemill/constraints';
import {
  CLOCK_FOLDER,
  type ClockModel,
  clockDeviation,
  clockModelOf,
  estimateClock,
  fitClock,
  planDesign,
  slowestPath,
} from '@spikemill/hdl-gen';
import { type ClockFamily, drawDesign, placedGrid } from '@spikemill/synthesis';
import { test } from 'uvu';
import * as assert from 'uvu/assert';

/** What docs/clock-model.md promises for designs that were not fitted to. */
const BOUND = 0.15;
const FAMILIES: readonly ClockFamily[] = ['ice40', 'ecp5'];

for (const family of FAMILIES) {
  test(`${family}: the placed designs are as far off as the model says, each also if it was left out of the fit`, () => {
    const model = clockModelOf(family)!;
    const designs = placedGrid(family, CLOCK_FOLDER);
    assert.is(designs.length, model.calibration!.designs);
    assert.equal(Object.keys(model.fit).sort(), Object.keys(model.prior).sort());
    // the cost model's LUTs are part of it, and they may have been fitted again
    for (const design of designs) assert.ok(100 * Math.abs(clockDeviation(model, design)) <= model.error!.worst + 2);
    for (const design of designs) {
      const others = fitClock(
        model,
        designs.filter((other) => other !== design),
      );
      const deviation = clockDeviation(others, design);
      assert.ok(Math.abs(deviation) <= BOUND, `${design.megahertz} MHz: ${deviation}`);
    }
  });
}

test('the fit finds coefficients that made the delays, and stays at the guess where no design says more', () => {
  const model: ClockModel = {
    ...clockModelOf('ice40')!,
    prior: { Level: 1, Other: 3 },
    fit: { Level: 1, Other: 3 },
    paths: { dense: { chain: 'Level * Depth' }, event: { chain: 'Other' } },
  };
  const designs = [4, 6, 9].map((Depth) => {
    return { quantities: { style: 'dense' as const, values: { Depth } }, megahertz: 1000 / (1.2 * Depth) };
  });
  const { fit } = fitClock(model, designs);
  assert.ok(Math.abs(fit.Level! - 1.2) < 0.01);
  assert.is(fit.Other, 3);
  assert.is(slowestPath({ ...model, fit }, designs[0]!.quantities).name, 'chain');
});

test('estimates say where their clock is from', () => {
  const { network, plan } = drawDesign(3);
  const planned = planDesign(network, plan);
  const modelled = estimateClock(network, planned, findDevice('ice40-hx8k'), 1600);
  assert.match(modelled.basis, /^model, fitted to \d+ placed designs, \+-[\d.]+ %$/);
  assert.type(modelled.path, 'string');
  for (const name of ['ice40-up5k', 'xc7a35t', 'xczu9eg']) {
    const device = findDevice(name);
    const { megahertz, basis, path } = estimateClock(network, planned, device, 1600);
    assert.equal([megahertz, basis, path], [device.clock.megahertz, `assumed: ${device.clock.note}`, null]);
  }
});

test.run();
