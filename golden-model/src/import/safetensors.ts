/**
 * The safetensors container: 8 bytes header length (u64, little-endian), a JSON header, the tensor bytes.
 * The reader believes nothing: what it returns lies inside the file, once, without overlaps and holes.
 */
import { type ErrorDetails, SpikemillError } from '../errors.js';
import { countOf } from '../wording.js';
import { findDuplicateKey } from './json-keys.js';
import { DTYPE_BYTES, type Dtype, elementCount, formatShape, type RawTensor, type TensorFile } from './tensor-file.js';

const LENGTH_BYTES = 8;
/** As in the format's own implementation. */
const MAX_HEADER_BYTES = 100_000_000;
const METADATA_KEY = '__metadata__';

interface Entry {
  readonly name: string;
  readonly dtype: Dtype;
  readonly shape: readonly number[];
  /** Bytes from the end of the header. */
  readonly begin: number;
  readonly end: number;
}

function invalid(message: string, details: ErrorDetails): SpikemillError {
  return new SpikemillError('INVALID_FILE', message, details);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

/** The header's bytes, after their length has been held against the file's. */
function readHeader(bytes: Uint8Array, where: string): Uint8Array {
  const tooShort = { where, suggestions: ['copy the file again: it looks cut off, or it is not a safetensors file'] };
  if (bytes.length < LENGTH_BYTES) {
    throw invalid('the file is too short for safetensors', {
      ...tooShort,
      expected: `at least ${LENGTH_BYTES} bytes`,
      actual: countOf(bytes.length, 'byte'),
    });
  }
  const length = new DataView(bytes.buffer, bytes.byteOffset, LENGTH_BYTES).getBigUint64(0, true);
  const available = bytes.length - LENGTH_BYTES;
  if (length > BigInt(MAX_HEADER_BYTES)) {
    throw invalid('the header is oversized', {
      where,
      expected: `at most ${MAX_HEADER_BYTES} bytes`,
      actual: countOf(length, 'byte'),
      suggestions: ['check that this is a safetensors file'],
    });
  }
  if (length > BigInt(available)) {
    throw invalid('the header is cut off', {
      ...tooShort,
      expected: `${countOf(length, 'byte')} of header`,
      actual: `${countOf(available, 'byte')} in the file`,
    });
  }
  return bytes.subarray(LENGTH_BYTES, LENGTH_BYTES + Number(length));
}

function parseHeader(bytes: Uint8Array, where: string): Record<string, unknown> {
  let text: string;
  let header: unknown;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    header = JSON.parse(text);
  } catch (cause) {
    throw invalid('the header is not JSON in UTF-8', { where, actual: (cause as Error).message, cause });
  }
  if (!isObject(header)) throw invalid('the header is not a JSON object', { where, actual: text.slice(0, 40) });
  const duplicate = findDuplicateKey(text);
  if (duplicate !== null) throw invalid('a key occurs twice in the header', { where, actual: duplicate });
  return header;
}

function readMetadata(value: unknown, where: string): Map<string, string> {
  if (value === undefined) return new Map();
  if (!isObject(value) || !Object.values(value).every((text) => typeof text === 'string')) {
    throw invalid(`${METADATA_KEY} is not an object of strings`, { where });
  }
  return new Map(Object.entries(value as Record<string, string>));
}

function readEntry(name: string, value: unknown, where: string): Entry {
  const place = `${where}: ${name}`;
  if (!isObject(value)) throw invalid('a header entry is not an object', { where: place });
  const { dtype, shape, data_offsets: offsets } = value;
  if (typeof dtype !== 'string' || !Object.hasOwn(DTYPE_BYTES, dtype)) {
    throw invalid('unknown dtype', {
      where: place,
      expected: Object.keys(DTYPE_BYTES).join(', '),
      actual: String(JSON.stringify(dtype)),
    });
  }
  if (!Array.isArray(shape) || !shape.every(isCount) || !Number.isSafeInteger(elementCount(shape))) {
    throw invalid('a shape is not a list of sizes', { where: place, actual: String(JSON.stringify(shape)) });
  }
  const [begin, end]: unknown[] = Array.isArray(offsets) && offsets.length === 2 ? offsets : [];
  if (!isCount(begin) || !isCount(end) || begin > end) {
    throw invalid('data_offsets is not [begin, end]', { where: place, actual: String(JSON.stringify(offsets)) });
  }
  return checkSize({ name, dtype: dtype as Dtype, shape, begin, end }, place);
}

