import { findDevice } from '@spikemill/constraints';
import { loadQuantized } from '@spikemill/golden-model';
import { completeOptions, plan } from '@spikemill/hdl-gen';
import { isLikelyToFit, nearestPlan, planFlags, planMemories } from '@spikemill/synthesis';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { modelPath } from '../support/references.js';

const digits = loadQuantized(modelPath('digits-tiny', 'quant-w4-qat.safetensors'));
const mnist = loadQuantized(modelPath('mnist-small', 'quant-w4-qat.safetensors'));
const hx8k = findDevice('ice40-hx8k');

test('contents move into LUTs until block RAM is enough, the cheapest first', () => {
  const wanted = plan(digits, { lanes: 4, inputs: 4, neurons: 4, tokenBlock: 4 });
  const { memories, cost, placements } = planMemories(digits, wanted, hx8k);
  assert.ok(cost.blockRam <= hx8k.blockRam.count);
  const moved = memories.filter(({ isMoved }) => isMoved);
  assert.ok(moved.length > 0);
  for (const memory of moved) {
    assert.is(memory.kind, 'rom');
    assert.is(memory.place, 'logic');
    assert.equal(
      placements.find(({ instance }) => instance === memory.instance),
      { instance: memory.instance, style: 'logic' },
    );
  }
  // a device with more of it moves nothing
  const large = planMemories(digits, wanted, { ...hx8k, blockRam: { ...hx8k.blockRam, count: 100 } });
  assert.not(large.memories.some(({ isMoved }) => isMoved));
  assert.ok(large.cost.blockRam > hx8k.blockRam.count);
  assert.ok(large.cost.lut < cost.lut);
});

test('where moving does not help, block RAM is what binds', () => {
  const up5k = findDevice('ice40-up5k');
  const wanted = plan(mnist, { lanes: 4, inputs: 4, neurons: 2, tokenBlock: 4 });
  const { memories, cost } = planMemories(mnist, wanted, up5k);
  assert.not(memories.some(({ isMoved }) => isMoved));
  assert.ok(cost.blockRam > up5k.blockRam.count);
});

test('the nearest plan is smaller, and expected to fit', () => {
  const wanted = completeOptions({ lanes: 8, inputs: 4, neurons: 8, tokenBlock: 16 });
  assert.not(isLikelyToFit(planMemories(digits, plan(digits, wanted), hx8k), hx8k));
  const nearest = nearestPlan(digits, wanted, hx8k)!;
  const { lanes, inputs, neurons } = nearest.options;
  assert.ok(lanes * inputs * neurons < 8 * 4 * 8);
  const planned = plan(digits, nearest.options);
  assert.is(planned.cyclesPerImage, nearest.cyclesPerImage);
  assert.ok(isLikelyToFit(planMemories(digits, planned, hx8k), hx8k));
});

test('no plan of a network that is too large is near', () => {
  const tiny = { ...hx8k, luts: 100 };
  assert.is(nearestPlan(digits, completeOptions({ lanes: 2, inputs: 1, neurons: 1, tokenBlock: 4 }), tiny), null);
});

test('a plan as flags', () => {
  assert.is(
    planFlags(completeOptions({ lanes: 4, inputs: 2, neurons: 1, tokenBlock: 8 })),
    '--lanes 4 --inputs 2 --neurons 1 --token-block 8',
  );
  assert.is(
    planFlags(completeOptions({ lanes: 4, inputs: 2, neurons: 1, tokenBlock: null })),
    '--lanes 4 --inputs 2 --neurons 1',
  );
});

test.run();
