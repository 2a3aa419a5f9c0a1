/** What a difference between hardware and golden model means: which neuron, when, what it should have done. */
import type { Layer } from '@spikemill/golden-model';
import { channelAt, layerAt, layerOfPass, type Place, spikePlaceAt, stepAt, type Tile, wordShape } from './schedule.js';
import type { Vectors } from './vectors.js';

/** What differs, with the sentence that says so. */
export const MISMATCH_KINDS = {
  spikes: 'a spike differs',
  currents: 'the input of a neuron differs',
  address: 'spikes go to another place, or come from another pass, than the schedule says',
  extra: 'spikes are written that the schedule does not have',
  missing: 'the image ends before all spikes are written',
  'extra-current': 'the neurons take more steps than the schedule has',
  'missing-current': 'the image ends before all steps of the neurons',
  class: 'the class differs',
  logits: 'a logit differs',
  tlast: 'the result does not end where it should',
  protocol: 'the result stream withdraws or changes a beat before it is taken',
  'extra-result': 'a result comes for no image',
  'extra-image': 'an image ends that was not sent',
  'frame-error': 'an image with a misplaced tlast is not told from a whole one',
  weights: 'a weight frame is not taken or dropped as it should be, or an image is taken before one',
  memory: 'a read of external memory breaks the protocol (see smx_memory.h) or leaves the region of the weights',
  cycles: 'the cycle counter is not what the plan promises',
  timeout: 'the hardware does not go on',
  build: 'the simulator does not take the build',
} as const;
export type MismatchKind = keyof typeof MISMATCH_KINDS;

/** The first difference as a simulator tells it. */
export interface MismatchEvent {
  readonly kind: Exclude<MismatchKind, 'build'>;
  /** Number within the image file. */
  readonly image: number;
  /** Images that were sent or under way by then. */
  readonly imagesSent: number;
  /** Since the end of reset. */
  readonly cycle: number;
  /** Number of the spike word, step or beat within the image. */
  readonly event: number;
  /** Neuron of the step. */
  readonly index?: number;
  readonly expected?: number;
  /** The text of a word that is no number, from a simulator of four values. */
  readonly got?: number | string;
  /** Of the spike word that was written. */
  readonly pass?: number;
  readonly row?: number;
  readonly word?: number;
  /** Bits, the most significant first; empty if there is none. A simulator of four values may say x and z. */
  readonly expectedWord?: string;
  readonly gotWord?: string;
}

/** The first difference of a run. What does not apply is null. */
export interface Mismatch {
  readonly kind: MismatchKind;
  readonly message: string;
  /** Number within the image file. */
  readonly image: number | null;
  readonly layer: string | null;
  /** The LIF that the layer drives. */
  readonly lif: string | null;
  readonly timestep: number | null;
  readonly token: number | null;
  /** Of the token in its map. */
  readonly row: number | null;
  readonly column: number | null;
  /** Output channel of the layer; the class for logits. */
  readonly channel: number | null;
  readonly expected: number | string | null;
  readonly got: number | string | null;
  readonly cycle: number | null;
  /** Command that shows this mismatch again. */
  readonly replay: string | null;
}

const NOWHERE = {
  layer: null,
  lif: null,
  timestep: null,
  token: null,
  row: null,
  column: null,
  channel: null,
} as const;

type Location = Pick<Mismatch, keyof typeof NOWHERE>;

function locateLayer({ name, lif }: Layer): Location {
  return { ...NOWHERE, layer: name, lif };
}

function locateTile({ plan }: Vectors, tile: Tile): Location {
  const layer = layerAt(plan, tile);
  const { width } = layer.output;
  const { token } = tile;
  return { ...locateLayer(layer), token, row: Math.floor(token / width), column: token % width };
}

function locateNeuron(vectors: Vectors, tile: Tile, { lane, timestep }: Place): Location {
  return { ...locateTile(vectors, tile), timestep, channel: channelAt(vectors.plan, tile, lane) };
}

type Described = Location & Pick<Mismatch, 'expected' | 'got'>;

