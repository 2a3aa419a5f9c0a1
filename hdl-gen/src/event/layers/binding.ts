/** How layers are bound to the event-driven engine: their memory sections and their passes. One file per layer. */
import type { Layer, NetworkConfig } from '@spikemill/golden-model';
import type { BlockBuffers, CurrentBuffer, SpikeMap, StageBuffers, TokenRange } from '../../layers/binding.js';
import { type EventGrid, type EventLayout, type GroupRun, isCopied } from '../layout.js';
import type { EventCurrent, EventOutput, EventPass } from '../pass.js';

/** A spike map in the spike memory; `base` is the row of its first word at timestep 0. */
export type EventMap = SpikeMap<EventLayout>;

export interface EventContext {
  readonly config: NetworkConfig;
  readonly grid: EventGrid;
  readonly weightDigits: number;
  /** Trips around the neuron unit's shifter that a token scale takes. */
  readonly scaleTrips: number;
  /** Pixels of a row of the pixel memory, and rows of a patch. */
  readonly pixelInputs: number;
  readonly patchRows: number;
  stage(index: number): StageBuffers<EventLayout>;
  block(index: number): BlockBuffers<EventLayout>;
}

/** The matrix of an axial branch. */
export interface AxialMatrix {
  readonly side: number;
  /** Rows that the lanes compute at once, one in each half of them; or one in all. */
  readonly atOnce: 1 | 2;
}

/** Weights in one of the two weight memories. */
export type EventWeights =
  /** Rows of `lanes` weights: for every tile of outputs, for every digit, for every slot of the taps. */
  | {
      readonly memory: 'event-rows';
      /** Index within an output's row of weights; null is a row of zeros. */
      readonly taps: readonly (number | null)[];
      /** Each with rows of its own. */
      readonly digits: number;
      /** EventPass.beside. */
      readonly beside: number;
    }
  /** A weight for the lower and one for the upper half of the lanes: rows of `matrix` side by side, or (null) 1 and 1. */
  | { readonly memory: 'axial-rows'; readonly matrix: AxialMatrix | null }
  | { readonly memory: null };

/** First words of a binding's sections in the memories. */
export interface EventBases {
  readonly weights: number;
  readonly params: number;
  readonly tokens: number;
}

export interface EventBinding {
  readonly layers: readonly Layer[];
  readonly outputs: readonly (EventOutput | null)[];
  readonly weights: EventWeights;
  /** Outputs of the parameter words, a group each; null: the layer has none of its own. */
  readonly params: readonly (EventOutput | null)[] | null;
  /** Words in the token memory: one per token of a channel block, else 0. */
  readonly tokenWords: number;
  pass(bases: EventBases, tokens: TokenRange): EventPass;
}

/** Outputs in the groups of a run of a layout, as channels of one layer; `offset` is the layer's channel 0 in the map. */
export function groupOutputs(
  layer: Layer,
  layout: EventLayout,
  run: GroupRun,
  { neurons }: EventGrid,
  offset = 0,
): (EventOutput | null)[] {
  return layout.slots.slice(run.first * neurons, (run.first + run.count) * neurons).map((slot) => {
    const channel = slot === null ? null : slot - offset;
    return channel === null || channel < 0 || channel >= layer.output.channels
      ? null
      : { layer, channel, tokenOffset: 0 };
  });
}

/** Where the groups of a map go that is written from group `first` on, token by token from row `row` on. */
export function mapWrite(
  { layout }: EventMap,
  row: number,
  { first, count }: GroupRun,
  grid: EventGrid,
): NonNullable<EventPass['write']> {
  const { banks, timesteps } = grid;
  return {
    row: row + Math.floor(first / banks) * timesteps,
    bank: first % banks,
    ...{ innerStep: layout.rows, outerStep: layout.rows, limit: count - 1 },
    ...{ bankLast: banks - 1, wrapStep: timesteps, copy: isCopied(layout, grid) },
  };
}

/** Addresses of a stored current from the first group of a run on, at token `firstToken`. */
export function eventCurrent(
  { base, once }: CurrentBuffer,
  { groups }: EventLayout,
  firstGroup: number,
  firstToken: number,
  { timesteps }: EventGrid,
): EventCurrent {
  const perToken = groups * (once ? 1 : timesteps);
  return { base: base + firstToken * perToken + firstGroup, timeStep: once ? 0 : groups, positionStep: perToken };
}

/** Channel of every slot in the groups of a run, `null` for padding. */
export function runSlots(
  layout: EventLayout,
  { first, count }: GroupRun,
  { neurons }: EventGrid,
): readonly (number | null)[] {
  return layout.slots.slice(first * neurons, (first + count) * neurons);
}
