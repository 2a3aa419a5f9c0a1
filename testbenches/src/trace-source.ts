/** Expected spikes from a trace file in place of a run of the golden model. */
import {
  argmax,
  digestNetwork,
  type ImageSet,
  listLayers,
  openTrace,
  type QuantizedNetwork,
  SpikemillError,
  type TraceReader,
  unpackBits,
} from '@spikemill/golden-model';

/** What a trace says about one image. */
export interface TracedImage {
  /** By layer name, [T, token, channel] of the layer's own outputs. */
  readonly spikes: ReadonlyMap<string, Uint8Array>;
  /** Class, then the logits. */
  readonly result: Int32Array;
}

export interface TraceSource {
  /** The images of the trace. */
  readonly images: ImageSet;
  /** @throws SpikemillError INVALID_IMAGES for an image that the trace does not hold; INVALID_FILE if it has changed */
  readonly find: (image: Uint8Array) => TracedImage;
  readonly close: () => void;
}

function readImages(trace: TraceReader): ImageSet {
  const section = trace.section('pixels');
  const { images: count } = trace.header;
  const pixels = new Uint8Array(count * section.bytes);
  for (let i = 0; i < count; i++) pixels.set(trace.read(i, section), i * section.bytes);
  return { count, pixels, imageBytes: section.bytes };
}

/** Channels [first, first + count) of rows of `channels`. */
function sliceChannels(spikes: Uint8Array, channels: number, first: number, count: number): Uint8Array {
  if (count === channels) return spikes;
  return Uint8Array.from({ length: (spikes.length / channels) * count }, (_, i) => {
    return spikes[Math.floor(i / count) * channels + first + (i % count)]!;
  });
}

function readImage(trace: TraceReader, network: QuantizedNetwork, image: number): TracedImage {
  trace.verify(image);
  const spikes = new Map<string, Uint8Array>();
  for (const { name, lif, lifOffset, output } of listLayers(network.config)) {
    if (lif === null) continue;
    const section = trace.section('spikes', lif);
    const whole = unpackBits(trace.read(image, section), section.channels);
    spikes.set(name, sliceChannels(whole, section.channels, lifOffset, output.channels));
  }
  const logits = trace.integers(image, trace.section('logits'));
  return { spikes, result: Int32Array.of(argmax(logits), ...logits) };
}

/**
 * Opens a trace as the source of images and expectations.
 *
 * @throws SpikemillError INVALID_FILE for a damaged trace, or one of another network
 */
export function openTraceSource(path: string, network: QuantizedNetwork): TraceSource {
  const trace = openTrace(path);
  const expected = digestNetwork(network);
  const { networkDigest } = trace.header;
  if (networkDigest !== expected) {
    trace.close();
    throw new SpikemillError('INVALID_FILE', 'the trace belongs to another network', {
      where: path,
      expected,
      actual: networkDigest,
      suggestions: ['write a trace of the model that the build was generated from: spikemill model trace'],
    });
  }
  const images = readImages(trace);
  const key = (image: Uint8Array): string => Buffer.from(image).toString('latin1');
  const byPixels = new Map<string, number>();
  for (let i = images.count - 1; i >= 0; i--) {
    byPixels.set(key(images.pixels.subarray(i * images.imageBytes, (i + 1) * images.imageBytes)), i);
  }
  const find = (image: Uint8Array): TracedImage => {
    const index = byPixels.get(key(image));
    if (index !== undefined) return readImage(trace, network, index);
    throw new SpikemillError('INVALID_IMAGES', 'the trace does not hold this image', { where: path });
  };
  return { images, find, close: trace.close };
}
