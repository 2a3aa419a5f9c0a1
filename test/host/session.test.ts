/** Conversations with a board that is played by the test. */
import { SpikemillError } from '@spikemill/golden-model';
import { BoardSession, encodeFrame, type Frame, FrameReader, type Line } from '@spikemill/host';
import { test } from 'uvu';
import * as assert from 'uvu/assert';

const CLASSES = { classes: 2 };
const OPTIONS = { baud: 1_000_000, timeoutMilliseconds: 40 };

type Answer = (request: Frame) => readonly (Frame | Uint8Array)[];

/** A board: the n-th request gets what the n-th answer makes of it, the last one from then on. */
class PlayedBoard implements Line {
  readonly requests: Frame[] = [];
  readonly #answers: readonly Answer[];
  readonly #reader = new FrameReader();
  #out: Uint8Array[] = [];

  constructor(...answers: readonly Answer[]) {
    this.#answers = answers;
  }

  async write(bytes: Uint8Array): Promise<void> {
    this.#reader.push(bytes);
    for (let request = this.#reader.next(); request !== null; request = this.#reader.next()) {
      const answer = this.#answers[Math.min(this.requests.length, this.#answers.length - 1)]!;
      this.requests.push(request);
      this.#out.push(...answer(request).map((part) => (part instanceof Uint8Array ? part : encodeFrame(part))));
    }
  }

  async read(): Promise<Uint8Array> {
    await new Promise((resolve) => setTimeout(resolve, 1));
    return this.#out.shift() ?? new Uint8Array(0);
  }

  async close(): Promise<void> {}
}

function words(...values: readonly number[]): Uint8Array {
  return new Uint8Array(Int32Array.from(values).buffer);
}

const RESULT = { classIndex: 1, cycles: 500, stalls: 0, logits: [-7, 70_000] };
const result: Answer = ({ tag }) => [{ type: 0x82, tag, payload: words(1, 500, 0, -7, 70_000) }];
const error =
  (code: number): Answer =>
  ({ tag }) => [{ type: 0xff, tag, payload: Uint8Array.of(code) }];
const silence: Answer = () => [];

const IMAGE = Uint8Array.of(1, 2, 3);

async function errorOf(act: Promise<unknown>): Promise<SpikemillError> {
  try {
    await act;
  } catch (cause) {
    if (cause instanceof SpikemillError) return cause;
    throw cause;
  }
  throw new Error('nothing was thrown');
}

test('what a board holds', async () => {
  const payload = Uint8Array.of(1, 0, 3, 0, 16, 0, 0, 1, 10, 0, 4, 0, 0xe0, 0x2e, 0, 0, 1, 2, 3, 4, 5, 6, 7, 0xff);
  const board = new PlayedBoard(({ tag }) => [{ type: 0x81, tag, payload }]);
  assert.equal(await new BoardSession(board, OPTIONS).info(), {
    inChannels: 3,
    imageHeight: 16,
    imageWidth: 256,
    classes: 10,
    timesteps: 4,
    clockKHz: 12_000,
    modelDigest: '01020304050607ff',
  });
  assert.is(board.requests[0]!.type, 1);
  assert.is(board.requests[0]!.payload.length, 0);
});

test('an image and its result', async () => {
  const board = new PlayedBoard(result);
  const session = new BoardSession(board, OPTIONS);
  assert.equal(await session.run(IMAGE, CLASSES), RESULT);
  assert.equal(await session.run(IMAGE, CLASSES), RESULT);
  assert.equal(
    board.requests.map(({ type, payload }) => [type, ...payload]),
    [
      [2, 1, 2, 3],
      [2, 1, 2, 3],
    ],
  );
  assert.is.not(board.requests[0]!.tag, board.requests[1]!.tag);
  assert.equal(session.trouble, { timeouts: 0, errors: {}, skippedBytes: 0, stale: 0 });
});

