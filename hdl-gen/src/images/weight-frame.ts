/**
 * Weight frames: what `s_axis_weights` takes. 32-bit beats, little endian in files:
 *
 *   header   layout: which build the frame is for
 *   words    spike-weights, plane-weights, axial-weights, params, tokens, head-bias, each from word 0 on; a word takes
 *            ceil(width / 32) beats, the lowest bits first, unused bits of its last beat zero
 *   CRC-32   of all bytes before it, as zlib counts it; the only beat with tlast
 */
import { crc32 } from 'node:zlib';
import type { NetworkConfig, QuantizedNetwork } from '@spikemill/golden-model';
import { SpikemillError } from '@spikemill/golden-model';
import { ceilDivide } from '../bits.js';
import { sha256 } from '../manifest.js';
import type { Formats } from '../plan/formats.js';
import { type Plan, plan } from '../plan/plan.js';
import { makeProgram } from '../program.js';
import type { MemoryImage } from './memory-image.js';
import { parameterImages, paramWordBits, tokenBits } from './parameters.js';
import { weightImages } from './weights.js';

const BEAT_BITS = 32;
const BEAT_BYTES = 4;
const DIGITS_PER_BEAT = BEAT_BITS / 4;
/** A positive number of Verilog. */
const LAYOUT_MASK = 0x7fffffff;

/** All of the configuration but what is folded into the weights of the patch embedding. */
function shapeOf({ mean: _mean, std: _std, ...shape }: NetworkConfig): string {
  return JSON.stringify(shape);
}

/** Header of the frames of a build: the same for all networks that it can run. */
function layoutOf({ config }: QuantizedNetwork, { options, formats, depths }: Plan): number {
  const { lanes, inputs, neurons, axialInputs, planes } = options;
  const optional = [axialInputs, planes].filter((choice) => choice !== undefined);
  const digest = sha256(JSON.stringify([shapeOf(config), lanes, inputs, neurons, formats, depths, ...optional]));
  return Number.parseInt(digest.slice(0, 8), 16) & LAYOUT_MASK;
}

/** Bits of the widest word of a frame, in whole beats. */
export function frameWordBits(network: QuantizedNetwork, sizes: Pick<Plan, 'grid' | 'formats'>): number {
  const { grid, formats } = sizes;
  const { weightBits, planeWeightBits, headBiasBits } = formats;
  const perWord = grid.lanes * grid.inputs;
  const planeWord = grid.planes === 'own' ? perWord * planeWeightBits : 0;
  const arrays = [perWord * weightBits, planeWord, grid.axialInputs * weightBits];
  const widths = [...arrays, paramWordBits(network, sizes), tokenBits(sizes), headBiasBits];
  return BEAT_BITS * ceilDivide(Math.max(...widths), BEAT_BITS);
}

/** Constants of the engine that the frame sets. */
export function frameConstants(network: QuantizedNetwork, plan: Plan): Record<string, number> {
  return { WeightLayout: layoutOf(network, plan), WeightWordBits: frameWordBits(network, plan) };
}

function isWord(line: string): boolean {
  return line !== '' && !line.startsWith('//');
}

/** The beats of all words of an image. */
function imageBeats({ text, width, depth }: MemoryImage): Uint8Array {
  const beats = ceilDivide(width, BEAT_BITS);
  const bytes = Buffer.alloc(depth * beats * BEAT_BYTES);
  let position = 0;
  for (const line of text.split('\n')) {
    if (!isWord(line)) continue;
    const digits = line.padStart(beats * DIGITS_PER_BEAT, '0');
    for (let end = digits.length; end > 0; end -= DIGITS_PER_BEAT, position += BEAT_BYTES) {
      bytes.writeUInt32LE(Number.parseInt(digits.slice(end - DIGITS_PER_BEAT, end), 16), position);
    }
  }
  return bytes;
}

/** Images of everything that a frame carries, in its order. */
function frameImages(network: QuantizedNetwork, planned: Plan): MemoryImage[] {
  const parameters = parameterImages(network, planned, makeProgram(planned));
  return [...weightImages(network, planned), ...parameters.filter(({ name }) => name !== 'program')];
}

function littleEndian(value: number): Uint8Array {
  const bytes = Buffer.alloc(BEAT_BYTES);
  bytes.writeUInt32LE(value);
  return bytes;
}

/**
 * The frame of a network.
 *
 * @param planned of that network, from plan(), or from planSwap() for the design of another one.
 * @param images of its memories in the order of the frame.
 */
export function weightFrame(
  network: QuantizedNetwork,
  planned: Plan,
  images: readonly MemoryImage[] = frameImages(network, planned),
): Uint8Array {
  const payload = [littleEndian(layoutOf(network, planned)), ...images.map(imageBeats)];
  const data = Buffer.concat(payload);
  return Buffer.concat([data, littleEndian(crc32(data))]);
}

function refuse(expected: string, actual: string, suggestions: readonly string[] = []): SpikemillError {
  return new SpikemillError('PLAN', 'the network does not suit the build', {
    where: 'weights',
    expected,
    actual,
    suggestions,
  });
}

const EXTERNAL_PARTS = 'most weights are in external memory, all others and the parameters are part of the design';

/**
 * Plan of another network on the design of a plan with streamed weights.
 *
 * @throws SpikemillError PLAN if its shape or number format is another one, or a width of the design is too small.
 */
export function planSwap(
  built: { readonly network: QuantizedNetwork; readonly plan: Plan },
  other: QuantizedNetwork,
): Plan {
  const { options, formats } = built.plan;
  if (options.weights !== 'stream') {
    const advice = ['generate the build with --weights stream', 'generate a build of the other network'];
    const where = { image: 'all weights are part of the design', external: EXTERNAL_PARTS }[options.weights];
    throw refuse('a build whose weights are streamed in', where, advice);
  }
  const [expected, actual] = [shapeOf(built.network.config), shapeOf(other.config)];
  if (expected !== actual) throw refuse(expected, actual, ['generate a build of the other network']);
  const swapped = plan(other, { ...options, widths: { ...formats } });
  for (const name of Object.keys(formats) as (keyof Formats)[]) {
    if (swapped.formats[name] === formats[name]) continue;
    const advice = ['name the network with --also when the build is generated'];
    throw refuse(`${name} of at most ${formats[name]} bits`, `${swapped.formats[name]} bits`, advice);
  }
  return swapped;
}
