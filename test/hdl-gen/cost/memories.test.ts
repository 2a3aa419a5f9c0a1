import { estimate, generate, plan, workingMemories } from '@spikemill/hdl-gen';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { tinyNetwork } from '../../support/designs.js';

test('memories are those of the generated design, bit for bit', () => {
  for (const spe of [true, false]) {
    const network = tinyNetwork(spe);
    const choice = { lanes: 6, inputs: 4, neurons: 3 };
    const { manifest } = generate(network, choice);
    const planned = plan(network, choice);
    const { memories, totalBits } = estimate(network, planned).memory;
    const known = [...manifest.memories, ...workingMemories(planned)];
    for (const { name, width, depth } of known) {
      const found = memories.find((memory) => memory.name === `u_${name.replaceAll('-', '_')}`);
      assert.is(found?.bits, width * depth, name);
    }
    // beside them only the logits that wait to be sent
    const others = memories.filter(({ name }) => name === 'u_result_stream');
    const sum = [...known.map(({ width, depth }) => width * depth), ...others.map(({ bits }) => bits)];
    assert.is(
      totalBits,
      sum.reduce((a, b) => a + b, 0),
    );
  }
});

test('weights and padding fill the weight memories', () => {
  const network = tinyNetwork(true);
  const { memories } = estimate(network, plan(network, { lanes: 1, inputs: 1 })).memory;
  for (const { name, bits, weightBits } of memories.filter((memory) => memory.weightBits !== null)) {
    // nothing to pad with one lane and one input
    assert.is(weightBits, bits, name);
  }
  const padded = estimate(network, plan(network, { lanes: 4, inputs: 4 })).memory;
  assert.ok(padded.memories.some(({ bits, weightBits }) => weightBits !== null && weightBits < bits));
});

test.run();
