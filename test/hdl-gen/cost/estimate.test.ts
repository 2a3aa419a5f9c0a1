import { findDevice } from '@spikemill/constraints';
import { calibrationError, costModelOf, doubtClock } from '@spikemill/hdl-gen';
import { test } from 'uvu';
import * as assert from 'uvu/assert';

test('a clock beyond twice the estimate of the device is doubted', () => {
  const device = findDevice('ecp5-25f');
  const { megahertz } = device.clock;
  assert.is(doubtClock(2 * megahertz, device), null);
  const doubt = doubtClock(2 * megahertz + 1, device);
  assert.match(doubt!, `${2 * megahertz + 1} MHz is not plausible on ecp5-25f: more than 2 times the ${megahertz} MHz`);
});

test('a family without a calibration has no error', () => {
  const { error: _, ...model } = costModelOf('ecp5') as ReturnType<typeof costModelOf> & { error?: unknown };
  assert.is(calibrationError(model), null);
  const error = { lut: { median: 1, worst: 2 }, ff: { median: 0, worst: 1 }, blockRam: { median: 0, worst: 0 } };
  assert.equal(calibrationError({ ...model, error } as typeof model), error);
});

test.run();
