/** Dropped handshakes and a sequencer that does otherwise than the plan are caught. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { changeLine, runUnchanged } from '../support/rtl-faults.js';

test('the build passes as it is', async () => {
  const result = await runUnchanged();
  assert.ok(result.passed);
  assert.ok(result.stallCycles > 0, 'results hold up images');
});

test('a result beat that does not wait to be taken', async () => {
  const { firstMismatch } = await changeLine('rtl/smx_result_stream.v', 'valid_q && m_axis_tready_i', 'valid_q');
  assert.is(firstMismatch!.kind, 'protocol');
  assert.is(firstMismatch!.layer, 'mlp_head');
});

test('pixels that are taken while the memory is in use', async () => {
  const { firstMismatch } = await changeLine(
    'rtl/smx_image_loader.v',
    's_axis_tvalid_i && s_axis_tready_o',
    's_axis_tvalid_i',
  );
  assert.is(firstMismatch!.layer, 'to_patch_embedding.0');
  // the image alone meets no other: the run that showed it is the one to replay
  assert.match(firstMismatch!.replay!, / --first 0 --limit [2-6] --seed 3 --idle 5 --stall 95$/);
});

test('a head that does not wait for the result before', async () => {
  const { firstMismatch } = await changeLine('rtl/smx_sequencer.v', '!(head_i && !result_ready_i)', "(1'b1 || head_i)");
  assert.is(firstMismatch!.layer, 'mlp_head');
});

test('a sequencer that stops', async () => {
  const { firstMismatch, images } = await changeLine(
    'rtl/smx_sequencer.v',
    'if (go) state_q',
    'if (go && pass_q != 3) state_q',
  );
  assert.is(images, 0);
  assert.is(firstMismatch!.kind, 'timeout');
  assert.is.not(firstMismatch!.layer, null);
});

test('a cycle that the plan does not promise', async () => {
  const { firstMismatch, cyclesPerImage, closedFormCycles } = await changeLine(
    'rtl/smx_sequencer.v',
    'Fetch:   state_q <= Start;',
    "Fetch:   if (cycles_q != 32'd0) state_q <= Start;",
  );
  assert.is(firstMismatch!.kind, 'cycles', JSON.stringify(firstMismatch));
  assert.is.not(cyclesPerImage, closedFormCycles);
});

test.run();