function checkSize(entry: Entry, where: string): Entry {
  const { dtype, shape, begin, end } = entry;
  const size = elementCount(shape) * DTYPE_BYTES[dtype];
  if (size === end - begin) return entry;
  throw invalid('shape and size of a tensor disagree', {
    where,
    expected: `${countOf(size, 'byte')} for ${dtype} ${formatShape(shape)}`,
    actual: `${countOf(end - begin, 'byte')} from ${begin} to ${end}`,
  });
}

/** The tensors must fill the data exactly: each byte belongs to one tensor. */
function checkLayout(entries: readonly Entry[], dataBytes: number, where: string): void {
  let position = 0;
  let previous = 'the header';
  for (const { name, begin, end } of [...entries].sort((a, b) => a.begin - b.begin || a.end - b.end)) {
    if (begin !== position) {
      throw invalid(begin < position ? 'two tensors overlap' : 'there is a hole between two tensors', {
        where: `${where}: ${name}, after ${previous}`,
        expected: `begin at ${position}`,
        actual: `begin at ${begin}`,
      });
    }
    position = end;
    previous = name;
  }
  if (position === dataBytes) return;
  throw invalid(position > dataBytes ? 'the file is cut off' : 'there are bytes after the last tensor', {
    where,
    expected: `${countOf(position, 'byte')} of tensors`,
    actual: countOf(dataBytes, 'byte'),
    suggestions: ['copy the file again'],
  });
}

/**
 * Reads a safetensors file. The tensors are views into `bytes`, not copies.
 * @param where the file's name, for messages
 * @throws SpikemillError INVALID_FILE for anything that contradicts the format
 */
export function parseSafetensors(bytes: Uint8Array, where: string): TensorFile {
  const header = readHeader(bytes, where);
  const { [METADATA_KEY]: metadata, ...rest } = parseHeader(header, where);
  const dataStart = LENGTH_BYTES + header.length;
  const entries = Object.entries(rest).map(([name, value]) => readEntry(name, value, where));
  checkLayout(entries, bytes.length - dataStart, where);
  const view = ({ dtype, shape, begin, end }: Entry): RawTensor => ({
    dtype,
    shape,
    bytes: bytes.subarray(dataStart + begin, dataStart + end),
  });
  return {
    metadata: readMetadata(metadata, where),
    tensors: new Map(entries.map((entry) => [entry.name, view(entry)])),
  };
}

/** Wide elements first, so that every tensor is aligned; then by name in code unit order. */
function compareForLayout(
  [a, { dtype: typeA }]: [string, RawTensor],
  [b, { dtype: typeB }]: [string, RawTensor],
): number {
  return DTYPE_BYTES[typeB] - DTYPE_BYTES[typeA] || (a < b ? -1 : 1);
}

/**
 * Writes a safetensors file. Equal content gives equal bytes: tensors are sorted, metadata keeps its order, the header
 * is padded with spaces to a multiple of 8 bytes.
 */
export function serializeSafetensors({ metadata, tensors }: TensorFile): Uint8Array {
  const sorted = [...tensors].sort(compareForLayout);
  const header: Record<string, unknown> = {};
  if (metadata.size > 0) header[METADATA_KEY] = Object.fromEntries(metadata);
  let position = 0;
  for (const [name, { dtype, shape, bytes }] of sorted) {
    header[name] = { dtype, shape, data_offsets: [position, position + bytes.length] };
    position += bytes.length;
  }
  const encoded = new TextEncoder().encode(JSON.stringify(header));
  const headerLength = Math.ceil(encoded.length / LENGTH_BYTES) * LENGTH_BYTES;
  const file = new Uint8Array(LENGTH_BYTES + headerLength + position).fill(
    0x20,
    LENGTH_BYTES,
    LENGTH_BYTES + headerLength,
  );
  new DataView(file.buffer).setBigUint64(0, BigInt(headerLength), true);
  file.set(encoded, LENGTH_BYTES);
  let offset = LENGTH_BYTES + headerLength;
  for (const [, { bytes }] of sorted) {
    file.set(bytes, offset);
    offset += bytes.length;
  }
  return file;
}
