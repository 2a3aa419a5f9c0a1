/** Frames in hardware: what is found, what is given up and why, and that replies are frames of the host. */
import { encodeFrame, type Frame, FrameReader } from '@spikemill/host';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { randomGenerator } from '../../../support/random-network.js';
import { runModule } from '../../../support/rtl-bench.js';

const INFO = 1;
const IMAGE = 2;
const IMAGE_BYTES = 3;
const TIMEOUT = 20;
const GAP = 3;

/** A byte, a byte without its stop bit, or a pause of so many clocks. */
type Event = number | 'bad stop bit' | { readonly pause: number };

interface Heard {
  /** In order: `header INFO 7`, `payload 1 2 3`, `done INFO 7`, `error 1 tag 7`. */
  readonly events: readonly string[];
}

/** What the receiver of frames makes of a line. */
function listen(line: readonly Event[]): Heard['events'] {
  const quiet = { rst_i: 0, byte_valid_i: 0, byte_i: 0xff, line_error_i: 0 };
  const cycles = line.flatMap((event) => {
    if (typeof event === 'object') return Array.from({ length: event.pause }, () => quiet);
    const clock =
      event === 'bad stop bit' ? { ...quiet, line_error_i: 1 } : { ...quiet, byte_valid_i: 1, byte_i: event };
    return [clock, ...Array.from({ length: GAP }, () => quiet)];
  });
  const inputs = [{ ...quiet, rst_i: 1 }, { ...quiet, rst_i: 1 }, ...cycles, quiet, quiet];
  const outputs = runModule('smx_uart_frame_rx', { ImageBytes: IMAGE_BYTES, TimeoutClocks: TIMEOUT }, inputs).slice(2);
  const events: string[] = [];
  let payload: string[] = [];
  for (const { header_o, image_o, tag_o, payload_valid_o, payload_o, payload_last_o, ...ends } of outputs) {
    const name = `${image_o === 1n ? 'IMAGE' : 'INFO'} ${tag_o}`;
    if (header_o === 1n) {
      events.push(`header ${name}`);
      payload = [];
    }
    if (payload_valid_o === 1n) {
      payload.push(String(payload_o));
      if (payload_last_o === 1n) events.push(`payload ${payload.join(' ')}`);
    }
    if (ends.done_o === 1n) events.push(`done ${name}`);
    if (ends.error_o === 1n) events.push(`error ${ends.error_code_o} tag ${tag_o}`);
  }
  return events;
}

function frame(type: number, tag: number, payload: readonly number[] = []): number[] {
  return [...encodeFrame({ type, tag, payload: Uint8Array.from(payload) })];
}

/** A frame with one byte changed. */
function damaged(bytes: readonly number[], index: number, bits = 0x10): number[] {
  return bytes.map((byte, i) => (i === index ? byte ^ bits : byte));
}

const GOOD = frame(INFO, 99);
const HEARD_GOOD = ['header INFO 99', 'done INFO 99'];

test('frames behind each other', () => {
  assert.equal(listen([...GOOD, ...frame(IMAGE, 7, [1, 2, 3]), ...GOOD]), [
    ...HEARD_GOOD,
    ...['header IMAGE 7', 'payload 1 2 3', 'done IMAGE 7'],
    ...HEARD_GOOD,
  ]);
});

test('garbage in front, even one that begins like a frame, hides nothing', () => {
  const garbage: readonly (readonly number[])[] = [[0], [0xa5], [0xa5, 0xa5], [0x5a], [0xa5, 0], [0xff, 0x5a, 0xa5]];
  for (const bytes of garbage) assert.equal(listen([...bytes, ...GOOD]), HEARD_GOOD, bytes.join(' '));
});

test('sync bytes in a payload are payload', () => {
  const heard = listen([...frame(IMAGE, 1, [0xa5, 0x5a, 1]), ...GOOD]);
  assert.equal(heard, ['header IMAGE 1', 'payload 165 90 1', 'done IMAGE 1', ...HEARD_GOOD]);
});

test('a changed bit anywhere behind the sync bytes is found, and the next frame is read', () => {
  const bytes = frame(IMAGE, 7, [1, 2, 3]);
  const codes = bytes.slice(2).map((_, i) => {
    const heard = listen([...damaged(bytes, i + 2), { pause: TIMEOUT + 5 }, ...GOOD]);
    assert.equal(heard.slice(-2), HEARD_GOOD, `byte ${i + 2}: ${heard.join(', ')}`);
    assert.is(heard.filter((event) => event.startsWith('done')).length, 1);
    return heard.find((event) => event.startsWith('error'))!.split(' ')[1];
  });
  // type; tag (only the checksum tells); length; payload and checksum
  assert.equal(codes, ['3', '1', '2', '2', '2', '2', '1', '1', '1', '1', '1']);
});

