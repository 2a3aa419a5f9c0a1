/**
 * The vector stream that harness/smx_harness.cpp reads: images with everything that the hardware must do with them,
 * in its order. Little endian:
 *
 *   header   u32 magic "SMX3", images, number of the first image, pixels per image, beats of a result (0: none),
 *            bytes of a spike word, spike words per image, currents per step (0: none), steps per image (0: none);
 *            engines; per engine u32 first pass, spike words, steps, cycles;
 *            per spike word u32 pass, row, word, u8 mask[]; per step u8 mask[]
 *   image    u32 beats of a weight frame that comes before it (0: none), u32 beats[]; u8 pixels[];
 *            per spike word u8 data[]; per step i32 currents[]; u32 cycles; per beat i32: class, logits
 */
import { imageShape, tokenCount } from '@spikemill/golden-model';
import { segmentsOf } from '@spikemill/hdl-gen';
import { type Tile, wordShape } from './schedule.js';
import type { ExpectedImage, Vectors } from './vectors.js';

const MAGIC = 0x33584d53;
const WORD_BYTES = 4;

/** The bytes of integers, least significant first. */
function littleEndian(values: ArrayLike<number>): Uint8Array {
  const bytes = new Uint8Array(values.length * WORD_BYTES);
  const view = new DataView(bytes.buffer);
  for (let i = 0; i < values.length; i++) view.setInt32(i * WORD_BYTES, values[i]!, true);
  return bytes;
}

/** Of each engine: first pass, spike words, steps, cycles; a single one is counted by its images. */
function engineShares({ plan, spikeTiles, currentMasks, currentTiles }: Vectors): number[][] {
  const segments = segmentsOf(plan);
  const steps = currentMasks.length / wordShape(plan).neurons;
  if (segments.length === 0) return [[0, spikeTiles.length, steps, 0]];
  return segments.map(({ firstPass, passes, cyclesPerImage }) => {
    const countOf = (tiles: readonly Tile[]): number =>
      tiles.filter(({ pass }) => pass >= firstPass && pass < firstPass + passes.length).length;
    const share = currentTiles.length === 0 ? 0 : countOf(currentTiles) / currentTiles.length;
    return [firstPass, countOf(spikeTiles), Math.round(share * steps), cyclesPerImage];
  });
}

/** @param firstImage number of the first image within its file. */
export function encodeHeader(vectors: Vectors, images: number, firstImage: number): Uint8Array {
  const { plan, network, spikeTiles, wordBytes, spikeMasks, currentMasks, resultBeats } = vectors;
  const shape = imageShape(network.config);
  const pixels = tokenCount(shape) * shape.channels;
  const { neurons } = wordShape(plan);
  const counts = [MAGIC, images, firstImage, pixels, resultBeats, wordBytes, spikeTiles.length];
  const currents = currentMasks.length === 0 ? [0, 0] : [neurons, currentMasks.length / neurons];
  const places = spikeTiles.flatMap(({ pass, row, word }, i) => [
    littleEndian([pass, row, word]),
    spikeMasks.subarray(i * wordBytes, (i + 1) * wordBytes),
  ]);
  const engines = engineShares(vectors);
  const header = [...counts, ...currents, engines.length, ...engines.flat()];
  return Buffer.concat([littleEndian(header), ...places, currentMasks]);
}

/** @param isNew the weights are not those of the image before. */
export function encodeImage(image: Uint8Array, expected: ExpectedImage, isNew: boolean): Uint8Array {
  const { spikes, currents, cycles, result, weights } = expected;
  const frame = isNew && weights !== null ? weights : new Uint8Array(0);
  const beats = littleEndian([frame.length / WORD_BYTES]);
  return Buffer.concat([beats, frame, image, spikes, littleEndian(currents), littleEndian([cycles, ...result])]);
}
