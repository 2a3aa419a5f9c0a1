import { findDevice } from '@spikemill/constraints';
import { assumedClock, calibrationError, costModelOf, doubtClock } from '@spikemill/hdl-gen';
import { test } from 'uvu';
import * as assert from 'uvu/assert';

test('a clock beyond twice the estimate of the plan is doubted', () => {
  const device = findDevice('xc7a35t');
  const { megahertz } = device.clock;
  assert.is(doubtClock(2 * megahertz, device, assumedClock(device)), null);
  const doubt = doubtClock(2 * megahertz + 1, device, assumedClock(device));
  assert.match(doubt!, `${2 * megahertz + 1} MHz is not plausible on xc7a35t: more than 2 times the ${megahertz} MHz`);
  const modelled = { megahertz: 30, basis: 'model, fitted to 7 placed designs', path: 'walk' };
  assert.match(doubtClock(61, device, modelled)!, 'the 30 MHz that are estimated for this plan (model)');
});

test('a family without a calibration has no error', () => {
  const { error: _, ...model } = costModelOf('ecp5') as ReturnType<typeof costModelOf> & { error?: unknown };
  assert.is(calibrationError(model), null);
  const error = { lut: { median: 1, worst: 2 }, ff: { median: 0, worst: 1 }, blockRam: { median: 0, worst: 0 } };
  assert.equal(calibrationError({ ...model, error } as typeof model), error);
});

test.run();
