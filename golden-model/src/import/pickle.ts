/**
 * Unpickling by allow-list. A pickle names functions to call; here only the few that tensors need mean anything, and
 * they are ours. Every other name becomes an IgnoredObject that swallows what is done to it: nothing is ever executed.
 */
import { BufferReader, Parser } from 'pickleparser';
import { SpikemillError } from '../errors.js';
import type { Dtype } from './tensor-file.js';

/** The most dimensions that a tensor of the family has is 4; torch itself stops at 64. */
const MAX_DIMENSIONS = 8;

/** A tensor as the pickle describes it; its elements lie in another entry of the archive. */
export class TensorReference {
  /** Name of the storage within the archive's `data/`, its type and its length in elements. */
  readonly storage: Storage;
  /** First element, in elements. */
  readonly offset: number;
  readonly shape: readonly number[];
  /** In elements; as many as the shape has sizes. */
  readonly strides: readonly number[];

  constructor(storage: Storage, offset: number, shape: readonly number[], strides: readonly number[]) {
    this.storage = storage;
    this.offset = offset;
    this.shape = shape;
    this.strides = strides;
    Object.freeze(this);
  }
}

/** Stands for an object of a class that is not on the list (an optimizer, argparse.Namespace, os.system, ...). */
export class IgnoredObject {
  readonly qualifiedName: string;

  constructor(qualifiedName: string) {
    this.qualifiedName = qualifiedName;
    Object.freeze(this);
  }

  // What unpickling does to dicts, lists, sets and objects, without effect.
  set(): void {}
  push(): void {}
  add(): void {}
  __setstate__(): void {}
}

class StorageClass {
  readonly dtype: Dtype;

  constructor(dtype: Dtype) {
    this.dtype = dtype;
    Object.freeze(this);
  }
}

export class Storage {
  readonly dtype: Dtype;
  readonly key: string;
  readonly elements: number;

  constructor(dtype: Dtype, key: string, elements: number) {
    this.dtype = dtype;
    this.key = key;
    this.elements = elements;
    Object.freeze(this);
  }
}

const STORAGE_DTYPES: Readonly<Record<string, Dtype>> = {
  DoubleStorage: 'F64',
  FloatStorage: 'F32',
  HalfStorage: 'F16',
  BFloat16Storage: 'BF16',
  LongStorage: 'I64',
  IntStorage: 'I32',
  ShortStorage: 'I16',
  CharStorage: 'I8',
  ByteStorage: 'U8',
  BoolStorage: 'BOOL',
};

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

/** A copy of a tuple of counts; null for anything else. By index: a pickle can replace an array's methods. */
function copyCounts(value: unknown): number[] | null {
  if (!Array.isArray(value) || value.length > MAX_DIMENSIONS) return null;
  const counts: number[] = [];
  for (let i = 0; i < value.length; i++) {
    const count: unknown = value[i];
    if (!isCount(count)) return null;
    counts.push(count);
  }
  return counts;
}

/** `torch._utils._rebuild_tensor_v2(storage, offset, size, stride, requires_grad, hooks)`. */
function rebuildTensor(storage: unknown, offset: unknown, size: unknown, stride: unknown): unknown {
  const shape = copyCounts(size);
  const strides = copyCounts(stride);
  if (!(storage instanceof Storage) || !isCount(offset) || shape === null || strides?.length !== shape.length) {
    return new IgnoredObject('a tensor of another storage, size or stride');
  }
  return new TensorReference(storage, offset, shape, strides);
}

type Rebuild = (...args: unknown[]) => unknown;

/** Everything that is allowed to mean something. Frozen, because a pickle may try to set attributes. */
const ALLOWED: ReadonlyMap<string, Rebuild> = new Map<string, Rebuild>([
  ['collections.OrderedDict', Object.freeze(() => new Map())],
  ['torch._utils._rebuild_tensor_v2', Object.freeze(rebuildTensor)],
  ['torch._utils._rebuild_parameter', Object.freeze((data: unknown) => data)],
]);

/** Pickles refer to classes by name, then call them or construct them: both give the stand-in. */
function ignoredClass(qualifiedName: string): () => IgnoredObject {
  return Object.freeze(function ignored() {
    return new IgnoredObject(qualifiedName);
  });
}

/** Never goes back, so that no pickle can make the reader loop. */
class ForwardReader extends BufferReader {
  override skip(bytes: number): void {
    if (!(bytes >= 0)) throw new Error(`a length of ${bytes} bytes`);
    super.skip(bytes);
  }
}

/** `('storage', class, key, location, elements)`. Anything else is ignored. */
function resolveStorage(id: unknown): unknown {
  const [tag, type, key, , elements]: unknown[] = Array.isArray(id) ? id : [];
  const isStorage = tag === 'storage' && type instanceof StorageClass;
  if (!isStorage || typeof key !== 'string' || !isCount(elements)) return new IgnoredObject('a persistent object');
  return new Storage(type.dtype, key, elements);
}

export interface Unpickled {
  /** Dicts are Maps, lists and tuples arrays, tensors TensorReferences, unknown objects IgnoredObjects. */
  readonly value: unknown;
  /** Names of classes and functions that were not on the list, sorted, each once. */
  readonly ignoredNames: readonly string[];
}

/**
 * Unpickles data only.
 * @throws SpikemillError INVALID_FILE if it is no pickle
 */
export function unpickle(bytes: Uint8Array, where: string): Unpickled {
  const ignored = new Set<string>();
  const resolve = (module: string, name: string): unknown => {
    const qualifiedName = `${module}.${name}`;
    const dtype = module === 'torch' && Object.hasOwn(STORAGE_DTYPES, name) ? STORAGE_DTYPES[name] : undefined;
    if (dtype !== undefined) return new StorageClass(dtype);
    const allowed = ALLOWED.get(qualifiedName);
    if (allowed !== undefined) return allowed;
    ignored.add(qualifiedName);
    return ignoredClass(qualifiedName);
  };
  const parser = new Parser({
    unpicklingTypeOfDictionary: 'Map',
    nameResolver: { resolve: resolve as (module: string, name: string) => () => unknown },
    persistentResolver: { resolve: resolveStorage },
    extensionResolver: { resolve: (code) => new IgnoredObject(`extension ${code}`) },
  });
  try {
    const value: unknown = parser.read(new ForwardReader(bytes));
    return { value, ignoredNames: [...ignored].sort() };
  } catch (cause) {
    throw new SpikemillError('INVALID_FILE', 'the pickle is damaged', {
      where,
      actual: (cause as Error).message,
      suggestions: ['save it again: torch.save({"model": model.state_dict()}, FILE)'],
      cause,
    });
  }
}
