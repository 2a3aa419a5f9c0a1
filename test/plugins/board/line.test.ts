/**
 * End to end: images go through a pseudo-terminal, bit by bit, into the simulated design of a board, and what comes back
 * is what the golden model says; so it stays after whatever else comes over the line.
 */
import { type QuantizedNetwork, runNetwork } from '@spikemill/golden-model';
import {
  type BoardResult,
  BoardSession,
  decodeError,
  decodeInfo,
  decodeResult,
  encodeFrame,
  type Frame,
  FrameReader,
  type Line,
  openSerialPort,
  REPLY,
  REQUEST,
} from '@spikemill/host';
import { startVirtualBoard, type VirtualBoard } from '@spikemill/testbenches';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { randomGenerator } from '../../support/random-network.js';
import { loadPixels } from '../../support/references.js';
import { BAUD, type BoardOnDisk, makeBoardOnDisk } from '../../support/virtual-boards.js';

const CLASSES = 10;
/** For a reply of the simulation, which is slower than a board. */
const PATIENCE_MILLISECONDS = 20_000;
/** Silence after the last reply. */
const SILENCE_MILLISECONDS = 300;

const test = suite('line');
const disk: BoardOnDisk = makeBoardOnDisk();
const { network, manifest } = disk;
const pixels: readonly Uint8Array[] = loadPixels('digits-tiny', network.config, 'test');
let board: VirtualBoard;
let line: Line;

test.before(async () => {
  board = await startVirtualBoard(disk.folder);
  line = await openSerialPort(board.port, BAUD);
});
test.after(async () => {
  await line.close();
  board.close();
  await board.end;
});

function expected(image: number, of: QuantizedNetwork = network): BoardResult {
  const { classIndex, logits } = runNetwork(of, pixels[image]!);
  return { classIndex, logits: [...logits], cycles: manifest.cyclesPerImage, stalls: 0 };
}

function imageFrame(image: number, tag: number): Uint8Array {
  return encodeFrame({ type: REQUEST.image, tag, payload: pixels[image]! });
}

/** Sends bytes, and collects replies until there are `count`, and then silence. */
async function exchange(bytes: Uint8Array, count: number): Promise<Frame[]> {
  const reader = new FrameReader();
  const frames: Frame[] = [];
  await line.write(bytes);
  let deadline = performance.now() + PATIENCE_MILLISECONDS;
  while (performance.now() < deadline) {
    reader.push(await line.read());
    for (let frame = reader.next(); frame !== null; frame = reader.next()) {
      frames.push(frame);
      if (frames.length === count) deadline = performance.now() + SILENCE_MILLISECONDS;
    }
  }
  assert.is(reader.skippedBytes, 0, 'the board sends nothing but frames');
  return frames;
}

function describe(frame: Frame): string {
  if (frame.type === REPLY.error) return `error ${decodeError(frame)} ${frame.tag}`;
  return `${frame.type === REPLY.result ? 'result' : 'info'} ${frame.tag}`;
}

/** After what has happened an image comes out right. */
async function assertWorks(image: number): Promise<void> {
  const [frame, ...more] = await exchange(imageFrame(image, 77), 1);
  assert.equal(more, []);
  assert.is(describe(frame!), 'result 77');
  assert.equal(decodeResult(frame!, CLASSES), expected(image));
}

test('the board says what it holds', async () => {
  const [frame] = await exchange(encodeFrame({ type: REQUEST.info, tag: 9, payload: new Uint8Array(0) }), 1);
  assert.is(frame!.tag, 9);
  assert.equal(decodeInfo(frame!), {
    inChannels: 1,
    imageHeight: 16,
    imageWidth: 16,
    classes: CLASSES,
    timesteps: 4,
    clockKHz: 24_000,
    modelDigest: manifest.digests[manifest.network]!.slice(0, 16),
  });
});

test('class, logits and cycles of images are those of the golden model and of the plan', async () => {
  const session = new BoardSession(line, { baud: BAUD, timeoutMilliseconds: PATIENCE_MILLISECONDS });
  for (let image = 0; image < 6; image++) {
    assert.equal(await session.run(pixels[image]!, { classes: CLASSES }), expected(image), `image ${image}`);
  }
  assert.equal(session.trouble, { timeouts: 0, errors: {}, skippedBytes: 0, stale: 0 });
});

