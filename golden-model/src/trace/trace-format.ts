/**
 * Trace files: every spike of every neuron at every timestep, and on request every membrane, of many images. The format
 * is stated in docs/trace-format.md; this file knows the layout, trace-writer.ts and trace-reader.ts the bytes.
 */
import { createHash } from 'node:crypto';
import type { TraceHeader } from '../generated/trace-header.generated.js';
import { writeQuantizedFile } from '../import/quantized-file.js';
import { serializeSafetensors } from '../import/safetensors.js';
import { imageShape, listLayers, listLifs, tokenCount } from '../layer-list.js';
import { theta2Of } from '../layers/lif.js';
import type { MapShape } from '../network.js';
import type { QuantizedNetwork } from '../quantized-network.js';

export type { TraceHeader } from '../generated/trace-header.generated.js';
export type TraceSection = TraceHeader['sections'][number];

export const TRACE_MAGIC = new TextEncoder().encode('SMTRACE1');
export const TRACE_VERSION = 1;
export const DIGEST_BYTES = 32;
/** Magic, then the length of the header as u64. */
export const PREAMBLE_BYTES = 16;

const DTYPE_BITS = { bit: 1, u8: 8, i16: 16, i32: 32 } as const;

type Shape = MapShape & { readonly rounds: number };

function makeSection(
  kind: TraceSection['kind'],
  name: string,
  dtype: TraceSection['dtype'],
  shape: Shape,
): TraceSection {
  const { rounds, height, width, channels } = shape;
  const rowBytes = Math.ceil((channels * DTYPE_BITS[dtype]) / 8);
  const bytes = rounds * height * width * rowBytes;
  return { kind, name, dtype, rounds, height, width, channels, rowBytes, offset: 0, bytes };
}

/** Membranes lie between -2^(M-1) and half of the largest theta2. */
function membraneType(network: QuantizedNetwork): TraceSection['dtype'] {
  const largest = listLayers(network.config).flatMap((layer) => [...theta2Of(network, layer)]);
  const isShort = network.format.membraneBits <= 16 && largest.every((theta2) => theta2 <= 2 ** 16);
  return isShort ? 'i16' : 'i32';
}

/** SHA-256 of a quantized network, hexadecimal; equal networks have equal ones. */
export function digestNetwork(network: QuantizedNetwork): string {
  return createHash('sha256')
    .update(serializeSafetensors(writeQuantizedFile(network)))
    .digest('hex');
}

export interface TraceContent {
  /** Also every membrane after every timestep. */
  readonly membranes: boolean;
}

/** The header of a trace of `images` images. */
export function makeTraceHeader(network: QuantizedNetwork, images: number, { membranes }: TraceContent): TraceHeader {
  const { config } = network;
  const pixels = imageShape(config);
  const flat = { rounds: 1, height: 1, width: 1 };
  const type = membraneType(network);
  const sections = [
    makeSection('pixels', 'image', 'u8', { ...flat, channels: tokenCount(pixels) * pixels.channels }),
    makeSection('logits', 'mlp_head', 'i32', { ...flat, channels: config.numClasses }),
  ];
  for (const lif of listLifs(config)) {
    const shape = { ...lif, rounds: config.timesteps };
    sections.push(makeSection('spikes', lif.name, 'bit', shape));
    if (membranes) sections.push(makeSection('membranes', lif.name, type, shape));
  }
  let offset = 0;
  const placed = sections.map((section) => {
    const at = offset;
    offset += section.bytes;
    return { ...section, offset: at };
  });
  const { timesteps } = config;
  const networkDigest = digestNetwork(network);
  return { version: TRACE_VERSION, networkDigest, images, timesteps, imageBytes: offset, sections: placed };
}

/** Where things are in a file with this many bytes of header. */
export function traceLayout(header: TraceHeader, headerBytes: number): { data: number; digests: number; end: number } {
  const data = PREAMBLE_BYTES + headerBytes;
  const digests = data + header.images * header.imageBytes;
  const end = digests + (header.images * header.sections.length + 1) * DIGEST_BYTES;
  return { data, digests, end };
}
