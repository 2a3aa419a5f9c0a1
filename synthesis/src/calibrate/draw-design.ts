/** Designs that cost formulas are fitted to and held against: whole accelerators, drawn by a seed, small enough for many. */
import {
  foldNetwork,
  imageAt,
  makeGenerator,
  type NetworkConfig,
  type QuantizedNetwork,
  quantizeNetwork,
  randomImages,
  randomNetwork,
} from '@spikemill/golden-model';
import { type PlanOptions, planDesign } from '@spikemill/hdl-gen';

export interface DrawnDesign {
  readonly seed: number;
  readonly network: QuantizedNetwork;
  readonly plan: Partial<PlanOptions>;
  /** `SPE 12 x 2 blocks, T 3, w4: 8 x 4, 4`; event-driven ones end with `event 24, 4` (lanes, neurons). */
  readonly title: string;
}

const DENSITY = 0.12;
const MEAN = 0.5;
const STD = 0.25;

/** Adders and registers of both arrays together: what synthesis spends its time on. */
const LARGEST_ARRAYS = 1200;
/** Guess of the bits of an accumulator, for that limit alone. */
const ACCUMULATOR_BITS = 10;
const MOST_EVENT_NEURONS = 8;
const EVENT_NEURON_CHOICES = 3;
const MOST_SEGMENT_INPUTS = 6;

type Pick = <T>(choices: readonly T[]) => T;

const BLOCKS: readonly (readonly number[])[] = [[1], [2], [1, 1], [1, 2], [2, 1]];

function drawConfig(pick: Pick): NetworkConfig {
  const spe = pick([true, false]);
  const patchSize = pick([1, 2, 2, 3, 4]);
  const inChannels = pick([1, 1, 3]);
  const side = (): number => patchSize * pick([3, 4, 5, 6, 8]) + pick([0, 0, 1]) * (patchSize > 1 ? 1 : 0);
  const perChannel = (value: number): number[] => new Array<number>(inChannels).fill(value);
  return {
    spe,
    inChannels,
    dim: spe ? pick([6, 9, 12, 18]) : pick([4, 6, 8, 12, 16, 24]),
    alpha: pick([1, 2, 3]),
    numClasses: pick([2, 5, 10, 16, 25]),
    patchSize,
    imageHeight: side(),
    imageWidth: side(),
    depths: pick(BLOCKS),
    timesteps: pick([1, 2, 3, 4, 4, 6, 8]),
    mean: perChannel(MEAN),
    std: perChannel(STD),
  };
}

function divisorsOf(number: number): number[] {
  return Array.from({ length: number }, (_, i) => i + 1).filter((divisor) => number % divisor === 0);
}

function drawPlan(pick: Pick, { timesteps }: NetworkConfig, weightBits: number): Partial<PlanOptions> {
  for (;;) {
    const [lanes, inputs] = [pick([2, 3, 4, 5, 6, 8, 10, 12, 16, 24]), pick([1, 2, 3, 4, 5, 6, 8, 12, 16])];
    const neurons = pick(divisorsOf(lanes));
    const tokenBlock = pick([4, 8, 16, 16, null]);
    const array = lanes * (timesteps * (inputs * weightBits + ACCUMULATOR_BITS) + 8 * inputs + 2 * ACCUMULATOR_BITS);
    if (array <= LARGEST_ARRAYS && neurons <= 4) return { lanes, inputs, neurons, tokenBlock };
  }
}

/** Event-driven lanes cost little, so there are more of them. */
function drawEventPlan(pick: Pick): Partial<PlanOptions> {
  const lanes = pick([4, 6, 8, 12, 16, 24, 30, 48]);
  const neurons = pick(
    divisorsOf(lanes)
      .filter((divisor) => divisor <= MOST_EVENT_NEURONS)
      .slice(-EVENT_NEURON_CHOICES),
  );
  return { style: 'event', lanes, neurons, tokenBlock: pick([4, 8, 16, 16, null]) };
}

/** Each segment has lanes of its own: half as many. */
function drawSegmentedPlan(pick: Pick, config: NetworkConfig, weightBits: number): Partial<PlanOptions> {
  const { lanes = 1, inputs = 1, neurons, ...rest } = drawPlan(pick, config, weightBits);
  const fewer = lanes % 2 === 0 && lanes > 2 ? lanes / 2 : lanes;
  const kept = neurons !== undefined && fewer % neurons === 0 ? neurons : 1;
  return {
    ...rest,
    lanes: fewer,
    inputs: Math.min(inputs, MOST_SEGMENT_INPUTS),
    neurons: kept,
    segments: pick([2, 3]),
  };
}

/** Styles by seed, for the grid and for what it is held against; all others are dense, in one engine. */
const EVENT_SEEDS: readonly (readonly [first: number, last: number])[] = [
  [37, 48],
  [200, 299],
];
const SEGMENTED_SEEDS: readonly (readonly [first: number, last: number])[] = [
  [49, 52],
  [300, 399],
];

const isAmong = (seed: number, ranges: typeof EVENT_SEEDS): boolean =>
  ranges.some(([first, last]) => seed >= first && seed <= last);

function drawPlanOf(seed: number, pick: Pick, config: NetworkConfig, weightBits: number): Partial<PlanOptions> {
  if (isAmong(seed, EVENT_SEEDS)) return drawEventPlan(pick);
  return isAmong(seed, SEGMENTED_SEEDS)
    ? drawSegmentedPlan(pick, config, weightBits)
    : drawPlan(pick, config, weightBits);
}

function describePlan({ style, lanes, inputs, neurons, segments = 1 }: Partial<PlanOptions>): string {
  if (style === 'event') return `event ${lanes}, ${neurons}`;
  return `${segments === 1 ? '' : `${segments} x `}${lanes} x ${inputs}, ${neurons}`;
}

function makeNetwork(config: NetworkConfig, seed: number, weightBits: number): QuantizedNetwork {
  const image = imageAt(randomImages(config, 1, seed), 0);
  const checkpoint = randomNetwork({ config, density: DENSITY, seed, image });
  return quantizeNetwork(foldNetwork(checkpoint), { weightBits });
}

/**
 * The design of a seed, always the same. Both variants, 2 to 8 bits, 1 to 8 timesteps, rows of one and of several words
 * and slices, memories on both sides of every threshold; event-driven ones and cut ones by ranges of the seed.
 *
 * @param seed a whole number, not negative
 */
export function drawDesign(seed: number): DrawnDesign {
  const { uniform } = makeGenerator(seed);
  const pick: Pick = (choices) => choices[Math.floor(uniform() * choices.length)]!;
  const weightBits = pick([2, 3, 4, 4, 5, 6, 8]);
  const config = drawConfig(pick);
  const options = drawPlanOf(seed, pick, config, weightBits);
  const network = makeNetwork(config, seed, weightBits);
  // refused plans would be a bug of the drawing
  planDesign(network, options);
  const { spe, dim, depths, timesteps } = config;
  const shape = `${spe ? 'SPE' : 'plain'} ${dim}, blocks ${depths.join('+')}, T ${timesteps}, w${weightBits}`;
  return { seed, network, plan: options, title: `${shape}: ${describePlan(options)}` };
}
