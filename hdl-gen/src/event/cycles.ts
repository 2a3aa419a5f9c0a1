/**
 * How long the event-driven engine takes: exactly, from the spikes of an image, or at most, if everything spikes.
 *
 * A word takes one cycle for every spike, and one if it has none. The end of a round waits until the neuron unit has gone
 * through the round before (smx_event_issue.v). Nothing else stalls, so that a pass is a sum over its rounds.
 */
import type { EventGrid } from './layout.js';
import { type EventPass, hasLastClass, lastTileGroups, MIN_STEPS, roundCycles, roundGroups } from './pass.js';

/** Events of an operand word: its spikes. */
export interface OperandWord {
  /** Row of the spike memory, or of the pixel memory. */
  readonly row: number;
  /** Groups that the pass reads, the others are masked out. */
  readonly firstGroup: number;
  readonly lastGroup: number;
  /** Bit of the pixels; null for spikes. */
  readonly plane: number | null;
}
export type CountEvents = (word: OperandWord) => number;

/** Cycles from the program's fetch to the first event: fetch, start, address, memory, register, word, block. */
const LEAD = 6;
/** Cycles from the end of the last round to its results: row address, memory, register, operand, sum. */
const ARRAY_LATENCY = 6;
/** From the last step of the neurons to the end of the pass; from the last step of a drain. */
const NEURON_DRAIN = 10;
const SUMS_DRAIN = 10;
const HEAD_DRAIN = 10;
/** Likewise if more classes follow: the logits need not be out. */
const HEAD_PART_DRAIN = 6;
/** Cycles of the head for one step's classes beyond their number (HeadWait in smx_event_neuron_unit.v). */
const HEAD_WAIT = 4;

/** What a walk through a pass meets, in the order of the hardware. */
export interface PassVisitor {
  /** A word of the round, null if nothing is read: a tap outside of the map, or no operands. */
  word(word: OperandWord | null): void;
  /** The end of a round, which keeps the neurons `busy` cycles; `mayBeLeftOut`: not if nothing spiked in it. */
  round(busy: number, mayBeLeftOut: boolean): void;
}

type Origin = { readonly y: number; readonly x: number };

/** Walks the words of one round, as smx_event_gather does. */
function walkRound(
  { loops, operands, source }: EventPass,
  grid: EventGrid,
  row: number,
  origin: Origin,
  plane: number | null,
  visitor: PassVisitor,
): void {
  const { tapA, tapB, slices } = loops;
  const { padding } = operands;
  const hasOperands = source === 'spikes' || source === 'pixels' || source === 'head';
  let at = row;
  for (let a = 0; a < tapA; a++) {
    for (let b = 0; b < tapB; b++) {
      const isInside =
        padding === null ||
        (origin.y + a >= 0 && origin.y + a < padding.height && origin.x + b >= 0 && origin.x + b < padding.width);
      for (let slice = 0; slice < slices; slice++) {
        const firstGroup = slice === 0 ? operands.maskFirst : 0;
        const lastGroup = slice === slices - 1 ? operands.maskLast : grid.banks - 1;
        visitor.word(isInside && hasOperands ? { row: at, firstGroup, lastGroup, plane } : null);
        if (slice < slices - 1) at += operands.sliceStep;
      }
      at += b < tapB - 1 ? operands.tapBStep : operands.tapAStep;
    }
  }
}

/** Rounds of one tile. */
function walkTile(
  pass: EventPass,
  grid: EventGrid,
  row: number,
  origin: Origin,
  place: { readonly isLastTile: boolean; readonly isFirstSum: boolean; readonly isLastPosition: boolean },
  visitor: PassVisitor,
): void {
  const { rounds, digits } = pass.loops;
  const busy = roundCycles(pass, place.isLastTile ? roundGroups(pass, grid) : grid.banks);
  const isSum = pass.source === 'pixels' || pass.source === 'head';
  for (let round = 0; round < rounds; round++) {
    for (let digit = 0; digit < digits; digit++) {
      const plane = pass.source === 'pixels' ? round : null;
      walkRound(pass, grid, plane === null ? row + round : row, origin, plane, visitor);
      const isFirst = round === 0 && digit === 0 && place.isFirstSum;
      const isLast = round === rounds - 1 && digit === digits - 1 && place.isLastPosition && pass.source === 'head';
      visitor.round(busy, isSum && !isFirst && !isLast);
    }
  }
  if (pass.source !== 'pixels') return;
  visitor.word(null);
  visitor.round(busy, false);
}

