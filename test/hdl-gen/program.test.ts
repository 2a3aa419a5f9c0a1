import { makeProgram, plan } from '@spikemill/hdl-gen';
import * as fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { libraryModule } from '../../hdl-gen/src/verilog/library.js';
import { anyConfig, randomQuantized } from '../support/random-network.js';
import { loadQuant } from '../support/references.js';

test('fields lie behind each other and hold their values', () => {
  const law = fc.property(
    anyConfig,
    fc.integer({ min: 1, max: 9 }),
    fc.integer({ min: 1, max: 9 }),
    (config, lanes, inputs) => {
      const planned = plan(randomQuantized(config, 1), { lanes, inputs });
      const { fields, wordBits, words } = makeProgram(planned);
      let lsb = 0;
      for (const field of fields) {
        assert.is(field.lsb, lsb, field.name);
        lsb += field.bits;
      }
      assert.is(lsb, wordBits);
      assert.is(words.length, planned.passes.length);
      for (const word of words) {
        for (const [i, value] of word.entries()) assert.ok(value >= 0 && value < 2 ** fields[i]!.bits, fields[i]!.name);
      }
    },
  );
  fc.assert(law, { numRuns: 40 });
});

test('every field goes to a port, and the last pass ends the image', () => {
  const network = loadQuant('digits-tiny', 'w4-ptq');
  const { fields, words } = makeProgram(plan(network));
  const others = ['smx_neuron_unit', 'smx_sequencer', 'smx_operands', 'smx_head'].map(libraryModule);
  const assertRead = (gather: string, names: readonly { readonly name: string }[]): void => {
    const modules = [libraryModule(gather), ...others];
    for (const { name } of names) {
      assert.ok(
        modules.some(({ ports }) => ports.has(`${name}_i`)),
        `${name} is read by nobody`,
      );
    }
  };
  assertRead('smx_gather', fields);
  assertRead('smx_line_gather', makeProgram(plan(network, { axialInputs: 2 })).fields);
  const last = fields.findIndex(({ name }) => name === 'last');
  assert.equal(
    words.map((word) => word[last]),
    words.map((_, i) => (i === words.length - 1 ? 1 : 0)),
  );
});

test('fields that all passes leave at 0 take one bit', () => {
  const { fields, words } = makeProgram(plan(loadQuant('stress-nospe', 'w4-ptq'), { lanes: 4, inputs: 4 }));
  const counters = fields.filter(({ width }) => /^(Outer|Inner|Group|TapA|TapB|Slice|Idle)Bits$/.test(width));
  assert.ok(counters.length >= 7);
  for (const field of counters) {
    const index = fields.indexOf(field);
    const widest = Math.max(...words.map((word) => word[index]!));
    assert.is(field.bits, Math.max(1, widest.toString(2).length), field.name);
  }
});

test.run();
