/**
 * A zip archive as torch.save writes it, read for hostile eyes: every entry lies inside the file, unpacks to the size
 * that the directory states and no further, and matches its checksum. No zip64: nothing here is over 4 GB.
 */
import { crc32, inflateRawSync } from 'node:zlib';
import { type ErrorDetails, SpikemillError } from '../errors.js';
import { countOf } from '../wording.js';

const LOCAL_HEADER = { signature: 0x04034b50, bytes: 30 };
const DIRECTORY_ENTRY = { signature: 0x02014b50, bytes: 46 };
const END_RECORD = { signature: 0x06054b50, bytes: 22 };
const MAX_COMMENT_BYTES = 0xffff;
const ZIP64_COUNT = 0xffff;
const ZIP64_SIZE = 0xffffffff;
const METHOD = { stored: 0, deflated: 8 };

interface Entry {
  readonly method: number;
  readonly crc: number;
  readonly packedBytes: number;
  readonly bytes: number;
  readonly headerOffset: number;
}

export interface ZipArchive {
  /** Names in the order of the directory. */
  readonly names: readonly string[];
  /** Unpacked size as the directory states it, before anything is unpacked; undefined: no such entry. */
  sizeOf(name: string): number | undefined;
  /**
   * Unpacks one entry.
   * @throws SpikemillError INVALID_FILE if it is missing, damaged, or not of the stated size
   */
  read(name: string): Uint8Array;
}

/** True if the file starts as a zip archive does. */
export function isZip(bytes: Uint8Array): boolean {
  return bytes.length >= 4 && dataView(bytes).getUint32(0, true) === LOCAL_HEADER.signature;
}

function dataView({ buffer, byteOffset, byteLength }: Uint8Array): DataView {
  return new DataView(buffer, byteOffset, byteLength);
}

class ZipReader implements ZipArchive {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #where: string;
  readonly #entries: ReadonlyMap<string, Entry>;

  constructor(bytes: Uint8Array, where: string) {
    this.#bytes = bytes;
    this.#view = dataView(bytes);
    this.#where = where;
    this.#entries = this.#readDirectory(this.#findEndRecord());
  }

  get names(): readonly string[] {
    return [...this.#entries.keys()];
  }

  sizeOf(name: string): number | undefined {
    return this.#entries.get(name)?.bytes;
  }

  read(name: string): Uint8Array {
    const entry = this.#entries.get(name);
    if (entry === undefined) throw this.#invalid('an entry of the archive is missing', { expected: name });
    const data = this.#unpack(name, entry);
    if (data.length !== entry.bytes) {
      throw this.#damaged(name, `${entry.bytes} bytes`, `${data.length} bytes`);
    }
    if (crc32(data) !== entry.crc) throw this.#damaged(name, 'the checksum of the directory', 'another checksum');
    return data;
  }

  #invalid(message: string, details: ErrorDetails = {}): SpikemillError {
    return new SpikemillError('INVALID_FILE', message, { where: this.#where, ...details });
  }

  #damaged(name: string, expected: string, actual: string): SpikemillError {
    return this.#invalid('an entry of the archive is damaged', {
      where: `${this.#where}: ${name}`,
      expected,
      actual,
      suggestions: ['copy the file again'],
    });
  }

  /** Throws unless `length` bytes lie in the file from `offset`. */
  #require(offset: number, length: number, what: string): void {
    if (offset + length <= this.#bytes.length) return;
    throw this.#invalid(`${what} lies outside the file`, {
      expected: `${length} bytes at ${offset}`,
      actual: `${this.#bytes.length} bytes in all`,
      suggestions: ['copy the file again: it looks cut off'],
    });
  }

  #findEndRecord(): number {
    const last = this.#bytes.length - END_RECORD.bytes;
    for (let offset = last; offset >= Math.max(0, last - MAX_COMMENT_BYTES); offset--) {
      if (this.#view.getUint32(offset, true) === END_RECORD.signature) return offset;
    }
    throw this.#invalid('the archive has no directory', { suggestions: ['copy the file again: it looks cut off'] });
  }

  #readDirectory(endRecord: number): Map<string, Entry> {
    const count = this.#view.getUint16(endRecord + 10, true);
    let offset = this.#view.getUint32(endRecord + 16, true);
    if (count === ZIP64_COUNT || offset === ZIP64_SIZE) {
      throw this.#invalid('archives in the zip64 format are not read', {
        suggestions: ['save the state dict alone: torch.save({"model": model.state_dict()}, FILE)'],
      });
    }
    const entries = new Map<string, Entry>();
    for (let i = 0; i < count; i++) {
      this.#require(offset, DIRECTORY_ENTRY.bytes, 'the directory of the archive');
      if (this.#view.getUint32(offset, true) !== DIRECTORY_ENTRY.signature) {
        throw this.#invalid('the directory of the archive is damaged', { actual: `entry ${i} of ${count}` });
      }
      const nameBytes = this.#view.getUint16(offset + 28, true);
      const extraBytes = this.#view.getUint16(offset + 30, true) + this.#view.getUint16(offset + 32, true);
      this.#require(offset + DIRECTORY_ENTRY.bytes, nameBytes, 'a name of the archive');
      const nameStart = offset + DIRECTORY_ENTRY.bytes;
      const name = new TextDecoder().decode(this.#bytes.subarray(nameStart, nameStart + nameBytes));
      if (entries.has(name)) throw this.#invalid('a name occurs twice in the archive', { actual: name });
      entries.set(name, {
        method: this.#view.getUint16(offset + 10, true),
        crc: this.#view.getUint32(offset + 16, true),
        packedBytes: this.#view.getUint32(offset + 20, true),
        bytes: this.#view.getUint32(offset + 24, true),
        headerOffset: this.#view.getUint32(offset + 42, true),
      });
      offset = nameStart + nameBytes + extraBytes;
    }
    return entries;
  }

  #unpack(name: string, { method, packedBytes, bytes, headerOffset }: Entry): Uint8Array {
    this.#require(headerOffset, LOCAL_HEADER.bytes, 'an entry of the archive');
    if (this.#view.getUint32(headerOffset, true) !== LOCAL_HEADER.signature) {
      throw this.#damaged(name, 'a local header', 'something else');
    }
    const nameBytes = this.#view.getUint16(headerOffset + 26, true);
    const extraBytes = this.#view.getUint16(headerOffset + 28, true);
    const start = headerOffset + LOCAL_HEADER.bytes + nameBytes + extraBytes;
    this.#require(start, packedBytes, 'an entry of the archive');
    const packed = this.#bytes.subarray(start, start + packedBytes);
    if (method === METHOD.stored) return packed;
    if (method !== METHOD.deflated)
      throw this.#damaged(name, 'stored or deflated data', `compression method ${method}`);
    try {
      return inflateRawSync(packed, { maxOutputLength: Math.max(bytes, 1) });
    } catch {
      throw this.#damaged(name, countOf(bytes, 'byte'), 'data that does not unpack to them');
    }
  }
}

/**
 * Opens an archive; nothing is unpacked yet.
 * @param where the file's name, for messages
 * @throws SpikemillError INVALID_FILE if the directory is missing or damaged
 */
export function openZip(bytes: Uint8Array, where: string): ZipArchive {
  return new ZipReader(bytes, where);
}
