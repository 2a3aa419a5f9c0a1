/** The compiled kernels (wasm/*.ts of this package, built by `npm run build:wasm`) and their memory. */
import { readFileSync } from 'node:fs';

/** The part of the WebAssembly interface that is used; Node has it, the type packages of this project do not. */
interface WasmMemory {
  readonly buffer: ArrayBuffer;
  readonly grow: (pages: number) => number;
}
declare const WebAssembly: {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object) => { readonly exports: object };
};

/** Exports of wasm/index.ts; pointers and sizes in bytes. */
export interface Kernels {
  readonly memory: WasmMemory;
  readonly runRows: (step: number) => void;
  readonly runAxial: (step: number, length: number, axis: number, lines: number, line: number) => void;
  readonly runPatchEmbedding: (step: number, pixels: number) => void;
  readonly runIdentity: (step: number) => void;
  readonly countChannels: (bits: number, row: number, channels: number, rows: number, counts: number) => void;
  readonly countSpikes: (bits: number, row: number, channels: number, rows: number) => number;
  readonly leastNumber: (numbers: number, row: number, channels: number, rows: number) => number;
  readonly largestNumber: (numbers: number, row: number, channels: number, rows: number) => number;
  readonly joinBits: (
    from: number,
    fromRow: number,
    channels: number,
    to: number,
    toRow: number,
    offset: number,
    rows: number,
  ) => void;
  readonly copyRows: (from: number, fromRow: number, bytes: number, to: number, toRow: number, rows: number) => void;
}

const KERNELS_URL = new URL('../../../data/kernels.wasm', import.meta.url);
const PAGE_BYTES = 65536;
const ALIGNMENT = 64;
/** A kernel may read a vector behind the end of a map. */
const SLACK_BYTES = 64;

let compiled: object | null = null;

/** A fresh instance with an empty memory. */
function instantiate(): Kernels {
  compiled ??= new WebAssembly.Module(new Uint8Array(readFileSync(KERNELS_URL)));
  return new WebAssembly.Instance(compiled).exports as unknown as Kernels;
}

/** Memory that is only ever handed out, zeroed. */
export interface KernelMemory {
  readonly kernels: Kernels;
  /** @returns the address of new zeroed bytes. Views of the memory made before are void. */
  readonly reserve: (bytes: number) => number;
  /** Copies an array into new memory. */
  readonly place: (data: Int8Array | Int16Array | Int32Array) => number;
  readonly bytes: (address: number, length: number) => Uint8Array;
  readonly integers: (address: number, length: number) => Int32Array;
}

export function makeKernelMemory(): KernelMemory {
  const kernels = instantiate();
  const { memory } = kernels;
  let end = PAGE_BYTES; // below: what the compiler may have put there
  const reserve = (bytes: number): number => {
    const address = end;
    end = Math.ceil((end + bytes + SLACK_BYTES) / ALIGNMENT) * ALIGNMENT;
    const missing = Math.ceil((end - memory.buffer.byteLength) / PAGE_BYTES);
    if (missing > 0) memory.grow(missing);
    return address;
  };
  const bytes = (address: number, length: number): Uint8Array => new Uint8Array(memory.buffer, address, length);
  const place: KernelMemory['place'] = (data) => {
    const address = reserve(data.byteLength);
    bytes(address, data.byteLength).set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
    return address;
  };
  const integers = (address: number, length: number): Int32Array => new Int32Array(memory.buffer, address, length);
  return { kernels, reserve, place, bytes, integers };
}
