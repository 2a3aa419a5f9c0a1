/** Writes trace files image by image, in bounded memory. */
import { createHash } from 'node:crypto';
import { SpikemillError } from '../errors.js';
import { startFileAtomic } from '../files.js';
import type { QuantizedNetwork } from '../quantized-network.js';
import type { RunOptions, RunResult } from '../run.js';
import {
  makeTraceHeader,
  TRACE_MAGIC,
  type TraceContent,
  type TraceHeader,
  type TraceSection,
} from './trace-format.js';

export interface TraceWriter {
  readonly header: TraceHeader;
  /**
   * Runs the next image and writes what the trace has of it.
   *
   * @param run as Backend.run
   * @throws SpikemillError OUTPUT_FAILED, and as `run`
   */
  readonly add: (run: (image: Uint8Array, options: RunOptions) => RunResult<Int32Array>, image: Uint8Array) => number;
  /** Writes the digests and puts the file in its place; all images must have been added. */
  readonly finish: () => void;
  /** Leaves nothing behind. */
  readonly abort: () => void;
}

/** The header as it stands in the file: JSON, padded with spaces to a multiple of 8 bytes. */
function encodeHeader(header: TraceHeader): Uint8Array {
  const json = JSON.stringify(header);
  return new TextEncoder().encode(json.padEnd(Math.ceil(json.length / 8) * 8));
}

/** Little-endian numbers of a section. */
function encodeNumbers(values: Int32Array, dtype: TraceSection['dtype']): Uint8Array {
  const size = dtype === 'i16' ? 2 : 4;
  const bytes = new Uint8Array(values.length * size);
  const view = new DataView(bytes.buffer);
  for (let i = 0; i < values.length; i++) {
    if (size === 2) view.setInt16(2 * i, values[i]!, true);
    else view.setInt32(4 * i, values[i]!, true);
  }
  return bytes;
}

/** Runs one image into its bytes. */
function traceImage(
  header: TraceHeader,
  run: (image: Uint8Array, options: RunOptions) => RunResult<Int32Array>,
  image: Uint8Array,
): { bytes: Uint8Array; classIndex: number } {
  const bytes = new Uint8Array(header.imageBytes);
  const spikes = new Map(
    header.sections.flatMap((section) => (section.kind === 'spikes' ? [[section.name, section] as const] : [])),
  );
  const wantsMembranes = header.sections.some(({ kind }) => kind === 'membranes');
  const { logits, membranes, classIndex } = run(image, {
    additions: false,
    membranes: wantsMembranes,
    observeBits: (lif, bits) => bytes.set(bits, spikes.get(lif.name)!.offset),
  });
  for (const { kind, name, dtype, offset } of header.sections) {
    if (kind === 'pixels') bytes.set(image, offset);
    if (kind === 'logits') bytes.set(encodeNumbers(logits, dtype), offset);
    if (kind === 'membranes') bytes.set(encodeNumbers(membranes.get(name)!, dtype), offset);
  }
  return { bytes, classIndex };
}

/**
 * Starts a trace file for a known number of images.
 *
 * @throws SpikemillError OUTPUT_FAILED
 */
export function startTrace(
  path: string,
  network: QuantizedNetwork,
  images: number,
  content: TraceContent = { membranes: false },
): TraceWriter {
  const header = makeTraceHeader(network, images, content);
  const encoded = encodeHeader(header);
  const length = new Uint8Array(8);
  new DataView(length.buffer).setBigUint64(0, BigInt(encoded.length), true);
  const file = startFileAtomic(path);
  for (const part of [TRACE_MAGIC, length, encoded]) file.write(part);
  const digests: Uint8Array[] = [];
  let added = 0;
  return {
    header,
    add: (run, image) => {
      const { bytes, classIndex } = traceImage(header, run, image);
      file.write(bytes);
      for (const { offset, bytes: size } of header.sections) {
        digests.push(
          createHash('sha256')
            .update(bytes.subarray(offset, offset + size))
            .digest(),
        );
      }
      added += 1;
      return classIndex;
    },
    finish: () => {
      if (added !== images) {
        file.abort();
        throw new SpikemillError('INTERNAL', `a trace of ${images} images was finished after ${added}`);
      }
      const all = Buffer.concat(digests);
      file.write(all);
      file.write(createHash('sha256').update(encoded).update(all).digest());
      file.commit();
    },
    abort: file.abort,
  };
}
