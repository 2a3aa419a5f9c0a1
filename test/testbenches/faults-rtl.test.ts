/** Faults in the Verilog itself are caught, too: a line that was changed, files that are gone. */
import { appendFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { changeLine, runFault } from '../support/rtl-faults.js';

test('a threshold that must be passed, not met', async () => {
  const { firstMismatch } = await changeLine('rtl/smx_lif.v', '!over[OverBits-1]', '!over[OverBits-1] && over != 0');
  assert.is(firstMismatch!.kind, 'spikes');
  assert.equal([firstMismatch!.expected, firstMismatch!.got], [1, 0]);
});

test('a membrane that is not clamped', async () => {
  const { firstMismatch } = await changeLine('rtl/smx_lif.v', '!(&acc[AccBits-1:ClampBits])', '0');
  assert.is(firstMismatch!.kind, 'spikes');
  assert.ok(firstMismatch!.timestep! > 0);
});

test('a membrane that is not cleared', async () => {
  const { firstMismatch } = await changeLine('rtl/smx_lif.v', 'fire || first_i', 'fire');
  assert.is(firstMismatch!.kind, 'spikes');
});

test('a bias that is not added', async () => {
  const { firstMismatch } = await changeLine('rtl/smx_align.v', '.addend_i(bias_ext)', '.addend_i(bias_ext & 0)');
  assert.is(firstMismatch!.layer, 'to_patch_embedding.0');
  assert.is(firstMismatch!.kind, 'currents');
});

test('Verilog that no simulator takes', async () => {
  const result = await changeLine('rtl/smx_lif.v', 'endmodule', 'endmodul');
  assert.is(result.firstMismatch!.kind, 'build');
  assert.match(result.firstMismatch!.message, /smx_lif\.v:\d+/);
  assert.is(result.images, 0);
  assert.is(result.cyclesPerImage, null);
});

test('a source that is gone', async () => {
  const result = await runFault('rtl/smx_lif.v', 'missing', (folder) => rmSync(join(folder, 'rtl/smx_lif.v')));
  assert.is(result.firstMismatch!.kind, 'build');
});

test('a memory image that is gone', async () => {
  const result = await runFault('mem/params.mem', 'missing', (folder) => rmSync(join(folder, 'mem/params.mem')));
  assert.is(result.firstMismatch!.layer, 'to_patch_embedding.0');
});

test('a memory image that breaks the simulation off', async () => {
  const what = 'changed since it was generated';
  const result = await runFault('mem/params.mem', what, (folder) =>
    appendFileSync(join(folder, 'mem/params.mem'), '0\n'),
  );
  assert.is(result.firstMismatch!.kind, 'build');
  assert.match(result.firstMismatch!.message, /broke off: SIGABRT.*params\.mem/s);
});

test.run();
