import { readFileSync } from 'node:fs';
import { crc16, decodeError, encodeFrame, type Frame, FrameReader, REPLY, REQUEST } from '@spikemill/host';
import * as fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';

const byte = fc.integer({ min: 0, max: 255 });

function frameOf(value: fc.Arbitrary<number>): fc.Arbitrary<Frame> {
  const payload = fc.array(value, { maxLength: 40 }).map((bytes) => Uint8Array.from(bytes));
  return fc.record({ type: value, tag: value, payload }, { noNullPrototype: true });
}

const frame = frameOf(byte);
/** One that no change of a byte makes look like two. */
const plainFrame = frameOf(byte.filter((value) => value !== 0xa5 && value !== 0x5a));

function readAll(reader: FrameReader): Frame[] {
  const frames: Frame[] = [];
  for (let next = reader.next(); next !== null; next = reader.next()) frames.push(next);
  return frames;
}

function join(parts: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(parts.flatMap((part) => [...part]));
}

test('the published check value of the checksum', () => {
  assert.is(crc16(Buffer.from('123456789')), 0x29b1);
  assert.is(crc16(new Uint8Array(0)), 0xffff);
});

test('the layout of a frame', () => {
  const bytes = encodeFrame({ type: 0x82, tag: 3, payload: Uint8Array.of(0xaa, 0xbb) });
  assert.equal([...bytes.subarray(0, 10)], [0xa5, 0x5a, 0x82, 3, 2, 0, 0, 0, 0xaa, 0xbb]);
  const crc = crc16(bytes.subarray(2, 10));
  assert.equal([...bytes.subarray(10)], [crc & 0xff, crc >> 8]);
});

test('frames come out as they went in, whatever the pieces', () => {
  fc.assert(
    fc.property(fc.array(frame, { maxLength: 5 }), fc.array(fc.integer({ min: 1, max: 9 })), (frames, sizes) => {
      const bytes = join(frames.map(encodeFrame));
      const reader = new FrameReader();
      const found: Frame[] = [];
      let at = 0;
      for (const size of [...sizes, bytes.length]) {
        reader.push(bytes.subarray(at, at + size));
        found.push(...readAll(reader));
        at += size;
      }
      assert.equal(found, frames);
      assert.is(reader.skippedBytes, 0);
    }),
  );
});

test('garbage between frames is skipped and counted', () => {
  // without the sync byte, garbage cannot be a frame
  const garbage = fc.uint8Array({ maxLength: 20 }).map((bytes) => bytes.filter((value) => value !== 0xa5));
  fc.assert(
    fc.property(fc.array(fc.tuple(garbage, frame), { maxLength: 5 }), (parts) => {
      const reader = new FrameReader();
      reader.push(join(parts.flatMap(([noise, each]) => [noise, encodeFrame(each)])));
      assert.equal(
        readAll(reader),
        parts.map(([, each]) => each),
      );
      assert.is(
        reader.skippedBytes,
        parts.reduce((sum, [noise]) => sum + noise.length, 0),
      );
    }),
  );
});

test('a damaged frame is dropped, and the next is found', () => {
  fc.assert(
    fc.property(plainFrame, frame, fc.nat(), fc.integer({ min: 1, max: 255 }), (bad, good, place, bits) => {
      const bytes = encodeFrame(bad);
      // a damaged length may ask for more than comes: the session gives up after a while and resets
      const candidates = [...bytes.keys()].filter((i) => i < 4 || i >= 8);
      bytes[candidates[place % candidates.length]!]! ^= bits;
      const reader = new FrameReader();
      reader.push(join([bytes, encodeFrame(good)]));
      assert.equal(readAll(reader).at(-1), good);
    }),
  );
});

test('what begins like a frame inside of garbage hides nothing', () => {
  const good: Frame = { type: 1, tag: 2, payload: Uint8Array.of(3) };
  // a frame that promises four bytes more than there are before the next one: its checksum is wrong
  const promise = [0xa5, 0x5a, 1, 1, 4, 0, 0, 0];
  for (const noise of [[0xa5], [0xa5, 0xa5], promise, [0xa5, 0x5a, 1, 1, 0xff, 0xff, 0xff, 0xff]]) {
    const reader = new FrameReader();
    reader.push(join([Uint8Array.from(noise), encodeFrame(good)]));
    assert.equal(readAll(reader), [good], noise.join(' '));
    assert.is(reader.skippedBytes, noise.length);
  }
});

test('a reset forgets a frame that has begun', () => {
  const good: Frame = { type: 1, tag: 2, payload: Uint8Array.of(3) };
  const reader = new FrameReader();
  reader.push(encodeFrame(good).subarray(0, 9));
  assert.is(reader.next(), null);
  reader.reset();
  reader.push(encodeFrame(good));
  assert.equal(readAll(reader), [good]);
  assert.is(reader.skippedBytes, 9);
});

test('the documentation describes these frames', () => {
  const text = readFileSync(new URL('../../docs/board-protocol.md', import.meta.url), 'utf8');
  const hex = (bytes: Uint8Array) => [...bytes].map((value) => value.toString(16).padStart(2, '0')).join(' ');
  const example = encodeFrame({ type: REQUEST.info, tag: 7, payload: new Uint8Array(0) });
  assert.match(text, `INFO with tag 7 is \`${hex(example)}\`.`);
  const types = Object.fromEntries(
    [...text.matchAll(/^\| `(\w\w)` \| (\w+) \| (\w+) \|/gm)].map(([, type, name, from]) => [type, `${from} ${name}`]),
  );
  assert.equal(types, {
    '01': 'host INFO',
    '02': 'host IMAGE',
    81: 'board INFO',
    82: 'board RESULT',
    ff: 'board ERROR',
  });
  const codes = [...text.matchAll(/\| (\d) (\w+) \|$/gm)].map(([, code, name]) => {
    const frame = { type: REPLY.error, tag: 1, payload: Uint8Array.of(Number(code)) };
    return [name, decodeError(frame)];
  });
  assert.is(codes.length, 6);
  for (const [name, meaning] of codes) assert.is(meaning, name);
});

test.run();