test('a type that is unknown and a length that is wrong are told at once', () => {
  assert.equal(listen([...frame(0x77, 5), ...GOOD]), ['error 3 tag 5', ...HEARD_GOOD]);
  assert.equal(listen([...frame(INFO, 5, [1]), ...GOOD]), ['error 2 tag 5', ...HEARD_GOOD]);
  assert.equal(listen([...frame(IMAGE, 5, [1, 2]), ...GOOD]), ['error 2 tag 5', ...HEARD_GOOD]);
  // the third byte of a length counts, too
  const long = damaged(frame(IMAGE, 6, [1, 2, 3]), 6, 1);
  assert.equal(listen([...long.slice(0, 8), ...GOOD]), ['error 2 tag 6', ...HEARD_GOOD]);
});

test('a cut frame is given up when nothing comes', () => {
  const bytes = frame(IMAGE, 7, [1, 2, 3]);
  for (let length = 2; length < bytes.length; length++) {
    const heard = listen([...bytes.slice(0, length), { pause: TIMEOUT + 5 }, ...GOOD]);
    const tag = length < 4 ? 0 : 7;
    assert.equal(
      heard.filter((event) => !/^(header|payload)/.test(event)),
      [`error 5 tag ${tag}`, 'done INFO 99'],
    );
  }
  // the sync byte alone promises nothing
  assert.equal(listen([0xa5, { pause: TIMEOUT + 5 }, 0x5a, ...GOOD]), HEARD_GOOD);
});

test('a pause within the limit is no cut', () => {
  const bytes = frame(IMAGE, 7, [1, 2, 3]);
  const slow = bytes.flatMap((byte): Event[] => [byte, { pause: TIMEOUT - GAP - 2 }]);
  assert.equal(listen(slow), ['header IMAGE 7', 'payload 1 2 3', 'done IMAGE 7']);
});

test('a byte without its stop bit ends a frame, and means nothing outside of one', () => {
  const bytes = frame(IMAGE, 7, [1, 2, 3]);
  const cut = [...bytes.slice(0, 9), 'bad stop bit' as const, ...GOOD];
  assert.equal(listen(cut), ['header IMAGE 7', 'error 6 tag 7', ...HEARD_GOOD]);
  assert.equal(listen(['bad stop bit', 0xa5, 'bad stop bit', ...GOOD]), HEARD_GOOD);
});

/** The bytes that the sender of frames makes of a reply, with random pauses on both sides. */
function send({ type, tag, payload }: Frame, seed: number): Uint8Array {
  const random = randomGenerator(seed);
  const LengthBits = 6;
  const idle = { rst_i: 0, start_i: 0, type_i: type, tag_i: tag, length_i: payload.length, payload_i: 0 };
  const bytes: number[] = [];
  // what the payload is depends on what was asked for in the clock before: simulate until the answers fit
  const cycles = Array.from({ length: 8 * (payload.length + 12) }, () => ({
    ...idle,
    payload_valid_i: random() < 0.6 ? 1 : 0,
    byte_ready_i: random() < 0.6 ? 1 : 0,
  }));
  const start = { ...idle, start_i: 1, payload_valid_i: 0, byte_ready_i: 0 };
  const reset = { ...idle, rst_i: 1, payload_valid_i: 0, byte_ready_i: 0 };
  const probe = runModule('smx_uart_frame_tx', { LengthBits }, [reset, reset, start, ...cycles]);
  const inputs = [reset, reset, start, ...cycles].map((cycle, i) => {
    return { ...cycle, payload_i: payload[Number(probe[i]!.index_o ?? 0n)] ?? 0 };
  });
  const outputs = runModule('smx_uart_frame_tx', { LengthBits }, inputs);
  for (const [i, { byte_valid_o, byte_o }] of outputs.entries()) {
    if (byte_valid_o === 1n && inputs[i]!.byte_ready_i === 1) bytes.push(Number(byte_o));
  }
  assert.is(outputs.filter(({ done_o }) => done_o === 1n).length, 1);
  assert.is(outputs.filter(({ payload_take_o }) => payload_take_o === 1n).length, payload.length);
  return Uint8Array.from(bytes);
}

test('replies are frames as the host knows them', () => {
  for (const [seed, length] of [1, 2, 24, 52].entries()) {
    const random = randomGenerator(100 + seed);
    const payload = Uint8Array.from({ length }, () => Math.floor(random() * 256));
    const reply: Frame = { type: 0x82, tag: 200 + seed, payload };
    const bytes = send(reply, seed);
    assert.equal(bytes, encodeFrame(reply));
    const reader = new FrameReader();
    reader.push(bytes);
    assert.equal(reader.next(), reply);
  }
});

test('the worked examples in the headers of the modules', () => {
  assert.equal(frame(INFO, 7), [0xa5, 0x5a, 0x01, 7, 0, 0, 0, 0, 0x64, 0x2c]);
  assert.equal(frame(0xff, 7, [4]), [0xa5, 0x5a, 0xff, 7, 1, 0, 0, 0, 4, 0x2b, 0x76]);
});

test.run();
