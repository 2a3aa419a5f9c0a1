/** Reads trace files at any place; believes nothing that it can check. */
import { createHash } from 'node:crypto';
import { type ErrorDetails, SpikemillError } from '../errors.js';
import { openFileChecked, type SeekableFile } from '../files.js';
import { traceHeaderSchema } from '../generated/trace-header.generated.js';
import { parseJson, validateJson } from '../json.js';
import { countOf } from '../wording.js';
import {
  DIGEST_BYTES,
  PREAMBLE_BYTES,
  TRACE_MAGIC,
  type TraceHeader,
  type TraceSection,
  traceLayout,
} from './trace-format.js';

export interface TraceReader {
  readonly header: TraceHeader;
  /** @throws SpikemillError USAGE if the trace has no such section. */
  readonly section: (kind: TraceSection['kind'], name?: string) => TraceSection;
  /**
   * The bytes of one section of an image, or of one timestep of it alone; the dtype of the section says what they are.
   *
   * @throws SpikemillError USAGE for an image or timestep that is not there.
   */
  readonly read: (image: number, section: TraceSection, timestep?: number) => Uint8Array;
  /** The integers of a section of numbers. */
  readonly integers: (image: number, section: TraceSection, timestep?: number) => Int32Array;
  /** Reads one image and holds every section against its digest. @throws SpikemillError INVALID_FILE */
  readonly verify: (image: number) => void;
  readonly close: () => void;
}

const MAX_HEADER_BYTES = 100_000_000;

function invalid(message: string, details: ErrorDetails): SpikemillError {
  return new SpikemillError('INVALID_FILE', message, details);
}

/** True if the file starts as a trace does. */
export function isTraceFile(start: Uint8Array): boolean {
  return TRACE_MAGIC.every((byte, i) => start[i] === byte);
}

/** True if the path is a file that starts as a trace does; a folder or what cannot be read is none. */
export function isTracePath(path: string): boolean {
  let file: SeekableFile | null = null;
  try {
    file = openFileChecked(path);
    return isTraceFile(file.read(0, Math.min(TRACE_MAGIC.length, file.bytes)));
  } catch {
    return false;
  } finally {
    file?.close();
  }
}

function readHeaderBytes(file: SeekableFile, where: string): Uint8Array {
  const preamble = file.read(0, Math.min(PREAMBLE_BYTES, file.bytes));
  if (preamble.length < PREAMBLE_BYTES || !isTraceFile(preamble)) {
    throw invalid('this is not a trace file', { where, expected: 'SMTRACE1 at its start' });
  }
  const length = new DataView(preamble.buffer).getBigUint64(8, true);
  if (length > BigInt(Math.min(MAX_HEADER_BYTES, file.bytes - PREAMBLE_BYTES))) {
    throw invalid('the header is cut off or oversized', { where, actual: `${countOf(length, 'byte')} of header` });
  }
  return file.read(PREAMBLE_BYTES, Number(length));
}

/** Sections must follow each other without holes, and the file must end where they say. */
function checkHeader(header: TraceHeader, headerBytes: number, file: SeekableFile, where: string): void {
  let offset = 0;
  for (const section of header.sections) {
    const { rounds, height, width, rowBytes, bytes, name } = section;
    if (section.offset !== offset || bytes !== rounds * height * width * rowBytes) {
      throw invalid('a section does not lie where it must', {
        where: `${where}: ${name}`,
        expected: `offset ${offset}`,
      });
    }
    offset += bytes;
  }
  const { end } = traceLayout(header, headerBytes);
  if (offset === header.imageBytes && end === file.bytes) return;
  throw invalid('the file does not have the size that its header says', {
    where,
    expected: `${end} bytes`,
    actual: countOf(file.bytes, 'byte'),
    suggestions: ['write the trace again: this one looks cut off'],
  });
}

function sha256(...parts: Uint8Array[]): Buffer {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest();
}

function requireIndex(what: string, index: number, count: number): void {
  if (Number.isInteger(index) && index >= 0 && index < count) return;
  throw new SpikemillError('USAGE', `the trace has no ${what} ${index}`, {
    where: what,
    expected: `0 to ${count - 1}`,
    actual: String(index),
  });
}

function decodeIntegers(bytes: Uint8Array, dtype: TraceSection['dtype']): Int32Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (dtype === 'i16') return Int32Array.from({ length: bytes.length / 2 }, (_, i) => view.getInt16(2 * i, true));
  if (dtype === 'i32') return Int32Array.from({ length: bytes.length / 4 }, (_, i) => view.getInt32(4 * i, true));
  return Int32Array.from(bytes);
}

function readerOf(path: string, file: SeekableFile): TraceReader {
  const encoded = readHeaderBytes(file, path);
  const json = parseJson(new TextDecoder().decode(encoded), path, 'INVALID_FILE');
  const header = validateJson<TraceHeader>(traceHeaderSchema, json, path, 'INVALID_FILE');
  checkHeader(header, encoded.length, file, path);
  const { data, digests, end } = traceLayout(header, encoded.length);
  const all = file.read(digests, end - digests - DIGEST_BYTES);
  if (sha256(encoded, all).compare(file.read(end - DIGEST_BYTES, DIGEST_BYTES)) !== 0) {
    throw invalid('header or digests of the trace have changed', { where: path });
  }
  const read: TraceReader['read'] = (image, { offset, bytes, rounds }, timestep) => {
    requireIndex('image', image, header.images);
    const start = data + image * header.imageBytes + offset;
    if (timestep === undefined) return file.read(start, bytes);
    requireIndex('timestep', timestep, rounds);
    return file.read(start + timestep * (bytes / rounds), bytes / rounds);
  };
  return {
    header,
    section: (kind, name) => {
      const found = header.sections.find((s) => s.kind === kind && (name === undefined || s.name === name));
      if (found !== undefined) return found;
      throw new SpikemillError('USAGE', `the trace has no ${kind} of ${name ?? 'any layer'}`, {
        where: path,
        expected: header.sections.flatMap((s) => (s.kind === kind ? [s.name] : [])).join(', ') || `no ${kind} at all`,
        actual: name ?? kind,
      });
    },
    read,
    integers: (image, section, timestep) => decodeIntegers(read(image, section, timestep), section.dtype),
    verify: (image) => {
      header.sections.forEach((section, i) => {
        const at = (image * header.sections.length + i) * DIGEST_BYTES;
        if (sha256(read(image, section)).compare(all.subarray(at, at + DIGEST_BYTES)) === 0) return;
        throw invalid('a section of the trace has changed', {
          where: `${path}: image ${image}, ${section.kind} of ${section.name}`,
        });
      });
    },
    close: file.close,
  };
}

/**
 * Opens a trace file; reads its header and digests, and of the rest what is asked for.
 *
 * @throws SpikemillError INVALID_FILE for anything that contradicts the format
 */
export function openTrace(path: string): TraceReader {
  const file = openFileChecked(path);
  try {
    return readerOf(path, file);
  } catch (error) {
    file.close();
    throw error;
  }
}