/** The first spike that differs: in the earliest timestep, of the lowest lane. */
function describeSpikes(vectors: Vectors, { event, expectedWord = '', gotWord = '' }: MismatchEvent): Described {
  const { plan, spikeTiles } = vectors;
  const tile = spikeTiles[event]!;
  const { lanes, timesteps } = wordShape(plan);
  const bits = lanes * timesteps;
  const bitOf = (word: string, bit: number): string => word.at(-1 - bit) ?? '0';
  const wrong = Array.from({ length: bits }, (_, bit) => bit)
    .filter((bit) => bitOf(expectedWord, bit) !== bitOf(gotWord, bit))
    .map((bit) => ({ bit, ...spikePlaceAt(plan, tile, bit) }))
    .filter(({ lane }) => channelAt(plan, tile, lane) !== null)
    .sort((a, b) => a.timestep - b.timestep || a.lane - b.lane)[0]!;
  const value = (word: string): number | string => {
    const digit = bitOf(word, wrong.bit);
    return digit === '0' || digit === '1' ? Number(digit) : digit;
  };
  return { ...locateNeuron(vectors, tile, wrong), expected: value(expectedWord), got: value(gotWord) };
}

function describeCurrents(vectors: Vectors, { event, index = 0, expected, got }: MismatchEvent): Described {
  const { steps } = wordShape(vectors.plan);
  const tile = vectors.currentTiles[Math.floor(event / steps)]!;
  const place = stepAt(vectors.plan, tile, event % steps, index);
  return { ...locateNeuron(vectors, tile, place), expected: expected ?? null, got: got ?? null };
}

/** A place in the spike memory for people. */
function placeText(pass: number, row: number, word: number): string {
  return `pass ${pass}, row ${row}, word ${word}`;
}

function describeAddress(vectors: Vectors, { event, pass = 0, row = 0, word = 0 }: MismatchEvent): Described {
  const tile = vectors.spikeTiles[event]!;
  return {
    ...locateTile(vectors, tile),
    expected: placeText(tile.pass, tile.row, tile.word),
    got: placeText(pass, row, word),
  };
}

/** The layer of the pass that wrote too much. */
function describeExtra({ plan }: Vectors, { pass = 0, row = 0, word = 0 }: MismatchEvent): Described {
  const layer = layerOfPass(plan, pass);
  const location = layer === undefined ? NOWHERE : locateLayer(layer);
  return { ...location, expected: null, got: placeText(pass, row, word) };
}

/** Where the schedule stood when it was not gone on with. */
function describeStandstill(
  vectors: Vectors,
  { event, expected, got }: MismatchEvent,
  tiles: readonly Tile[],
): Described {
  const tile = tiles[event];
  const location =
    tile === undefined
      ? locateLayer(layerOfPass(vectors.plan, vectors.plan.passes.length - 1)!)
      : locateTile(vectors, tile);
  return { ...location, expected: expected ?? null, got: got ?? null };
}

/** Beats of a result: the class, then the logits. */
function describeResult({ plan }: Vectors, { event, expected, got }: MismatchEvent): Described {
  const channel = event === 0 ? null : event - 1;
  return {
    ...locateLayer(layerOfPass(plan, plan.passes.length - 1)!),
    channel,
    expected: expected ?? null,
    got: got ?? null,
  };
}

function describe(vectors: Vectors, event: MismatchEvent): Described {
  switch (event.kind) {
    case 'spikes':
      return describeSpikes(vectors, event);
    case 'currents':
      return describeCurrents(vectors, event);
    case 'address':
      return describeAddress(vectors, event);
    case 'extra':
      return describeExtra(vectors, event);
    case 'missing':
    case 'timeout':
      return describeStandstill(vectors, event, vectors.spikeTiles);
    case 'missing-current':
      return describeStandstill(
        vectors,
        { ...event, event: Math.floor(event.event / wordShape(vectors.plan).steps) },
        vectors.currentTiles,
      );
    case 'class':
    case 'logits':
    case 'tlast':
    case 'protocol':
      return describeResult(vectors, event);
    default:
      return { ...NOWHERE, expected: event.expected ?? null, got: event.got ?? null };
  }
}

/** @param replay the command that shows it again */
export function decodeMismatch(vectors: Vectors, event: MismatchEvent, replay: string): Mismatch {
  const { kind, image, cycle } = event;
  return { kind, message: MISMATCH_KINDS[kind], image, ...describe(vectors, event), cycle, replay };
}

/** A build that no simulator takes. */
export function brokenBuild(reason: string): Mismatch {
  return {
    ...{ kind: 'build', message: `${MISMATCH_KINDS.build}: ${reason}`, image: null, ...NOWHERE },
    ...{ expected: null, got: null, cycle: null, replay: null },
  };
}
