/**
 * Frames of the serial line, as docs/board-protocol.md describes them:
 * a5 5a, type, tag, length (4 bytes, lowest first), payload, CRC-16 (2 bytes, lowest first) of type to payload.
 */
import { crc16 } from './crc16.js';

export interface Frame {
  readonly type: number;
  /** Chosen by the host; a reply has the one of its request. */
  readonly tag: number;
  readonly payload: Uint8Array;
}

const SYNC = [0xa5, 0x5a] as const;
/** Sync, type, tag, length. */
const HEADER_BYTES = 8;
const CRC_BYTES = 2;
/** A length beyond this is noise: no reply of a board is that long. */
const MAX_PAYLOAD_BYTES = 1 << 20;

export function encodeFrame({ type, tag, payload }: Frame): Uint8Array {
  const bytes = new Uint8Array(HEADER_BYTES + payload.length + CRC_BYTES);
  const view = new DataView(bytes.buffer);
  bytes.set([...SYNC, type, tag]);
  view.setUint32(4, payload.length, true);
  bytes.set(payload, HEADER_BYTES);
  const end = HEADER_BYTES + payload.length;
  view.setUint16(end, crc16(bytes.subarray(SYNC.length, end)), true);
  return bytes;
}

/** Place of the next sync bytes, or of a first one that ends the bytes; the length if there is none. */
function findSync(bytes: Uint8Array): number {
  for (let i = 0; i < bytes.length; i++) {
    if (bytes[i] === SYNC[0] && (i + 1 === bytes.length || bytes[i + 1] === SYNC[1])) return i;
  }
  return bytes.length;
}

/** Finds frames in a stream of bytes that may hold anything else, too. */
export class FrameReader {
  #bytes: Uint8Array = new Uint8Array(0);
  #skipped = 0;

  /** Bytes so far that belonged to no frame. */
  get skippedBytes(): number {
    return this.#skipped;
  }

  /** Forgets a frame that has begun. */
  reset(): void {
    this.#skip(this.#bytes.length);
  }

  push(bytes: Uint8Array): void {
    const joined = new Uint8Array(this.#bytes.length + bytes.length);
    joined.set(this.#bytes);
    joined.set(bytes, this.#bytes.length);
    this.#bytes = joined;
  }

  /** The next frame with a right checksum; null until there is one. */
  next(): Frame | null {
    for (;;) {
      this.#skip(findSync(this.#bytes));
      if (this.#bytes.length < HEADER_BYTES) return null;
      const view = new DataView(this.#bytes.buffer, this.#bytes.byteOffset, this.#bytes.byteLength);
      const length = view.getUint32(4, true);
      const end = HEADER_BYTES + length;
      if (length <= MAX_PAYLOAD_BYTES) {
        if (this.#bytes.length < end + CRC_BYTES) return null;
        if (view.getUint16(end, true) === crc16(this.#bytes.subarray(SYNC.length, end))) return this.#take(end);
      }
      // These were no sync bytes after all: the search goes on behind the first of them.
      this.#skip(1);
    }
  }

  #take(end: number): Frame {
    const frame = { type: this.#bytes[2]!, tag: this.#bytes[3]!, payload: this.#bytes.slice(HEADER_BYTES, end) };
    this.#bytes = this.#bytes.subarray(end + CRC_BYTES);
    return frame;
  }

  #skip(count: number): void {
    this.#bytes = this.#bytes.subarray(count);
    this.#skipped += count;
  }
}
