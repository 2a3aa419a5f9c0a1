/**
 * Checkpoints of torch.save: a zip archive of one pickle (`NAME/data.pkl`) and one entry per storage (`NAME/data/KEY`).
 * Only the state dict is read: under the key `model` or `state_dict`, or the pickled dict itself.
 */
import { type ErrorDetails, SpikemillError } from '../errors.js';
import { countOf } from '../wording.js';
import { type Storage, TensorReference, type Unpickled, unpickle } from './pickle.js';
import { DTYPE_BYTES, elementCount, formatShape, type RawTensor, type TensorFile } from './tensor-file.js';
import { isZip, openZip, type ZipArchive } from './zip-archive.js';

const PICKLE_NAME = /^(?:(.+)\/)?data\.pkl$/;
const STATE_DICT_KEYS = ['model', 'state_dict'];
/** torch.nn.DataParallel puts this in front of every key. */
const PARALLEL_PREFIX = 'module.';
/** PROTO opcode: how a file starts that is a bare pickle, not a zip. */
const PICKLE_START = 0x80;
const MAX_PICKLE_BYTES = 256 * 2 ** 20;
/** Of the storages of all tensors; four times the largest network of the paper. Bounds what shared ones blow up to. */
const MAX_ELEMENTS = 2 ** 28;

export interface TorchCheckpoint extends TensorFile {
  /** Where the state dict was found: a key of the checkpoint, or null for the pickled dict itself. */
  readonly stateDictKey: string | null;
  /** Classes and functions of the pickle that were not on the allow-list; none was executed. */
  readonly ignoredNames: readonly string[];
}

/** `{`, with which the JSON header of a safetensors file starts behind its length. */
const SAFETENSORS_START = 0x7b;
const SAFETENSORS_LENGTH_BYTES = 8;

/**
 * True for files that torch.save writes, in the zip format or the one before it. The length in front of a safetensors
 * header may well begin with the byte of a pickle: what follows the length decides.
 */
export function isTorchCheckpoint(bytes: Uint8Array): boolean {
  if (isZip(bytes)) return true;
  return bytes[0] === PICKLE_START && bytes[SAFETENSORS_LENGTH_BYTES] !== SAFETENSORS_START;
}

function invalid(message: string, details: ErrorDetails): SpikemillError {
  return new SpikemillError('INVALID_FILE', message, details);
}

function openArchive(bytes: Uint8Array, where: string): ZipArchive {
  if (isZip(bytes)) return openZip(bytes, where);
  throw invalid('this checkpoint is in the format that torch wrote before version 1.6', {
    where,
    expected: 'a zip archive',
    actual: 'a bare pickle',
    suggestions: [
      'save it again: torch.save(torch.load(OLD, map_location="cpu"), NEW), with torch 1.6 or newer',
      'or save the state dict as .safetensors: safetensors.torch.save_file(state_dict, NEW)',
    ],
  });
}

/** `NAME/` in front of `data.pkl` and `data/`; empty if the archive has no folder. */
function findPrefix(archive: ZipArchive, where: string): string {
  const found = archive.names.map((name) => PICKLE_NAME.exec(name)).filter((match) => match !== null);
  if (found.length !== 1) {
    throw invalid('the archive is no checkpoint of torch.save', {
      where,
      expected: 'one entry NAME/data.pkl',
      actual: `${found.length} of them among ${archive.names.length} entries`,
    });
  }
  const folder = found[0]?.[1];
  const prefix = folder === undefined ? '' : `${folder}/`;
  if (archive.names.includes(`${prefix}constants.pkl`)) {
    throw invalid('this is a TorchScript archive', {
      where,
      suggestions: ['save the state dict instead of the module'],
    });
  }
  return prefix;
}

function checkByteOrder(archive: ZipArchive, prefix: string, where: string): void {
  const name = `${prefix}byteorder`;
  if (archive.sizeOf(name) === undefined) return;
  const order = new TextDecoder().decode(archive.read(name));
  if (order === 'little') return;
  throw invalid('the checkpoint was written on a machine of another byte order', {
    where,
    expected: 'little',
    actual: order,
  });
}

function readPickle(archive: ZipArchive, prefix: string, where: string): Unpickled {
  const name = `${prefix}data.pkl`;
  const size = archive.sizeOf(name) ?? 0;
  if (size > MAX_PICKLE_BYTES) {
    throw invalid('the pickle is too large', {
      where: `${where}: ${name}`,
      expected: `at most ${MAX_PICKLE_BYTES} bytes`,
      actual: countOf(size, 'byte'),
    });
  }
  return unpickle(archive.read(name), `${where}: ${name}`);
}

/** A copy, because a pickle can hang attributes on its dicts that hide their methods. */
function asDict(value: unknown): Map<unknown, unknown> | null {
  return value instanceof Map ? new Map(value) : null;
}

