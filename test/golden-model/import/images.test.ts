import { crc32, deflateSync } from 'node:zlib';
import { decodePng, imageAt, parseLabels, parseRawImages } from '@spikemill/golden-model';
import { PNG } from 'pngjs';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { assertError } from '../../support/errors.js';

const GREY = { inChannels: 1, imageHeight: 2, imageWidth: 3 };
const RGB = { inChannels: 3, imageHeight: 2, imageWidth: 3 };

/** A 3 x 2 PNG; `pixel` gives red, green, blue, alpha of each place. */
function makePng(pixel: (i: number) => number[], options: object = {}, width = 3, height = 2): Uint8Array {
  const png = new PNG({ width, height });
  for (let i = 0; i < width * height; i++) png.data.set(pixel(i), 4 * i);
  return PNG.sync.write(png, options);
}

const greyPixel = (i: number): number[] => [10 * i, 10 * i, 10 * i, 255];
const colourPixel = (i: number): number[] => [i, 100 + i, 200 + i, 255];

test('raw images are a whole number of images', () => {
  const images = parseRawImages(
    Uint8Array.from({ length: 12 }, (_, i) => i),
    GREY,
    'x.bin',
  );
  assert.is(images.count, 2);
  assert.equal([...imageAt(images, 1)], [6, 7, 8, 9, 10, 11]);
});

test('raw images of another size', () => {
  for (const length of [0, 5, 13]) {
    const act = () => parseRawImages(new Uint8Array(length), GREY, 'x.bin');
    assertError(act, 'INVALID_IMAGES', 'x.bin', 'a multiple of 6 bytes: uint8, 1 x 2 x 3', `${length} bytes`);
  }
});

test('labels: one byte each, two for more than 256 classes', () => {
  assert.equal([...parseLabels(Uint8Array.of(0, 9), 2, 10, 'l')], [0, 9]);
  assert.equal([...parseLabels(Uint8Array.of(0xe7, 3, 1, 0), 2, 1000, 'l')], [999, 1]);
});

test('labels of another number, labels that are no class', () => {
  assertError(() => parseLabels(new Uint8Array(3), 2, 10, 'l'), 'INVALID_IMAGES', 'l', '2 labels', '3 bytes');
  assertError(() => parseLabels(Uint8Array.of(0, 10), 2, 10, 'l'), 'INVALID_IMAGES', 'l[1]', '0 to 9', '10');
});

test('a grey PNG for a grey network', () => {
  assert.equal([...decodePng(makePng(greyPixel, { colorType: 0 }), GREY, 'x.png')], [0, 10, 20, 30, 40, 50]);
});

test('an RGB PNG, plane by plane', () => {
  const expected = [0, 1, 2, 3, 4, 5, 100, 101, 102, 103, 104, 105, 200, 201, 202, 203, 204, 205];
  assert.equal([...decodePng(makePng(colourPixel, { colorType: 2 }), RGB, 'x.png')], expected);
});

test('grey serves a network of three channels; grey pixels in an RGB file serve a grey one', () => {
  const values = [0, 10, 20, 30, 40, 50];
  assert.equal([...decodePng(makePng(greyPixel, { colorType: 0 }), RGB, 'x.png')], [...values, ...values, ...values]);
  assert.equal([...decodePng(makePng(greyPixel, { colorType: 2 }), GREY, 'x.png')], values);
});

test('colours for a grey network', () => {
  const act = () => decodePng(makePng(colourPixel), GREY, 'x.png');
  assertError(act, 'INVALID_IMAGES', 'x.png', 'equal red, green and blue', '0, 100, 200', /convert it to grey/);
});

function chunk(type: string, ...data: number[]): Uint8Array {
  const content = Buffer.concat([Buffer.from(type), Buffer.from(data)]);
  const bytes = Buffer.alloc(content.length + 8);
  bytes.writeUInt32BE(data.length);
  bytes.set(content, 4);
  bytes.writeUInt32BE(crc32(content), content.length + 4);
  return bytes;
}

test('palettes and single bits are expanded', () => {
  const signature = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);
  const header = (colourType: number) => chunk('IHDR', 0, 0, 0, 3, 0, 0, 0, 2, 1, colourType, 0, 0, 0);
  const rows = deflateSync(Uint8Array.of(0, 0b01000000, 0, 0b10100000));
  const palette = chunk('PLTE', 1, 2, 3, 250, 251, 252);
  const [image, end] = [chunk('IDAT', ...rows), chunk('IEND')];
  const coloured = Buffer.concat([signature, header(3), palette, image, end]);
  const bits = [0, 1, 0, 1, 0, 1];
  const expected = [1, 2, 3].flatMap((colour) => bits.map((bit) => colour + 249 * bit));
  assert.equal([...decodePng(coloured, RGB, 'x.png')], expected);
  const grey = Buffer.concat([signature, header(0), image, end]);
  assert.equal(
    [...decodePng(grey, GREY, 'x.png')],
    bits.map((bit) => 255 * bit),
  );
});

test('files that are no PNG, or damaged ones', () => {
  assertError(() => decodePng(new Uint8Array(50), GREY, 'x.png'), 'INVALID_IMAGES', 'not a PNG');
  assertError(() => decodePng(new Uint8Array(3), GREY, 'x.png'), 'INVALID_IMAGES', 'not a PNG');
  const bytes = makePng(greyPixel);
  assertError(() => decodePng(bytes.subarray(0, 45), GREY, 'x.png'), 'INVALID_IMAGES', 'x.png', 'damaged');
  const changed = Buffer.from(bytes);
  changed[50]! ^= 1;
  assertError(() => decodePng(changed, GREY, 'x.png'), 'INVALID_IMAGES', 'damaged');
});

test('another size is refused before anything is unpacked', () => {
  const huge = Buffer.from(makePng(greyPixel));
  huge.writeUInt32BE(2 ** 31 - 1, 16);
  assertError(
    () => decodePng(huge, GREY, 'x.png'),
    'INVALID_IMAGES',
    '2 rows of 3 pixels',
    '2 rows of 2147483647 pixels',
  );
});

test('16 bits and transparency', () => {
  const deep = makePng(greyPixel, { bitDepth: 16, colorType: 2 });
  assertError(() => decodePng(deep, RGB, 'x.png'), 'INVALID_IMAGES', 'more than 8 bits', '16 bits');
  const clear = makePng((i) => [0, 0, 0, i === 4 ? 128 : 255], { colorType: 6 });
  assertError(() => decodePng(clear, GREY, 'x.png'), 'INVALID_IMAGES', 'transparent', 'alpha 128');
});

test('networks of other channels need raw files', () => {
  const act = () => decodePng(makePng(greyPixel), { ...GREY, inChannels: 2 }, 'x.png');
  assertError(act, 'INVALID_IMAGES', '2 channels', /raw uint8/);
});

test.run();