/** Walks all rounds of a pass that has operands or fires, which a drain does not. */
export function walkPass(pass: EventPass, grid: EventGrid, visitor: PassVisitor): void {
  const { outer, inner, tiles } = pass.loops;
  const { operands, source } = pass;
  const stride = operands.padding?.stride ?? 0;
  const first = operands.padding?.origin ?? 0;
  let position = operands.row;
  for (let o = 0; o < outer; o++) {
    for (let i = 0; i < inner; i++) {
      for (let tile = 0; tile < tiles; tile++) {
        const row = position + (source === 'lane-wise' ? tile * grid.timesteps : 0);
        const origin = { y: first + o * stride, x: first + i * stride };
        const isLastPosition = o === outer - 1 && i === inner - 1 && tile === tiles - 1;
        const isFirstSum = source === 'pixels' || i === 0;
        walkTile(pass, grid, row, origin, { isLastTile: tile === tiles - 1, isFirstSum, isLastPosition }, visitor);
      }
      position += i === inner - 1 ? operands.outerStep : operands.innerStep;
    }
  }
}

/** Cycles of a drain, which has no rounds of its own. */
function drainCycles(pass: EventPass, grid: EventGrid): number {
  const steps = lastTileGroups(pass, grid);
  const end = hasLastClass(pass) ? HEAD_DRAIN : HEAD_PART_DRAIN;
  return LEAD + 1 + ARRAY_LATENCY + (steps - 1) * (grid.neurons + HEAD_WAIT + 1) + end + grid.neurons;
}

/** Cycles around the rounds of a pass: fetch, pipeline, the neurons of the last round; or all of a drain. */
export function overheadCycles(pass: EventPass, grid: EventGrid): number {
  if (pass.source === 'drain') return drainCycles(pass, grid);
  const isHead = pass.source === 'head';
  const groups = isHead ? roundGroups(pass, grid) : lastTileGroups(pass, grid);
  // the pass ends with the last group, not with the idle steps behind it
  const idle = isHead ? 0 : Math.max(groups, MIN_STEPS) - groups;
  return LEAD + roundCycles(pass, groups) - idle + ARRAY_LATENCY + (isHead ? SUMS_DRAIN : NEURON_DRAIN);
}

/** What a pass did. */
export interface PassWork {
  /** From the fetch of its program word to its last write, without stalls of the result stream. */
  readonly cycles: number;
  /** Cycles of the walker that added a row, and of words without a spike. */
  readonly events: number;
  readonly silentWords: number;
  /** Cycles in which the end of a round waited for the neurons. */
  readonly waits: number;
  /** Cycles of the neuron unit. */
  readonly neuronCycles: number;
  /** Words of spikes or pixels that were read. */
  readonly words: number;
}

class Work implements PassVisitor {
  events = 0;
  silentWords = 0;
  waits = 0;
  neuronCycles = 0;
  words = 0;
  readonly #count: CountEvents;
  /** Until when the neurons are busy. */
  #free = 0;
  #any = false;

  constructor(count: CountEvents) {
    this.#count = count;
  }

  /** Cycles so far. */
  get now(): number {
    return this.events + this.silentWords + this.waits;
  }

  word(word: OperandWord | null): void {
    const events = word === null ? 0 : this.#count(word);
    if (word !== null) this.words++;
    if (events === 0) this.silentWords++;
    this.events += events;
    this.#any ||= events > 0;
  }

  round(busy: number, mayBeLeftOut: boolean): void {
    if (!mayBeLeftOut || this.#any) {
      this.waits += Math.max(0, this.#free - this.now);
      this.#free = this.now + busy;
      this.neuronCycles += busy;
    }
    this.#any = false;
  }
}

/** What a pass does with the events of an image. */
export function eventPassWork(pass: EventPass, grid: EventGrid, count: CountEvents): PassWork {
  const work = new Work(count);
  if (pass.source !== 'drain') walkPass(pass, grid, work);
  const { events, silentWords, waits, neuronCycles, words } = work;
  return { cycles: work.now + overheadCycles(pass, grid), events, silentWords, waits, neuronCycles, words };
}

/** Cycles of a pass, from the fetch of its program word to its last write, without stalls of the result stream. */
export function eventPassCycles(pass: EventPass, grid: EventGrid, count: CountEvents): number {
  return eventPassWork(pass, grid, count).cycles;
}

/** Cycles of a pass in which every operand spikes: no image makes it longer. */
export function mostPassWork(pass: EventPass, grid: EventGrid, pixelInputs: number): PassWork {
  return eventPassWork(pass, grid, ({ firstGroup, lastGroup, plane }) =>
    plane === null ? (lastGroup - firstGroup + 1) * grid.neurons : pixelInputs,
  );
}

export function mostPassCycles(pass: EventPass, grid: EventGrid, pixelInputs: number): number {
  return mostPassWork(pass, grid, pixelInputs).cycles;
}
