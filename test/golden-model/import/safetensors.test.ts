import { readdirSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { parseSafetensors, type RawTensor, SpikemillError, serializeSafetensors } from '@spikemill/golden-model';
import * as fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { assertError } from '../../support/errors.js';
import { MODELS, modelPath } from '../../support/references.js';

/** A file with any header and data. */
function build(header: unknown, data: Uint8Array = new Uint8Array()): Uint8Array {
  const text = typeof header === 'string' ? header : JSON.stringify(header);
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(Buffer.byteLength(text)));
  return Buffer.concat([length, Buffer.from(text), data]);
}

function entry(dtype: string, shape: unknown, ...offsets: unknown[]): object {
  return { dtype, shape, data_offsets: offsets };
}

const parse = (bytes: Uint8Array) => () => parseSafetensors(bytes, 'net.safetensors');
const refuses = (bytes: Uint8Array, ...patterns: (RegExp | string)[]) =>
  assertError(parse(bytes), 'INVALID_FILE', 'net.safetensors', ...patterns);

for (const model of MODELS) {
  test(`${model}: every file is written back to the same bytes`, () => {
    const files = readdirSync(dirname(modelPath(model, 'x'))).filter((file) => file.endsWith('.safetensors'));
    assert.ok(files.length >= 6);
    for (const file of files) {
      const bytes = readFileSync(modelPath(model, file));
      assert.ok(bytes.equals(serializeSafetensors(parseSafetensors(bytes, file))), file);
    }
  });
}

test('an empty file, and one shorter than the length', () => {
  refuses(new Uint8Array(), /too short/, /actual: +0 bytes/);
  refuses(new Uint8Array(7), /at least 8 bytes/);
});

test('an oversized header', () => {
  const bytes = build({});
  new DataView(bytes.buffer, bytes.byteOffset).setBigUint64(0, 2n ** 63n, true);
  refuses(bytes, /oversized/, /9223372036854775808 bytes/);
});

test('a header that is longer than the file', () => {
  refuses(build('{}').subarray(0, 9), /header is cut off/, /expected: 2 bytes/, /copy the file again/);
});

test('headers that are no JSON objects in UTF-8', () => {
  refuses(build('{"a":'), /not JSON/);
  refuses(build('[]'), /not a JSON object/);
  refuses(build('null'), /not a JSON object/);
  refuses(Buffer.concat([build('  ').subarray(0, 8), Buffer.of(0xff, 0xfe)]), /UTF-8/);
});

test('a key that occurs twice', () => {
  const one = JSON.stringify(entry('U8', [1], 0, 1));
  refuses(build(`{"a": ${one}, "a": ${one}}`, new Uint8Array(1)), /twice/, /actual: +a/);
});

test('entries that are not what the format says', () => {
  refuses(build({ a: 1 }), 'net.safetensors: a', /not an object/);
  refuses(build({ a: entry('F33', [1], 0, 4) }), /unknown dtype/, /F33/);
  refuses(build({ a: entry('__proto__', [1], 0, 4) }), /unknown dtype/);
  refuses(build({ a: entry('F32', 'x', 0, 4) }), /shape/);
  refuses(build({ a: entry('F32', [-1], 0, 4) }), /shape/, '[-1]');
  refuses(build({ a: entry('F32', [1.5], 0, 4) }), /shape/);
  refuses(build({ a: entry('F32', [2 ** 40, 2 ** 40], 0, 4) }), /shape/);
  refuses(build({ a: entry('F32', [1], 0) }), /data_offsets/);
  refuses(build({ a: entry('F32', [1], 4, 0) }), /data_offsets/);
  refuses(build({ a: entry('F32', [1], -4, 0) }), /data_offsets/);
});

test('a shape that disagrees with the size', () => {
  refuses(build({ a: entry('F32', [2], 0, 4) }, new Uint8Array(4)), /shape and size/, /8 bytes for F32 \[2\]/);
});

