import * as fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { makeImage, WordPacker } from '../../../hdl-gen/src/images/memory-image.js';

interface Field {
  readonly value: number;
  readonly bits: number;
}

function pack(wordBits: number, ...fields: Field[]): string {
  const packer = new WordPacker(wordBits);
  for (const { value, bits } of fields) packer.put(value, bits);
  return packer.take();
}

test('the first field is the lowest, unused bits are zero', () => {
  assert.is(pack(4, { value: 5, bits: 4 }), '5');
  assert.is(pack(4, { value: -1, bits: 4 }), 'f');
  assert.is(pack(9, { value: 1, bits: 1 }, { value: -2, bits: 3 }, { value: 3, bits: 5 }), '03d');
  assert.is(pack(12, { value: 1, bits: 2 }), '001');
});

test('as BigInt does it, for any fields, word after word', () => {
  const anyField = fc.record({ bits: fc.integer({ min: 1, max: 40 }), value: fc.integer() });
  const anyFields = fc.array(anyField, { minLength: 1, maxLength: 20 });
  const law = fc.property(anyFields, fc.nat(9), (fields, spare) => {
    let word = 0n;
    let position = 0n;
    for (const { value, bits } of fields) {
      word |= BigInt.asUintN(bits, BigInt(value)) << position;
      position += BigInt(bits);
    }
    const width = Number(position) + spare;
    const packer = new WordPacker(width);
    for (let repeat = 0; repeat < 2; repeat++) {
      for (const { value, bits } of fields) packer.put(value, bits);
      assert.is(packer.take(), word.toString(16).padStart(Math.ceil(width / 4), '0'));
    }
  });
  fc.assert(law, { numRuns: 500 });
});

test('fields that do not fit are refused', () => {
  assert.throws(() => pack(8, { value: 0, bits: 9 }), /9 bits in a word of 8/);
});

test('an image is one word a line behind the comment of its section', () => {
  const sections = [
    { comment: 'first', words: ['01', 'ff'] },
    { comment: 'second', words: ['7'] },
  ];
  const text = '// first\n01\nff\n// second\n7\n';
  assert.equal(makeImage('weights', 8, sections), { name: 'weights', width: 8, depth: 3, text });
});

test.run();
