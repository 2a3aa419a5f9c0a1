/** Pickles and zip archives, opcode by opcode: as torch.save writes them, and as an attacker might. */
import { crc32, deflateRawSync } from 'node:zlib';

/** Opcodes of one value; concatenated they leave it on the stack. */
export type Pickled = Uint8Array;

function bytes(...parts: (number | string | Uint8Array)[]): Uint8Array {
  return Buffer.concat(
    parts.map((part) => {
      if (typeof part === 'number') return Buffer.of(part);
      return typeof part === 'string' ? Buffer.from(part, 'utf8') : Buffer.from(part);
    }),
  );
}

function uint32(value: number): Uint8Array {
  const buffer = Buffer.alloc(4);
  buffer.writeUInt32LE(value);
  return buffer;
}

function int32(value: number): Uint8Array {
  const buffer = Buffer.alloc(4);
  buffer.writeInt32LE(value);
  return buffer;
}

export const pickle = {
  string: (text: string): Pickled => bytes('X', uint32(Buffer.byteLength(text)), text),
  integer: (value: number): Pickled => bytes('J', int32(value)),
  none: bytes('N'),
  false: bytes(0x89),
  tuple: (...items: Pickled[]): Pickled => bytes('(', ...items, 't'),
  list: (...items: Pickled[]): Pickled => bytes(']', '(', ...items, 'e'),
  dict: (entries: Readonly<Record<string, Pickled>>): Pickled => {
    const items = Object.entries(entries).flatMap(([key, value]) => [pickle.string(key), value]);
    return bytes('}', '(', ...items, 'u');
  },
  /** A class or function by name. */
  global: (module: string, name: string): Pickled => bytes('c', `${module}\n${name}\n`),
  /** A call. */
  reduce: (callee: Pickled, ...args: Pickled[]): Pickled => bytes(callee, pickle.tuple(...args), 'R'),
  /** `object.__setstate__(state)` or `object.__dict__.update(state)`. */
  build: (object: Pickled, state: Pickled): Pickled => bytes(object, state, 'b'),
  persistent: (id: Pickled): Pickled => bytes(id, 'Q'),
  /** dict items set on whatever `object` is. */
  setItems: (object: Pickled, ...items: Pickled[]): Pickled => bytes(object, '(', ...items, 'u'),
  /** A finished pickle, protocol 2. */
  file: (value: Pickled): Uint8Array => bytes(0x80, 2, value, '.'),
  raw: bytes,
};

export interface TensorSpec {
  readonly shape: readonly number[];
  /** Row-major by default. */
  readonly strides?: readonly number[];
  readonly offset?: number;
  /** Name of the storage class. */
  readonly storage?: string;
  readonly key: string;
  readonly elements: number;
}

function integers(values: readonly number[]): Pickled {
  return pickle.tuple(...values.map(pickle.integer));
}

function rowMajor(shape: readonly number[]): number[] {
  return shape.map((_, axis) => shape.slice(axis + 1).reduce((product, size) => product * size, 1));
}

/** A tensor as torch pickles it. */
export function pickleTensor(spec: TensorSpec): Pickled {
  const { shape, strides = rowMajor(shape), offset = 0, storage = 'FloatStorage', key, elements } = spec;
  const id = pickle.tuple(
    pickle.string('storage'),
    pickle.global('torch', storage),
    pickle.string(key),
    pickle.string('cpu'),
    pickle.integer(elements),
  );
  return pickle.reduce(
    pickle.global('torch._utils', '_rebuild_tensor_v2'),
    pickle.persistent(id),
    pickle.integer(offset),
    integers(shape),
    integers(strides),
    pickle.false,
    pickle.reduce(pickle.global('collections', 'OrderedDict')),
  );
}

export interface ZipEntry {
  readonly name: string;
  readonly data: Uint8Array;
  readonly isDeflated?: boolean;
  /** What the directory claims instead of the truth. */
  readonly claimedBytes?: number;
  readonly claimedCrc?: number;
}

function header(signature: number, fields: readonly [size: 2 | 4, value: number][], ...rest: Uint8Array[]): Uint8Array {
  const parts = fields.map(([size, value]) => {
    const buffer = Buffer.alloc(size);
    buffer.writeUIntLE(value, 0, size);
    return buffer;
  });
  return Buffer.concat([uint32(signature), ...parts, ...rest]);
}

/** A zip archive without dates. */
export function makeZip(entries: readonly ZipEntry[]): Uint8Array {
  const locals: Uint8Array[] = [];
  const directory: Uint8Array[] = [];
  let offset = 0;
  for (const { name, data, isDeflated = false, claimedBytes = data.length, claimedCrc = crc32(data) } of entries) {
    const packed = isDeflated ? deflateRawSync(data) : data;
    const encoded = Buffer.from(name, 'utf8');
    const method = isDeflated ? 8 : 0;
    const sizes: [2 | 4, number][] = [
      [4, claimedCrc],
      [4, packed.length],
      [4, claimedBytes],
      [2, encoded.length],
      [2, 0],
    ];
    const common: [2 | 4, number][] = [[2, 20], [2, 0], [2, method], [2, 0], [2, 0], ...sizes];
    const local = header(0x04034b50, common, encoded, packed);
    const place: [2 | 4, number][] = [
      [2, 0],
      [2, 0],
      [2, 0],
      [4, 0],
      [4, offset],
    ];
    directory.push(header(0x02014b50, [[2, 20], ...common, ...place], encoded));
    locals.push(local);
    offset += local.length;
  }
  const directoryBytes = directory.reduce((sum, entry) => sum + entry.length, 0);
  const count = entries.length;
  const end = header(0x06054b50, [
    [2, 0],
    [2, 0],
    [2, count],
    [2, count],
    [4, directoryBytes],
    [4, offset],
    [2, 0],
  ]);
  return Buffer.concat([...locals, ...directory, end]);
}

/** A checkpoint as torch.save writes it: the pickle, and storages by key. */
export function makeCheckpoint(value: Pickled, storages: Readonly<Record<string, Uint8Array>> = {}): Uint8Array {
  return makeZip([
    { name: 'archive/data.pkl', data: pickle.file(value) },
    ...Object.entries(storages).map(([key, data]) => ({ name: `archive/data/${key}`, data })),
  ]);
}

/** Little-endian binary32. */
export function floats(...values: number[]): Uint8Array {
  const buffer = Buffer.alloc(4 * values.length);
  for (const [i, value] of values.entries()) buffer.writeFloatLE(value, 4 * i);
  return buffer;
}
