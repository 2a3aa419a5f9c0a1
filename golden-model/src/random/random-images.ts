/** Images to calibrate random networks with: smooth, as photographs are, with noise. */
import type { ImageFormat, ImageSet } from '../import/images.js';
import { type Generator, makeGenerator } from './generator.js';

const WAVES = 6;
/** Most periods of a wave across the image. */
const MOST_PERIODS = 8;
const CONTRAST = 40;
const NOISE = 12;

function drawPlane({ uniform, gaussian }: Generator, height: number, width: number, plane: Uint8Array): void {
  const waves = Array.from({ length: WAVES }, () => ({
    y: (2 * Math.PI * MOST_PERIODS * (uniform() - 0.5)) / height,
    x: (2 * Math.PI * MOST_PERIODS * (uniform() - 0.5)) / width,
    phase: 2 * Math.PI * uniform(),
  }));
  for (let i = 0; i < plane.length; i++) {
    const row = Math.floor(i / width);
    const column = i % width;
    const smooth = waves.reduce((sum, { y, x, phase }) => sum + Math.cos(y * row + x * column + phase), 0);
    plane[i] = Math.max(0, Math.min(255, Math.round(128 + CONTRAST * smooth + NOISE * gaussian())));
  }
}

export function randomImages(format: ImageFormat, count: number, seed: number): ImageSet {
  const { inChannels, imageHeight, imageWidth } = format;
  const generator = makeGenerator(seed);
  const planeBytes = imageHeight * imageWidth;
  const pixels = new Uint8Array(count * inChannels * planeBytes);
  for (let start = 0; start < pixels.length; start += planeBytes) {
    drawPlane(generator, imageHeight, imageWidth, pixels.subarray(start, start + planeBytes));
  }
  return { count, pixels, imageBytes: inChannels * planeBytes };
}