function findStateDict(root: unknown, where: string): { key: string | null; dict: Map<unknown, unknown> } {
  const checkpoint = asDict(root);
  if (checkpoint !== null) {
    for (const key of STATE_DICT_KEYS) {
      const dict = asDict(checkpoint.get(key));
      if (dict !== null) return { key, dict };
    }
    if ([...checkpoint.values()].some((value) => value instanceof TensorReference))
      return { key: null, dict: checkpoint };
  }
  throw invalid('the checkpoint holds no state dict', {
    where,
    expected: `a dict of tensors, bare or under ${STATE_DICT_KEYS.join(' or ')}`,
    actual:
      checkpoint === null ? 'a pickle of something else' : `keys ${[...checkpoint.keys()].map(String).join(', ')}`,
    suggestions: ['save it as torch.save({"model": model.state_dict()}, FILE)'],
  });
}

/** Tensor entries only, without the prefix of a data-parallel module. */
function tensorEntries(dict: ReadonlyMap<unknown, unknown>): [string, TensorReference][] {
  const entries: [string, TensorReference][] = [];
  for (const [key, value] of dict) {
    if (typeof key === 'string' && value instanceof TensorReference) entries.push([key, value]);
  }
  const isParallel = entries.every(([key]) => key.startsWith(PARALLEL_PREFIX));
  return isParallel ? entries.map(([key, tensor]) => [key.slice(PARALLEL_PREFIX.length), tensor]) : entries;
}

/** The tensor's first and last element must lie in its storage, and it must not repeat elements (stride 0). */
function checkExtent({ storage, shape, strides, offset }: TensorReference, where: string): void {
  const elements = elementCount(shape);
  const last = shape.reduce((sum, size, axis) => sum + (size - 1) * strides[axis]!, offset);
  if (elements === 0 || (elements <= storage.elements && last < storage.elements)) return;
  throw new SpikemillError('INVALID_TENSOR', 'a tensor reaches outside its storage', {
    where,
    expected: `at most ${storage.elements} elements`,
    actual: `shape ${formatShape(shape)}, strides ${formatShape(strides)}, offset ${offset}`,
  });
}

/** The elements in row-major order, whatever their strides in the storage. */
function gather({ storage, shape, strides, offset }: TensorReference, stored: Uint8Array): Uint8Array {
  const size = DTYPE_BYTES[storage.dtype];
  const bytes = new Uint8Array(elementCount(shape) * size);
  const place = shape.map(() => 0);
  let source = offset;
  for (let target = 0; target < bytes.length; target += size) {
    for (let byte = 0; byte < size; byte++) bytes[target + byte] = stored[source * size + byte]!;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      source += strides[axis]!;
      place[axis]! += 1;
      if (place[axis]! < shape[axis]!) break;
      source -= strides[axis]! * shape[axis]!;
      place[axis] = 0;
    }
  }
  return bytes;
}

class StorageReader {
  readonly #archive: ZipArchive;
  readonly #prefix: string;
  readonly #where: string;
  #elements = 0;

  constructor(archive: ZipArchive, prefix: string, where: string) {
    this.#archive = archive;
    this.#prefix = prefix;
    this.#where = where;
  }

  read(key: string, tensor: TensorReference): RawTensor {
    const where = `${this.#where}: ${key}`;
    checkExtent(tensor, where);
    this.#elements += tensor.storage.elements;
    if (this.#elements > MAX_ELEMENTS) {
      throw invalid('the tensors are too large', { where, expected: `at most ${MAX_ELEMENTS} elements in all` });
    }
    const stored = this.#readStorage(tensor.storage, where);
    return { dtype: tensor.storage.dtype, shape: tensor.shape, bytes: gather(tensor, stored) };
  }

  #readStorage({ dtype, key, elements }: Storage, where: string): Uint8Array {
    const name = `${this.#prefix}data/${key}`;
    const expected = elements * DTYPE_BYTES[dtype];
    const actual = this.#archive.sizeOf(name);
    if (actual === expected) return this.#archive.read(name);
    throw invalid('a storage of the checkpoint is missing or has another size', {
      where,
      expected: `${name} of ${expected} bytes`,
      actual: actual === undefined ? 'no such entry' : countOf(actual, 'byte'),
    });
  }
}

/**
 * Reads the state dict of a torch checkpoint. Tensors come out contiguous.
 * @param where the file's name, for messages
 * @throws SpikemillError INVALID_FILE (with the way to save it again) or INVALID_TENSOR
 */
export function parseTorchCheckpoint(bytes: Uint8Array, where: string): TorchCheckpoint {
  const archive = openArchive(bytes, where);
  const prefix = findPrefix(archive, where);
  checkByteOrder(archive, prefix, where);
  const { value, ignoredNames } = readPickle(archive, prefix, where);
  const { key, dict } = findStateDict(value, where);
  const storages = new StorageReader(archive, prefix, where);
  const tensors = new Map(tensorEntries(dict).map(([name, tensor]) => [name, storages.read(name, tensor)]));
  return { metadata: new Map(), tensors, stateDictKey: key, ignoredNames };
}
