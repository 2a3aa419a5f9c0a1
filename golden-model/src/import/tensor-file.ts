/** Tensors as they lie in a file, whatever the file format: named, typed, row-major, little-endian bytes. */
import { SpikemillError } from '../errors.js';

/** Bytes of one element, by dtype as safetensors names it. */
export const DTYPE_BYTES = {
  BOOL: 1,
  U8: 1,
  I8: 1,
  U16: 2,
  I16: 2,
  F16: 2,
  BF16: 2,
  U32: 4,
  I32: 4,
  F32: 4,
  U64: 8,
  I64: 8,
  F64: 8,
} as const;
export type Dtype = keyof typeof DTYPE_BYTES;

export interface RawTensor {
  readonly dtype: Dtype;
  readonly shape: readonly number[];
  /** Row-major, little-endian, exactly elements * DTYPE_BYTES[dtype] long, at any alignment. */
  readonly bytes: Uint8Array;
}

export interface TensorFile {
  /** `__metadata__` of a safetensors file, in its order; empty for other formats. */
  readonly metadata: ReadonlyMap<string, string>;
  readonly tensors: ReadonlyMap<string, RawTensor>;
}

/** Number of elements of a shape; NaN or unsafe values are the caller's to refuse. */
export function elementCount(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}

/** `[8, 12, 3, 3]`, for messages. */
export function formatShape(shape: readonly number[]): string {
  return `[${shape.join(', ')}]`;
}

/** `[1, 0, 2]`: the place of flat element `index` in a row-major tensor of `shape`, for messages. */
export function formatIndex(index: number, shape: readonly number[]): string {
  const place: number[] = [];
  let rest = index;
  for (const size of [...shape].reverse()) {
    place.unshift(rest % size);
    rest = Math.floor(rest / size);
  }
  return formatShape(place);
}

type ReadElement = (view: DataView, offset: number) => number;

/** IEEE binary16. */
function readHalf(view: DataView, offset: number): number {
  const bits = view.getUint16(offset, true);
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0x1f) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

const scratch = new DataView(new ArrayBuffer(4));

/** bfloat16: the upper half of a binary32. */
function readBrainFloat(view: DataView, offset: number): number {
  scratch.setUint32(0, view.getUint16(offset, true) << 16);
  return scratch.getFloat32(0);
}

const READ_FLOAT: Partial<Record<Dtype, ReadElement>> = {
  F16: readHalf,
  BF16: readBrainFloat,
  F32: (view, offset) => view.getFloat32(offset, true),
  F64: (view, offset) => view.getFloat64(offset, true),
};

/**
 * The values of a float tensor in binary64, exactly.
 * @throws SpikemillError INVALID_TENSOR for another dtype, and for NaN or infinity with its place.
 */
export function decodeFloats({ dtype, shape, bytes }: RawTensor, where: string): Float64Array {
  const read = READ_FLOAT[dtype];
  if (read === undefined) {
    throw new SpikemillError('INVALID_TENSOR', 'a float tensor is of another type', {
      where,
      expected: Object.keys(READ_FLOAT).join(', '),
      actual: dtype,
    });
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const values = new Float64Array(elementCount(shape));
  for (let i = 0; i < values.length; i++) {
    const value = read(view, i * DTYPE_BYTES[dtype]);
    if (!Number.isFinite(value)) {
      throw new SpikemillError('INVALID_TENSOR', `a tensor holds ${value}`, {
        where: `${where}${formatIndex(i, shape)}`,
        expected: 'finite numbers',
        actual: String(value),
        suggestions: ['train again or take an earlier checkpoint: this one has diverged'],
      });
    }
    values[i] = value;
  }
  return values;
}

/** The integers of a tensor that must have exactly this dtype. */
const READ_INTEGERS = {
  I8: (view: DataView, count: number) => Int8Array.from({ length: count }, (_, i) => view.getInt8(i)),
  U8: (view: DataView, count: number) => Uint8Array.from({ length: count }, (_, i) => view.getUint8(i)),
  I32: (view: DataView, count: number) => Int32Array.from({ length: count }, (_, i) => view.getInt32(4 * i, true)),
} as const;
type IntegerDtype = keyof typeof READ_INTEGERS;
type IntegerArray<D extends IntegerDtype> = ReturnType<(typeof READ_INTEGERS)[D]>;

/**
 * The values of an integer tensor of exactly `dtype`.
 * @throws SpikemillError INVALID_TENSOR for another dtype.
 */
export function decodeIntegers<D extends IntegerDtype>(tensor: RawTensor, dtype: D, where: string): IntegerArray<D> {
  if (tensor.dtype !== dtype) {
    throw new SpikemillError('INVALID_TENSOR', 'a tensor has the wrong type', {
      where,
      expected: dtype,
      actual: tensor.dtype,
    });
  }
  const { buffer, byteOffset, byteLength } = tensor.bytes;
  const view = new DataView(buffer, byteOffset, byteLength);
  return READ_INTEGERS[dtype](view, elementCount(tensor.shape)) as IntegerArray<D>;
}

/** A raw tensor of integers; its dtype follows from the array. */
export function encodeTensor(values: Int8Array | Uint8Array | Int32Array, shape: readonly number[]): RawTensor {
  const bytes = new Uint8Array(values.length * values.BYTES_PER_ELEMENT);
  if (values instanceof Int32Array) {
    const view = new DataView(bytes.buffer);
    for (const [i, value] of values.entries()) view.setInt32(4 * i, value, true);
    return { dtype: 'I32', shape, bytes };
  }
  bytes.set(values);
  return { dtype: values instanceof Int8Array ? 'I8' : 'U8', shape, bytes };
}

/** A raw tensor of binary32 numbers; each value is rounded to the nearest. */
export function encodeFloats(values: Float64Array, shape: readonly number[]): RawTensor {
  const bytes = new Uint8Array(4 * values.length);
  const view = new DataView(bytes.buffer);
  values.forEach((value, i) => {
    view.setFloat32(4 * i, value, true);
  });
  return { dtype: 'F32', shape, bytes };
}
