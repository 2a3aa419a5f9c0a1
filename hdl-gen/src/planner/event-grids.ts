/** The pairs of lanes and neurons of event-driven plans that are worth looking at. */
import { type NetworkConfig, stageShapes } from '@spikemill/golden-model';
import { ceilDivide } from '../bits.js';
import { MIN_STEPS } from '../event/pass.js';
import { neuronsOf, type PlanSpace, type Span, spanLength } from './space.js';

/** Runs of channels that start with a group of neurons, by map; and the bits of a patch. */
interface Maps {
  readonly maps: readonly { readonly segments: number; readonly channels: number }[];
  /** Sums whose two digits may lie beside each other. */
  readonly sums: readonly number[];
  readonly patch: number;
}

function mapsOf(config: NetworkConfig): Maps {
  const { spe, alpha, inChannels, patchSize, numClasses, dim } = config;
  const maps = stageShapes(config).flatMap(({ channels }, stage) => {
    const segments = spe && stage > 0 ? 3 : 1;
    return [
      { segments, channels: channels / segments },
      { segments: 1, channels: Math.round(alpha * channels) },
      { segments: 1, channels },
    ];
  });
  return { maps, sums: [dim, numClasses], patch: inChannels * patchSize ** 2 };
}

/** With so many neurons every run of channels is one group; more of them only pad. */
function mostNeurons({ maps, sums }: Maps): number {
  return Math.max(...maps.map(({ channels }) => channels), ...sums);
}

/** With so many lanes every tap is one word and every position one tile; more of them only cost cells. */
function mostLanes({ maps, sums, patch }: Maps, neurons: number): number {
  const slots = (channels: number): number => ceilDivide(channels, neurons) * neurons;
  return Math.max(
    patch,
    ...maps.map(({ segments, channels }) => segments * slots(channels)),
    ...sums.map((channels) => 2 * Math.max(slots(channels), MIN_STEPS * neurons)),
  );
}

export interface EventGrids {
  readonly lanes: Span;
  neuronsOf(lanes: number): readonly number[];
  count(lanes: Span): number;
}

/** Grids of a space that no smaller one does the same work as; lanes that are given stay. */
export function eventGrids(config: NetworkConfig, space: PlanSpace): EventGrids {
  const maps = mapsOf(config);
  const isGiven = spanLength(space.lanes) === 1;
  const most = mostNeurons(maps);
  const reach = Math.max(...Array.from({ length: most }, (_, i) => mostLanes(maps, i + 1) + i));
  const { from, to } = space.lanes;
  const isUseful = (lanes: number, neurons: number): boolean => {
    if (isGiven || space.neurons !== null) return true;
    return neurons <= most && lanes - neurons < mostLanes(maps, neurons);
  };
  const known = (lanes: number): readonly number[] =>
    neuronsOf(lanes, space).filter((neurons) => isUseful(lanes, neurons));
  const last = isGiven || space.neurons !== null ? to : Math.max(from, Math.min(to, reach));
  return {
    lanes: { from, to: last },
    neuronsOf: known,
    count: (lanes) => {
      let count = 0;
      for (let each = lanes.from; each <= lanes.to; each++) count += known(each).length;
      return count;
    },
  };
}
