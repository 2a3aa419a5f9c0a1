/** What the frames say: requests, and the payloads of replies. */
import { SpikemillError } from '@spikemill/golden-model';
import type { Frame } from './frame.js';

export const PROTOCOL_VERSION = 1;

/** Requests of the host. */
export const REQUEST = { info: 0x01, image: 0x02 } as const;
/** Replies of the board. */
export const REPLY = { info: 0x81, result: 0x82, error: 0xff } as const;

const ERROR_NAMES = {
  1: 'checksum',
  2: 'length',
  3: 'type',
  4: 'busy',
  5: 'cut',
  6: 'line',
} as const;

/** Why a board did not accept a frame. */
export type BoardErrorName = (typeof ERROR_NAMES)[keyof typeof ERROR_NAMES] | 'unknown';

/** What a board holds. */
export interface BoardInfo {
  readonly inChannels: number;
  readonly imageHeight: number;
  readonly imageWidth: number;
  readonly classes: number;
  readonly timesteps: number;
  readonly clockKHz: number;
  /** First eight bytes of the SHA-256 of the model, in hexadecimal. */
  readonly modelDigest: string;
}

/** What a board made of an image. */
export interface BoardResult {
  readonly classIndex: number;
  /** Of the accelerator, without stalls. */
  readonly cycles: number;
  /** In which it waited for the line to take the result before. */
  readonly stalls: number;
  readonly logits: readonly number[];
}

function malformed(what: string, expected: string, actual: string): SpikemillError {
  return new SpikemillError('BOARD', `the board answers with ${what} that this program does not know`, {
    expected,
    actual,
    suggestions: ['generate the design of the board again with this version'],
  });
}

const INFO_BYTES = 24;

/** @throws SpikemillError BOARD for another version of the protocol. */
export function decodeInfo({ payload }: Frame): BoardInfo {
  if (payload.length !== INFO_BYTES || payload[0] !== PROTOCOL_VERSION) {
    const expected = `${INFO_BYTES} bytes, version ${PROTOCOL_VERSION}`;
    throw malformed('a description', expected, `${payload.length} bytes, version ${payload[0]}`);
  }
  const view = new DataView(payload.buffer, payload.byteOffset, payload.byteLength);
  return {
    inChannels: view.getUint16(2, true),
    imageHeight: view.getUint16(4, true),
    imageWidth: view.getUint16(6, true),
    classes: view.getUint16(8, true),
    timesteps: view.getUint16(10, true),
    clockKHz: view.getUint32(12, true),
    modelDigest: Buffer.from(payload.subarray(16, 24)).toString('hex'),
  };
}

/** Words in front of the logits: class, cycles, stalls. */
const RESULT_WORDS = 3;

/** @throws SpikemillError BOARD if it is not a result for `classes` classes. */
export function decodeResult({ payload }: Frame, classes: number): BoardResult {
  const bytes = 4 * (RESULT_WORDS + classes);
  if (payload.length !== bytes) throw malformed('a result', `${bytes} bytes`, `${payload.length} bytes`);
  const view = new DataView(payload.buffer, payload.byteOffset, payload.byteLength);
  return {
    classIndex: view.getUint32(0, true),
    cycles: view.getUint32(4, true),
    stalls: view.getUint32(8, true),
    logits: Array.from({ length: classes }, (_, k) => view.getInt32(4 * (RESULT_WORDS + k), true)),
  };
}

export function decodeError({ payload }: Frame): BoardErrorName {
  const code = payload[0];
  return code !== undefined && code in ERROR_NAMES ? ERROR_NAMES[code as keyof typeof ERROR_NAMES] : 'unknown';
}
