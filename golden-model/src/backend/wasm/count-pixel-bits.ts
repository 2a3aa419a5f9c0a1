import type { Layer } from '../../network.js';

const PIXEL_BITS = 8;

/** How often the patch embedding adds each row of weights to its bit planes: set bits of the pixels under each tap. */
export function countPixelBits({ input, output, kernel, stride }: Layer, image: Uint8Array): Uint32Array {
  const counts = new Uint32Array(kernel * kernel * input.channels);
  for (let tap = 0; tap < kernel * kernel; tap++) {
    for (let channel = 0; channel < input.channels; channel++) {
      let count = 0;
      for (let row = 0; row < output.height; row++) {
        const y = row * stride + Math.floor(tap / kernel);
        const start = (channel * input.height + y) * input.width + (tap % kernel);
        for (let column = 0; column < output.width; column++) {
          const pixel = image[start + column * stride]!;
          for (let bit = 0; bit < PIXEL_BITS; bit++) count += (pixel >> bit) & 1;
        }
      }
      counts[tap * input.channels + channel] = count;
    }
  }
  return counts;
}