test('overlapping tensors, both named', () => {
  const header = { a: entry('U8', [4], 0, 4), b: entry('U8', [4], 2, 6) };
  refuses(build(header, new Uint8Array(6)), /overlap/, 'net.safetensors: b, after a', /begin at 4/, /begin at 2/);
});

test('a hole between tensors', () => {
  const header = { a: entry('U8', [1], 0, 1), b: entry('U8', [1], 2, 3) };
  refuses(build(header, new Uint8Array(3)), /hole/);
});

test('data that is cut off, and data too much', () => {
  const header = { a: entry('U8', [4], 0, 4) };
  refuses(build(header, new Uint8Array(3)), /cut off/, /expected: 4 bytes/, /actual: +3 bytes/);
  refuses(build(header, new Uint8Array(5)), /after the last tensor/);
});

test('metadata must be strings', () => {
  refuses(build({ __metadata__: { a: 1 } }), /object of strings/);
  assert.is(parse(build({ __metadata__: { a: '1' } }))().metadata.get('a'), '1');
});

test('a tensor may be called __proto__', () => {
  const { tensors } = parse(build(`{"__proto__": ${JSON.stringify(entry('U8', [1], 0, 1))}}`, new Uint8Array(1)))();
  assert.equal(tensors.get('__proto__')?.shape, [1]);
});

const anyTensor: fc.Arbitrary<RawTensor> = fc
  .record({
    dtype: fc.constantFrom('U8' as const, 'I32' as const, 'F64' as const),
    shape: fc.array(fc.nat(3), { maxLength: 3 }),
  })
  .chain(({ dtype, shape }) => {
    const size = shape.reduce((product, length) => product * length, { U8: 1, I32: 4, F64: 8 }[dtype]);
    return fc.uint8Array({ minLength: size, maxLength: size }).map((bytes) => ({ dtype, shape, bytes }));
  });
const anyFile = fc.record({
  metadata: fc.dictionary(fc.string(), fc.string()).map((entries) => new Map(Object.entries(entries))),
  tensors: fc
    .dictionary(
      fc.string().filter((name) => name !== '__metadata__'),
      anyTensor,
      { noNullPrototype: true },
    )
    .map((entries) => new Map(Object.entries(entries))),
});

test('what is written is read back, and aligned', () => {
  fc.assert(
    fc.property(anyFile, (file) => {
      const bytes = serializeSafetensors(file);
      const read = parseSafetensors(bytes, 'x');
      assert.equal([...read.metadata], [...file.metadata]);
      assert.is(read.tensors.size, file.tensors.size);
      for (const [name, { dtype, shape, bytes: data }] of file.tensors) {
        const found = read.tensors.get(name)!;
        assert.equal([found.dtype, found.shape, [...found.bytes]], [dtype, shape, [...data]]);
        const alignment = { U8: 1, I32: 4, F64: 8 }[dtype as 'U8' | 'I32' | 'F64'];
        assert.is((found.bytes.byteOffset - bytes.byteOffset) % alignment, 0);
      }
    }),
  );
});

test('equal content in another order gives equal bytes', () => {
  fc.assert(
    fc.property(anyFile, ({ metadata, tensors }) => {
      const reversed = new Map([...tensors].reverse());
      assert.equal(serializeSafetensors({ metadata, tensors }), serializeSafetensors({ metadata, tensors: reversed }));
    }),
  );
});

test('every truncation of a real file is refused', () => {
  const bytes = readFileSync(modelPath('digits-tiny', 'model.safetensors'));
  for (let length = 0; length < bytes.length; length += 97) refuses(bytes.subarray(0, length));
});

test('a damaged header is read or refused, never anything else', () => {
  const bytes = readFileSync(modelPath('digits-tiny', 'quant-w4-ptq.safetensors'));
  fc.assert(
    fc.property(fc.nat(5711), fc.integer({ min: 1, max: 255 }), (place, change) => {
      const damaged = Buffer.from(bytes);
      damaged[place]! ^= change;
      try {
        parseSafetensors(damaged, 'x');
      } catch (error) {
        assert.instance(error, SpikemillError);
      }
    }),
    { numRuns: 500 },
  );
});

test.run();
