/** A pass of the event-driven style: one word of its layer program. How long it takes depends on the spikes. */
import type { Layer } from '@spikemill/golden-model';
import type { EventGrid, GroupRun } from './layout.js';

/** What a pass feeds to the lanes. */
export type EventSource =
  /** The weight row of every spike. */
  | 'spikes'
  /** Whole words, all lanes with one weight: axial branches and identity. */
  | 'lane-wise'
  /** Bit planes of pixels: sums, and a round that hands on their current. */
  | 'pixels'
  /** Spikes of all tokens and timesteps: sums. */
  | 'head'
  /** Nothing: the sums go to the head. */
  | 'drain'
  /** Nothing: the neurons fire on the stored current. */
  | 'fire';

/** Addresses of a stored current through all groups, timesteps and tokens. */
export interface EventCurrent {
  readonly base: number;
  readonly timeStep: number;
  readonly positionStep: number;
}

/** An output of a pass. */
export interface EventOutput {
  readonly layer: Layer;
  readonly channel: number;
  /** Tokens from that of the position to that of the output. */
  readonly tokenOffset: number;
}

export interface EventPass {
  /** The layers that the pass computes side by side; the first one names it. */
  readonly layers: readonly Layer[];
  readonly source: EventSource;
  /** Iterations of the loops, outermost first; see smx_event_gather.v. */
  readonly loops: {
    readonly outer: number;
    readonly inner: number;
    readonly tiles: number;
    readonly rounds: number;
    readonly digits: number;
    readonly tapA: number;
    readonly tapB: number;
    readonly slices: number;
  };
  /** Operand rows; the steps are relative to the row that is left. */
  readonly operands: {
    readonly row: number;
    readonly sliceStep: number;
    readonly innerStep: number;
    readonly outerStep: number;
    readonly tapAStep: number;
    readonly tapBStep: number;
    readonly maskFirst: number;
    readonly maskLast: number;
    readonly padding: {
      readonly origin: number;
      readonly stride: number;
      readonly height: number;
      readonly width: number;
    } | null;
  };
  /**
   * Of sums: the group at which the higher digits of the weights start, whose lower digits are in the groups before;
   * 0: digits have rounds of their own.
   */
  readonly beside: number;
  readonly weights: { readonly base: number; readonly sliceStep: number; readonly tapStep: number };
  readonly paramBase: number;
  /** Words from the parameters of one outer position to those of the next (axial); 0: all have the same. */
  readonly paramOuterStep: number;
  readonly tokenBase: number;
  /** One token word per position instead of the one at `tokenBase`. */
  readonly tokenStep: boolean;
  /** Trips of a group around the neuron unit's shifter: one, or more for a token scale. */
  readonly trips: number;
  readonly identity: boolean;
  /** Added to the groups from number `from` on. */
  readonly residual: (EventCurrent & { readonly from: number }) | null;
  readonly store: EventCurrent | null;
  /** Where the spikes go, of the groups up to number `limit`; null if the pass completes no LIF. */
  readonly write: {
    readonly row: number;
    readonly bank: number;
    readonly innerStep: number;
    readonly outerStep: number;
    readonly limit: number;
    /** Behind this bank the groups go on in bank 0 of the row that is `wrapStep` further. */
    readonly bankLast: number;
    readonly wrapStep: number;
    /** Also to the same place in the upper half of the word, for axial branches; see isCopied. */
    readonly copy: boolean;
  } | null;
  /** Token of position (outer, inner) = firstToken + outer * outerTokens + inner * innerTokens. */
  readonly positions: { readonly firstToken: number; readonly outerTokens: number; readonly innerTokens: number };
  /** Output in every lane of every group of a position; null is padding. */
  readonly outputs: readonly (EventOutput | null)[];
}

/** Whether the last output of the layer is among those of the pass. */
export function hasLastClass({ outputs, layers }: EventPass): boolean {
  return outputs.some((output) => output?.channel === layers[0]!.output.channels - 1);
}

/** The last group of every segment of outputs, and its last lane that is an output; the rest of it is padding. */
export function segmentShape({ outputs }: EventPass, { neurons }: EventGrid): { last: number; lane: number } {
  const firstPadding = outputs.indexOf(null);
  if (firstPadding < 0) return { last: outputs.length / neurons - 1, lane: neurons - 1 };
  return { last: Math.floor(firstPadding / neurons), lane: (firstPadding - 1) % neurons };
}

/** Steps of the shortest trip: the state of a group must be back before its next trip (smx_event_neuron_unit.v). */
export const MIN_STEPS = 3;

/** Lanes with a real output, over all lanes of the tiles. */
export function filledLanes({ outputs, loops }: EventPass, { lanes }: EventGrid): number {
  return outputs.filter((output) => output !== null).length / (loops.tiles * lanes);
}

/** Groups of the last tile of a position. */
export function lastTileGroups({ outputs, loops }: EventPass, { neurons, banks }: EventGrid): number {
  return outputs.length / neurons - (loops.tiles - 1) * banks;
}

/** Groups that a round of the last tile goes through. */
export function roundGroups(pass: EventPass, grid: EventGrid): number {
  return pass.beside + lastTileGroups(pass, grid);
}

/** Cycles of the neuron unit for one round of a tile of `groups` groups. */
export function roundCycles({ trips }: EventPass, groups: number): number {
  return Math.max(groups, MIN_STEPS) * trips;
}

/** Groups of neurons that a pass hands on, over all positions and timesteps. */
export function neuronSteps({ outputs, loops, source }: EventPass, { neurons, timesteps }: EventGrid): number {
  if (source === 'head' || source === 'drain') return 0;
  const times = source === 'pixels' ? 1 : timesteps;
  return (loops.outer * loops.inner * times * outputs.length) / neurons;
}

/** Tiles of `count` groups. */
export function tilesOfGroups({ count }: GroupRun, { banks }: EventGrid): number {
  return Math.ceil(count / banks);
}

/** Digits that the weights of a sum must have to lie beside each other. */
const BESIDE_DIGITS = 2;

/**
 * Where the higher digits of a sum of `groups` groups start, if two digits fit beside each other, so that one event adds
 * both: half the rounds. 0 if they do not fit. The state of a group must be back before its other digit comes.
 */
export function digitsBeside(groups: number, digits: number, { banks }: EventGrid): number {
  return digits === BESIDE_DIGITS && groups >= MIN_STEPS && BESIDE_DIGITS * groups <= banks ? groups : 0;
}

/** What most passes have in common. */
export const PLAIN_EVENT_PASS = {
  beside: 0,
  paramOuterStep: 0,
  tokenBase: 0,
  tokenStep: false,
  trips: 1,
  identity: false,
  residual: null,
  store: null,
  write: null,
} as const satisfies Partial<EventPass>;
