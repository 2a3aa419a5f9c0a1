/** Images and labels for a network: raw uint8 files and PNG. */
import { PNG } from 'pngjs';
import { type ErrorDetails, SpikemillError } from '../errors.js';
import type { NetworkConfig } from '../network.js';
import { countOf } from '../wording.js';

/** Images of one size. */
export interface ImageSet {
  readonly count: number;
  /** uint8, row-major N, C, H, W. */
  readonly pixels: Uint8Array;
  /** Bytes of one image, C * H * W. */
  readonly imageBytes: number;
}

/** The part of a configuration that images have to fit. */
export type ImageFormat = Pick<NetworkConfig, 'inChannels' | 'imageHeight' | 'imageWidth'>;

function invalid(message: string, details: ErrorDetails): SpikemillError {
  return new SpikemillError('INVALID_IMAGES', message, details);
}

function bytesPerImage({ inChannels, imageHeight, imageWidth }: ImageFormat): number {
  return inChannels * imageHeight * imageWidth;
}

/** The pixels [C, H, W] of image `index`: a view, not a copy. */
export function imageAt({ pixels, imageBytes }: ImageSet, index: number): Uint8Array {
  return pixels.subarray(index * imageBytes, (index + 1) * imageBytes);
}

/**
 * Raw images: nothing but uint8 pixels, N, C, H, W.
 * @throws SpikemillError INVALID_IMAGES if the file is not a whole number of images of the network's size
 */
export function parseRawImages(bytes: Uint8Array, format: ImageFormat, where: string): ImageSet {
  const imageBytes = bytesPerImage(format);
  const count = bytes.length / imageBytes;
  if (count >= 1 && Number.isInteger(count)) return { count, pixels: bytes, imageBytes };
  const { inChannels, imageHeight, imageWidth } = format;
  throw invalid('the file does not hold images of the size that the network reads', {
    where,
    expected: `a multiple of ${countOf(imageBytes, 'byte')}: uint8, ${inChannels} x ${imageHeight} x ${imageWidth} each`,
    actual: countOf(bytes.length, 'byte'),
    suggestions: ['write raw pixels without a header, row-major N, C, H, W, or give a folder of PNG files'],
  });
}

/** Classes that one byte can name. */
const BYTE_CLASSES = 256;

/**
 * Labels: one uint8 for each image; one little-endian uint16 for networks of more than 256 classes.
 * @param count images that the labels are for
 * @throws SpikemillError INVALID_IMAGES for another number of labels or a label that is no class
 */
export function parseLabels(bytes: Uint8Array, count: number, numClasses: number, where: string): Uint16Array {
  const size = numClasses > BYTE_CLASSES ? 2 : 1;
  if (bytes.length !== count * size) {
    throw invalid('the number of labels is not the number of images', {
      where,
      expected: `${countOf(count, 'label')} of ${countOf(size, 'byte')} each`,
      actual: countOf(bytes.length, 'byte'),
    });
  }
  const labels = Uint16Array.from({ length: count }, (_, i) =>
    size === 1 ? bytes[i]! : bytes[2 * i]! + 256 * bytes[2 * i + 1]!,
  );
  const wrong = labels.findIndex((label) => label >= numClasses);
  if (wrong === -1) return labels;
  throw invalid('a label is no class of the network', {
    where: `${where}[${wrong}]`,
    expected: `0 to ${numClasses - 1}`,
    actual: String(labels[wrong]),
  });
}

const PNG_SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
/** Signature, then the IHDR chunk: length, type, width, height, bit depth, ... */
const IHDR = { width: 16, height: 20, bitDepth: 24, end: 33 };

interface PngHeader {
  readonly width: number;
  readonly height: number;
  readonly bitDepth: number;
}

function readPngHeader(bytes: Uint8Array, where: string): PngHeader {
  if (bytes.length < IHDR.end || PNG_SIGNATURE.some((byte, i) => bytes[i] !== byte)) {
    throw invalid('this is not a PNG file', { where });
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return {
    width: view.getUint32(IHDR.width),
    height: view.getUint32(IHDR.height),
    bitDepth: view.getUint8(IHDR.bitDepth),
  };
}

/** Refuses before anything is unpacked, so that a huge image costs nothing. */
function checkPngHeader({ width, height, bitDepth }: PngHeader, format: ImageFormat, where: string): void {
  const { inChannels, imageHeight, imageWidth } = format;
  if (inChannels !== 1 && inChannels !== 3) {
    throw invalid('PNG files hold one or three colours', {
      where,
      expected: countOf(inChannels, 'channel'),
      actual: 'a PNG file',
      suggestions: ['give the images as raw uint8 pixels, N, C, H, W'],
    });
  }
  if (width !== imageWidth || height !== imageHeight) {
    throw invalid('the image has the wrong size for the network', {
      where,
      expected: `${countOf(imageHeight, 'row')} of ${countOf(imageWidth, 'pixel')}`,
      actual: `${countOf(height, 'row')} of ${countOf(width, 'pixel')}`,
      suggestions: ['scale or crop the images to the size that the network was trained with'],
    });
  }
  if (bitDepth > 8) {
    throw invalid('the image has more than 8 bits per colour', {
      where,
      expected: 'at most 8 bits',
      actual: countOf(bitDepth, 'bit'),
      suggestions: ['save it with 8 bits'],
    });
  }
}

/** From RGBA, pixel by pixel, to the network's channels, plane by plane. */
function extractChannels(rgba: Uint8Array, channels: number, where: string): Uint8Array {
  const count = rgba.length / 4;
  const pixels = new Uint8Array(channels * count);
  for (let i = 0; i < count; i++) {
    const [red, green, blue, alpha] = rgba.subarray(4 * i, 4 * i + 4) as unknown as [number, number, number, number];
    if (alpha !== 255) throw invalid('the image has transparent pixels', { where, actual: `alpha ${alpha}` });
    if (channels === 1 && (red !== green || green !== blue)) {
      throw invalid('the image has colours, and the network reads grey', {
        where,
        expected: 'equal red, green and blue',
        actual: `${red}, ${green}, ${blue}`,
        suggestions: ['convert it to grey as the training did'],
      });
    }
    const colours = [red, green, blue];
    for (let channel = 0; channel < channels; channel++) pixels[channel * count + i] = colours[channel]!;
  }
  return pixels;
}

/**
 * One PNG image as uint8 pixels [C, H, W]. Palettes and fewer than 8 bits are expanded; a grey image serves a network
 * of three channels as three equal ones.
 * @throws SpikemillError INVALID_IMAGES for another size, 16 bits, transparency, colours for a grey network, damage
 */
export function decodePng(bytes: Uint8Array, format: ImageFormat, where: string): Uint8Array {
  checkPngHeader(readPngHeader(bytes, where), format, where);
  let rgba: Uint8Array;
  try {
    rgba = PNG.sync.read(Buffer.from(bytes)).data;
  } catch (cause) {
    throw invalid('the PNG file is damaged', { where, actual: (cause as Error).message, cause });
  }
  return extractChannels(rgba, format.inChannels, where);
}

/** Images one by one, put together. */
export function joinImages(images: readonly Uint8Array[], format: ImageFormat): ImageSet {
  const imageBytes = bytesPerImage(format);
  const pixels = new Uint8Array(images.length * imageBytes);
  for (const [i, image] of images.entries()) pixels.set(image, i * imageBytes);
  return { count: images.length, pixels, imageBytes };
}