test('a wrong checksum: the image is dropped, the next one is right', async () => {
  for (const place of [20, 263, 265]) {
    const bytes = imageFrame(1, 5);
    bytes[place]! ^= 0x40;
    assert.equal((await exchange(bytes, 1)).map(describe), ['error checksum 5']);
  }
  await assertWorks(2);
});

test('a cut frame: it is given up, the next one is right', async () => {
  for (const length of [3, 8, 9, 100, 263, 264, 265]) {
    const frames = await exchange(imageFrame(1, 6).subarray(0, length), 1);
    assert.equal(frames.map(describe), [`error cut ${length < 4 ? 0 : 6}`], `${length} bytes`);
  }
  await assertWorks(3);
});

test('garbage in between: it is skipped, and costs no more than the frame that it damages', async () => {
  const garbage = Uint8Array.from({ length: 400 }, (_, i) => (i * 89 + 7) & 0xff).filter((byte) => byte !== 0xa5);
  const frames = await exchange(Uint8Array.from([...garbage, 0xa5, 0xa5, ...imageFrame(4, 8).subarray(1)]), 1);
  assert.equal(frames.map(describe), ['result 8']);
  assert.equal(decodeResult(frames[0]!, CLASSES), expected(4));
  // a frame that lacks bytes takes them from the next one
  const [cut, next] = [imageFrame(1, 9).subarray(0, 200), imageFrame(5, 10)];
  assert.equal((await exchange(Uint8Array.from([...cut, ...next]), 1)).map(describe), ['error checksum 9']);
  await assertWorks(5);
});

test('unknown types and wrong lengths are refused', async () => {
  const unknown = encodeFrame({ type: 0x33, tag: 11, payload: new Uint8Array(0) });
  assert.equal((await exchange(unknown, 1)).map(describe), ['error type 11']);
  const short = encodeFrame({ type: REQUEST.image, tag: 12, payload: new Uint8Array(8) });
  assert.equal((await exchange(short, 1)).map(describe), ['error length 12']);
  await assertWorks(6);
});

test('one image in flight: a second one is refused, a question is answered', async () => {
  const info = encodeFrame({ type: REQUEST.info, tag: 22, payload: new Uint8Array(0) });
  const bytes = Uint8Array.from([...imageFrame(7, 20), ...imageFrame(8, 21), ...info]);
  const frames = await exchange(bytes, 3);
  assert.equal(frames.map(describe).sort(), ['error busy 21', 'info 22', 'result 20']);
  assert.equal(decodeResult(frames.find(({ type }) => type === REPLY.result)!, CLASSES), expected(7));
  await assertWorks(8);
});

/** A line that damages, loses and adds bytes on the way to the board. */
class NoisyLine implements Line {
  readonly #random = randomGenerator(5);

  async write(bytes: Uint8Array): Promise<void> {
    const noisy = [...bytes].flatMap((byte) => {
      const dice = this.#random();
      if (dice < 0.0008) return [byte ^ (1 << Math.floor(this.#random() * 8))];
      if (dice < 0.0012) return [];
      if (dice < 0.0016) return [byte, Math.floor(this.#random() * 256)];
      return [byte];
    });
    await line.write(Uint8Array.from(noisy));
  }

  read(): Promise<Uint8Array> {
    return line.read();
  }

  async close(): Promise<void> {}
}

test('a bad line: every image arrives in the end, and none of them changed', async () => {
  const session = new BoardSession(new NoisyLine(), { baud: BAUD, attempts: 20, timeoutMilliseconds: 1500 });
  for (let image = 10; image < 22; image++) {
    assert.equal(await session.run(pixels[image]!, { classes: CLASSES }), expected(image), `image ${image}`);
  }
  const { errors, timeouts } = session.trouble;
  const repeated = timeouts + Object.values(errors).reduce((sum, count) => sum + count, 0);
  assert.ok(repeated > 0, 'the line was not bad enough to test anything');
});

test.run();
