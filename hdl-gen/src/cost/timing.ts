/** Latency and throughput in cycles, from the plan and the handshakes of loader, sequencer and result stream. */
import type { QuantizedNetwork } from '@spikemill/golden-model';
import { imageShape, tokenCount } from '@spikemill/golden-model';
import type { DesignPlan } from '../design.js';
import { mostPassCycles } from '../event/cycles.js';
import { passCycles } from '../plan/pass.js';

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

/** Cycles of every pass; in the event-driven style those that it takes at most. */
function cyclesOfPasses(plan: DesignPlan): number[] {
  if (plan.style === 'event') return plan.passes.map((pass) => mostPassCycles(pass, plan.grid, plan.pixelInputs));
  return plan.passes.map((pass) => passCycles(pass, plan.grid));
}

/**
 * The engine rests one cycle between images. The next image loads from the end of the last pass that reads pixels on,
 * so loading is hidden behind all passes after it. A head pass waits until the results before it have been sent.
 */
export function timingOf(network: QuantizedNetwork, plan: DesignPlan): Timing {
  const streams = streamCycles(network);
  const { inputCycles, outputCycles } = streams;
  const { cyclesPerImage } = plan;
  const sources: readonly string[] = plan.passes.map(({ source }: { readonly source: string }) => source);
  const passes = cyclesOfPasses(plan);
  const cyclesOf = (from: number, to: number): number => passes.slice(from, to).reduce((sum, each) => sum + each, 0);
  const cycles: PaceCycles = {
    image: cyclesPerImage,
    pixels: cyclesOf(0, sources.lastIndexOf('pixels') + 1),
    head: cyclesOf(sources.indexOf(plan.style === 'event' ? 'drain' : 'head'), passes.length),
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
