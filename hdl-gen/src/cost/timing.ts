/** Latency and throughput in cycles, from the plan and the handshakes of loader, sequencer and result stream. */
import type { QuantizedNetwork } from '@spikemill/golden-model';
import { imageShape, tokenCount } from '@spikemill/golden-model';
import { passCycles } from '../plan/pass.js';
import type { Plan } from '../plan/plan.js';

/** What sets the pace of images that follow each other without a gap. */
export type PaceBinding = 'engine' | 'image input' | 'result output';

export interface Timing {
  /** How the figures are known. */
  readonly basis: 'closed form';
  /** Cycles that the engine works on an image; the design's own counter. */
  readonly cyclesPerImage: number;
  /** Bytes of an image: cycles of its stream if the source never pauses. */
  readonly inputCycles: number;
  /** Cycles of the result stream if the sink never pauses: two for each beat. */
  readonly outputCycles: number;
  /** Cycles from an image to the next, images back to back. */
  readonly intervalCycles: number;
  readonly binding: PaceBinding;
  /** Cycles from the first pixel taken to the class, and to the last logit, handed over: an image that comes alone. */
  readonly latencyToClass: number;
  readonly latencyToLastLogit: number;
}

/** Cycles of an image by what limits its pace. */
export interface PaceCycles {
  /** All passes. */
  readonly image: number;
  /** Passes up to the last that reads pixels. */
  readonly pixels: number;
  /** Passes of the head and behind it. */
  readonly head: number;
}

/** Cycles of the streams: bytes of an image; two for each beat of a result. */
export function streamCycles({ config }: QuantizedNetwork): Pick<Timing, 'inputCycles' | 'outputCycles'> {
  const shape = imageShape(config);
  return { inputCycles: tokenCount(shape) * shape.channels, outputCycles: 2 * (1 + config.numClasses) };
}

/** Cycles from an image to the next, and what sets them. */
export function pace(
  { image, pixels, head }: PaceCycles,
  { inputCycles, outputCycles }: Pick<Timing, 'inputCycles' | 'outputCycles'>,
): Pick<Timing, 'intervalCycles' | 'binding'> {
  const paces: readonly (readonly [PaceBinding, number])[] = [
    ['engine', image + 1],
    ['image input', pixels + inputCycles + 1],
    // the last beat is taken at the first of its two cycles
    ['result output', head + outputCycles - 2],
  ];
  const [binding, intervalCycles] = paces.reduce((slowest, next) => (next[1] > slowest[1] ? next : slowest));
  return { binding, intervalCycles };
}

/**
 * The engine rests one cycle between images. The next image loads from the end of the last pass that reads pixels on,
 * so loading is hidden behind all passes after it. A head pass waits until the results before it have been sent.
 */
export function timingOf(network: QuantizedNetwork, { passes, grid, cyclesPerImage }: Plan): Timing {
  const streams = streamCycles(network);
  const { inputCycles, outputCycles } = streams;
  const lastOfPixels = passes.findLastIndex(({ source }) => source === 'pixels');
  const cyclesOf = (from: number, to: number): number =>
    passes.slice(from, to).reduce((sum, pass) => sum + passCycles(pass, grid), 0);
  const firstOfHead = passes.findIndex(({ source }) => source === 'head');
  const cycles: PaceCycles = {
    image: cyclesPerImage,
    pixels: cyclesOf(0, lastOfPixels + 1),
    head: cyclesOf(firstOfHead, passes.length),
  };
  // one cycle to see the image, one to hand the results to the stream
  const latencyToClass = inputCycles + 1 + cyclesPerImage + 1;
  return {
    basis: 'closed form',
    cyclesPerImage,
    inputCycles,
    outputCycles,
    ...pace(cycles, streams),
    latencyToClass,
    latencyToLastLogit: latencyToClass + outputCycles - 2,
  };
}
