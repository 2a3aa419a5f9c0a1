/** A conversation with a board: one request at a time, asked again until it is answered. */
import { randomInt } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { SpikemillError } from '@spikemill/golden-model';
import { encodeFrame, type Frame, FrameReader } from './frame.js';
import {
  type BoardErrorName,
  type BoardInfo,
  type BoardResult,
  decodeError,
  decodeInfo,
  decodeResult,
  REPLY,
  REQUEST,
} from './messages.js';
import type { Line } from './serial-port.js';

export interface SessionOptions {
  /** How often a request is sent at most. */
  readonly attempts?: number;
  /** How long a reply may take, beside the time that the bytes need on the line. */
  readonly timeoutMilliseconds?: number;
  /** Bits per second of the line: a byte takes ten of them. */
  readonly baud: number;
}

export const DEFAULT_ATTEMPTS = 4;
export const DEFAULT_TIMEOUT_MILLISECONDS = 2000;
const BUSY_PAUSE_MILLISECONDS = 20;
/** Longest reply beside the payload, generously. */
const REPLY_BYTES = 64;
const BITS_PER_BYTE = 10;

/** What went wrong on the line and was mended by asking again. */
export interface SessionTrouble {
  readonly timeouts: number;
  /** Error replies by name. */
  readonly errors: Readonly<Partial<Record<BoardErrorName, number>>>;
  /** Bytes that belonged to no frame. */
  readonly skippedBytes: number;
  /** Replies to requests that were given up. */
  readonly stale: number;
}

type Outcome = { readonly reply: Frame } | { readonly error: BoardErrorName } | 'timeout';

export class BoardSession {
  readonly #line: Line;
  readonly #attempts: number;
  readonly #timeout: number;
  readonly #baud: number;
  readonly #reader = new FrameReader();
  readonly #errors: Partial<Record<BoardErrorName, number>> = {};
  #timeouts = 0;
  #stale = 0;
  /** A late result of an earlier session must not be taken for one of this: they rarely count from the same number. */
  #tag = randomInt(255);

  constructor(
    line: Line,
    { attempts = DEFAULT_ATTEMPTS, timeoutMilliseconds = DEFAULT_TIMEOUT_MILLISECONDS, baud }: SessionOptions,
  ) {
    this.#line = line;
    this.#attempts = attempts;
    this.#timeout = timeoutMilliseconds;
    this.#baud = baud;
  }

  get trouble(): SessionTrouble {
    return {
      timeouts: this.#timeouts,
      errors: { ...this.#errors },
      skippedBytes: this.#reader.skippedBytes,
      stale: this.#stale,
    };
  }

  /**
   * Asks what the board holds.
   *
   * @throws SpikemillError TIMEOUT if the board stays silent, BOARD if it never accepts the request.
   */
  async info(): Promise<BoardInfo> {
    return decodeInfo(await this.#ask(REQUEST.info, new Uint8Array(0), REPLY.info, 0));
  }

  /**
   * Sends an image and waits for its result.
   *
   * @param pixels uint8, [C, H, W].
   * @throws SpikemillError as info().
   */
  async run(pixels: Uint8Array, { classes }: Pick<BoardInfo, 'classes'>): Promise<BoardResult> {
    return decodeResult(await this.#ask(REQUEST.image, pixels, REPLY.result, 4 * classes), classes);
  }

  async #ask(type: number, payload: Uint8Array, wanted: number, replyBytes: number): Promise<Frame> {
    const seen = new Set<string>();
    for (let attempt = 0; attempt < this.#attempts; attempt++) {
      const outcome = await this.#attempt(type, payload, wanted, replyBytes);
      if (outcome === 'timeout') {
        this.#timeouts++;
        seen.add('no reply');
        // What has arrived of a frame will not be completed any more.
        this.#reader.reset();
      } else if ('error' in outcome) {
        this.#errors[outcome.error] = (this.#errors[outcome.error] ?? 0) + 1;
        seen.add(outcome.error);
        if (outcome.error === 'busy') await sleep(BUSY_PAUSE_MILLISECONDS);
      } else return outcome.reply;
    }
    throw this.#giveUp(seen);
  }

  async #attempt(type: number, payload: Uint8Array, wanted: number, replyBytes: number): Promise<Outcome> {
    // 0 stands for a frame whose tag the board could not read.
    this.#tag = (this.#tag % 255) + 1;
    const request = encodeFrame({ type, tag: this.#tag, payload });
    await this.#line.write(request);
    const onTheLine = ((request.length + replyBytes + REPLY_BYTES) * BITS_PER_BYTE * 1000) / this.#baud;
    const deadline = performance.now() + onTheLine + this.#timeout;
    while (performance.now() < deadline) {
      const frame = this.#reader.next();
      if (frame === null) {
        this.#reader.push(await this.#line.read());
      } else if (frame.type === REPLY.error && (frame.tag === this.#tag || frame.tag === 0)) {
        return { error: decodeError(frame) };
      } else if (frame.type === wanted && frame.tag === this.#tag) {
        return { reply: frame };
      } else this.#stale++;
    }
    return 'timeout';
  }

  #giveUp(seen: ReadonlySet<string>): SpikemillError {
    const isSilent = seen.size === 1 && seen.has('no reply');
    const message = isSilent ? 'the board does not answer' : 'the board did not accept a request';
    return new SpikemillError(isSilent ? 'TIMEOUT' : 'BOARD', message, {
      expected: `a reply to one of ${this.#attempts} requests`,
      actual: [...seen].join(', '),
      suggestions: [
        'is the design loaded, and is --baud the rate that it was generated for?',
        'where the board record calls the pins of the line disputed, exchange them',
      ],
    });
  }
}
