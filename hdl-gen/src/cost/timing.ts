/** Latency and throughput in cycles, from the plan and the handshakes of loader, sequencer and result stream. */
import type { QuantizedNetwork } from '@spikemill/golden-model';
import { imageShape, tokenCount } from '@spikemill/golden-model';
import type { DesignPlan } from '../design.js';
import type { EventPlan } from '../event/plan.js';
import { type EventWork, mostWork } from '../event/work.js';
import { passCycles } from '../plan/pass.js';
import { type EnginePlan, enginesOf, type Plan } from '../plan/plan.js';

/** What sets the pace of images that follow each other without a gap. */
export type PaceBinding = 'engine' | 'image input' | 'result output';

export interface Timing {
  /** How the figures are known: in the event-driven style they depend on the spikes. */
  readonly basis: 'closed form' | 'closed form, at most' | 'golden model, mean' | 'firing rates, mean';
  /** Cycles that the engine works on an image, the design's own counter; of several engines the sum. */
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
  /** All passes, of the slowest engine. */
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

/** Cycles of an image, and from it to the next, if it waits so many of them for weights: one engine runs all passes then. */
export function withWaits<C extends Pick<Timing, 'cyclesPerImage' | 'intervalCycles'>>(cycles: C, waits: number): C {
  const cyclesPerImage = cycles.cyclesPerImage + waits;
  return { ...cycles, cyclesPerImage, intervalCycles: Math.max(cycles.intervalCycles, cyclesPerImage + 1) };
}

/** An engine with its style, of which there may be several. */
type WorkingEngine = EventPlan | (EnginePlan & { readonly style: 'dense' });

function denseEngines(plan: Plan): WorkingEngine[] {
  return enginesOf(plan).map((engine) => ({ ...engine, style: 'dense' }));
}

/** Cycles of every pass; in the event-driven style those that it takes at most, unless a run says how many. */
function cyclesOfPasses(plan: WorkingEngine, work: EventWork | null): readonly number[] {
  if (plan.style === 'event') return (work ?? mostWork(plan)).passes.map(({ cycles }) => cycles);
  return plan.passes.map((pass) => passCycles(pass, plan.grid));
}

const BASES: Readonly<Record<EventWork['basis'], Timing['basis']>> = {
  'at most': 'closed form, at most',
  mean: 'golden model, mean',
  rates: 'firing rates, mean',
};

function basisOf({ style }: DesignPlan, work: EventWork | null): Timing['basis'] {
  if (style === 'dense') return 'closed form';
  return BASES[work?.basis ?? 'at most'];
}

const total = (cycles: readonly number[]): number => cycles.reduce((sum, each) => sum + each, 0);

/**
 * An engine rests one cycle between images. The next image loads from the end of the last pass that reads pixels on, so
 * loading is hidden behind all passes after it. A head pass waits until the results before it have been sent. Several
 * engines work on images behind each other: the slowest sets the pace, and an image alone passes one after the other.
 *
 * @param work of the passes of an event-driven plan; default: at most.
 */
export function timingOf(network: QuantizedNetwork, plan: DesignPlan, work: EventWork | null = null): Timing {
  const streams = streamCycles(network);
  const { inputCycles, outputCycles } = streams;
  const engines: readonly WorkingEngine[] = plan.style === 'event' ? [plan] : denseEngines(plan);
  const [first, last] = [engines[0]!, engines.at(-1)!];
  const ofPasses = engines.map((engine) => cyclesOfPasses(engine, work));
  const sourcesOf = ({ passes }: WorkingEngine): readonly string[] =>
    passes.map(({ source }: { readonly source: string }) => source);
  const firstOfHead = sourcesOf(last).indexOf(plan.style === 'event' ? 'drain' : 'head');
  const cycles: PaceCycles = {
    image: Math.max(...ofPasses.map(total)),
    pixels: total(ofPasses[0]!.slice(0, sourcesOf(first).lastIndexOf('pixels') + 1)),
    head: total(ofPasses.at(-1)!.slice(firstOfHead)),
  };
  const cyclesPerImage = total(ofPasses.map(total));
  // one cycle for each engine to see the image, one to hand the results to the stream
  const latencyToClass = inputCycles + engines.length + cyclesPerImage + 1;
  return {
    basis: basisOf(plan, work),
    cyclesPerImage,
    inputCycles,
    outputCycles,
    ...pace(cycles, streams),
    latencyToClass,
    latencyToLastLogit: latencyToClass + outputCycles - 2,
  };
}
