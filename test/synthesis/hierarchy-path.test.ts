import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { instancesOf, modulePath, withoutIndices } from '../../synthesis/src/hierarchy-path.js';

test('instances are found in names that tools made longer', () => {
  assert.equal(instancesOf('u_array.g_lane[3].u_lane.acc_q_SB_DFF_Q'), ['u_array', 'g_lane[3].u_lane']);
  assert.equal(instancesOf('u_a.g_x[1].g_y[2].u_b'), ['u_a', 'g_x[1].g_y[2].u_b']);
  assert.equal(instancesOf('$nextpnr_ICESTORM_LC_2'), []);
  assert.equal(instancesOf('parity_q_SB_DFF_Q.u_late'), []);
});

test('a path for people leaves out the wrapper', () => {
  assert.is(modulePath('u_accelerator.u_gather.valid_o_SB_LUT4_O'), 'u_gather');
  assert.is(modulePath('u_accelerator.g_x[1].u_b.q'), 'g_x[1].u_b');
  assert.is(modulePath('serial_i$sb_io'), 'top');
});

test('the numbers of generate blocks go', () => {
  assert.is(withoutIndices('g_lane[3].u_lane'), 'u_lane');
  assert.is(withoutIndices('u_lane'), 'u_lane');
});

test.run();