test('what the board did not accept is sent again', async () => {
  const session = new BoardSession(new PlayedBoard(error(1), error(4), error(5), result), OPTIONS);
  assert.equal(await session.run(IMAGE, CLASSES), RESULT);
  assert.equal(session.trouble.errors, { checksum: 1, busy: 1, cut: 1 });
});

test('an error without a tag is about the request, too: the board could not read it', async () => {
  const anonymous: Answer = () => [{ type: 0xff, tag: 0, payload: Uint8Array.of(6) }];
  const session = new BoardSession(new PlayedBoard(anonymous, result), OPTIONS);
  assert.equal(await session.run(IMAGE, CLASSES), RESULT);
  assert.equal(session.trouble.errors, { line: 1 });
});

test('no reply, half a reply, a damaged reply: the image is sent again', async () => {
  const half: Answer = (request) => [encodeFrame(result(request)[0] as Frame).subarray(0, 12)];
  const damaged: Answer = (request) => {
    const bytes = encodeFrame(result(request)[0] as Frame);
    bytes[10]! ^= 1;
    return [bytes];
  };
  const session = new BoardSession(new PlayedBoard(silence, half, damaged, result), OPTIONS);
  assert.equal(await session.run(IMAGE, CLASSES), RESULT);
  assert.is(session.trouble.timeouts, 3);
  assert.ok(session.trouble.skippedBytes > 0);
});

test('a late reply to a request that was given up is not taken for another', async () => {
  let late: Frame | undefined;
  const slow: Answer = ({ tag }) => {
    late = { type: 0x82, tag, payload: words(0, 1, 0, 5, 5) };
    return [];
  };
  const both: Answer = (request) => [late!, ...result(request)];
  const session = new BoardSession(new PlayedBoard(slow, both), OPTIONS);
  assert.equal(await session.run(IMAGE, CLASSES), RESULT);
  assert.is(session.trouble.stale, 1);
});

test('garbage around a reply is skipped', async () => {
  const noise = Uint8Array.of(0, 0xa5, 0xff, 0x5a);
  const session = new BoardSession(new PlayedBoard((request) => [noise, ...result(request), noise]), OPTIONS);
  assert.equal(await session.run(IMAGE, CLASSES), RESULT);
  assert.equal(await session.run(IMAGE, CLASSES), RESULT);
});

test('tags never are 0, and wrap around', async () => {
  const board = new PlayedBoard(result);
  const session = new BoardSession(board, OPTIONS);
  for (let i = 0; i < 300; i++) await session.run(IMAGE, CLASSES);
  const tags = board.requests.map(({ tag }) => tag);
  assert.is(tags.includes(0), false);
  assert.is(new Set(tags).size, 255);
});

test('a board that is silent, one that never accepts, one of another version', async () => {
  const silent = new PlayedBoard(silence);
  const mute = await errorOf(new BoardSession(silent, { ...OPTIONS, attempts: 2 }).run(IMAGE, CLASSES));
  assert.is(mute.code, 'TIMEOUT');
  assert.is(mute.exitCode, 124);
  assert.match(mute.describe(), 'one of 2 requests');
  assert.is(silent.requests.length, 2);
  const refused = await errorOf(new BoardSession(new PlayedBoard(error(2), silence), OPTIONS).run(IMAGE, CLASSES));
  assert.is(refused.code, 'BOARD');
  assert.is(refused.exitCode, 4);
  assert.match(refused.describe(), 'length, no reply');
  const other: Answer = ({ tag }) => [{ type: 0x81, tag, payload: new Uint8Array(24).fill(9) }];
  const version = await errorOf(new BoardSession(new PlayedBoard(other), OPTIONS).info());
  assert.match(version.describe(), 'version 9');
  const short: Answer = ({ tag }) => [{ type: 0x82, tag, payload: words(1, 2, 3) }];
  assert.match(
    (await errorOf(new BoardSession(new PlayedBoard(short), OPTIONS).run(IMAGE, CLASSES))).describe(),
    '20 bytes',
  );
});

test.run();
