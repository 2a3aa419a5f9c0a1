/** Cycles of one image in the event-driven style: the golden model's spikes, laid out as the hardware has them. */
import type { QuantizedNetwork } from '@spikemill/golden-model';
import { type CountEvents, type EventPlan, eventPassWork, type PassWork } from '@spikemill/hdl-gen';
import type { Tile } from './schedule.js';

function onesOf(byte: number): number {
  let ones = 0;
  for (let rest = byte; rest !== 0; rest &= rest - 1) ones++;
  return ones;
}

/** Indices of the pixels in every row of the pixel memory; see smx_image_loader.v. */
function pixelsOfRows({ pixelInputs, patchRows, pixelRows }: EventPlan, { config }: QuantizedNetwork): number[][] {
  const { inChannels, imageHeight, imageWidth, patchSize } = config;
  const across = Math.floor(imageWidth / patchSize);
  const taps = inChannels * patchSize ** 2;
  return Array.from({ length: pixelRows }, (_, row) => {
    const token = Math.floor(row / patchRows);
    const firstTap = (row % patchRows) * pixelInputs;
    return Array.from({ length: Math.min(pixelInputs, taps - firstTap) }, (_unused, i) => {
      const tap = firstTap + i;
      const channel = Math.floor(tap / patchSize ** 2);
      const y = Math.floor(token / across) * patchSize + (Math.floor(tap / patchSize) % patchSize);
      const x = (token % across) * patchSize + (tap % patchSize);
      return (channel * imageHeight + y) * imageWidth + x;
    });
  });
}

/** Tiles of every pass, as [first, end) in the order of the spike words. */
function wordsOfPasses(tiles: readonly Tile[], passes: number): [first: number, end: number][] {
  const ranges = Array.from({ length: passes }, (): [number, number] => [0, 0]);
  for (const [i, { pass }] of tiles.entries()) {
    const range = ranges[pass]!;
    if (range[1] === 0) range[0] = i;
    range[1] = i + 1;
  }
  return ranges;
}

/**
 * What every pass does.
 *
 * @param tiles of the spike words, in order.
 * @param spikes the words behind each other, whole bytes each.
 * @param image uint8 pixels [channel, row, column].
 */
export function eventImageWork(
  plan: EventPlan,
  network: QuantizedNetwork,
  tiles: readonly Tile[],
  spikes: Uint8Array,
  image: Uint8Array,
): PassWork[] {
  const { grid, passes, buffers } = plan;
  const wordBytes = Math.ceil(grid.neurons / 8);
  // spikes of every group of the spike memory
  const memory = new Uint16Array(buffers.spikeRows * grid.banks);
  const pixels = pixelsOfRows(plan, network);
  const count: CountEvents = ({ row, firstGroup, lastGroup, plane }) => {
    let ones = 0;
    if (plane !== null) {
      for (const pixel of pixels[row]!) ones += (image[pixel]! >> plane) & 1;
      return ones;
    }
    for (let group = firstGroup; group <= lastGroup; group++) ones += memory[row * grid.banks + group]!;
    return ones;
  };
  const ranges = wordsOfPasses(tiles, passes.length);
  return passes.map((pass, number) => {
    const work = eventPassWork(pass, grid, count);
    const [first, end] = ranges[number]!;
    for (let i = first; i < end; i++) {
      const { row, word } = tiles[i]!;
      let ones = 0;
      for (let byte = i * wordBytes; byte < (i + 1) * wordBytes; byte++) ones += onesOf(spikes[byte]!);
      memory[row * grid.banks + word] = ones;
    }
    return work;
  });
}
