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
const NEURON_DRAIN = 9;
const SUMS_DRAIN = 9;
const HEAD_DRAIN = 9;
/** Likewise if more classes follow: the logits need not be out. */
const HEAD_PART_DRAIN = 5;
/** Cycles of the head for one step's classes beyond their number (HeadWait in smx_event_neuron_unit.v). */
const HEAD_WAIT = 4;

/** Time of a pass as its events go by. */
class Clock {
  /** Events and stalls so far. */
  now = 0;
  #free = 0;

  /** A round of `events` events; `busy` cycles of the neurons follow it, none if it is left out. */
  round(events: number, busy: number | null): void {
    this.now += events;
    if (busy === null) return;
    this.now = Math.max(this.now, this.#free);
    this.#free = this.now + busy;
  }
}

/** Walks the words of one round, as smx_event_gather does, and returns its cycles and whether anything spiked. */
function roundEvents(
  { loops, operands, source }: EventPass,
  grid: EventGrid,
  row: number,
  origin: { readonly y: number; readonly x: number },
  plane: number | null,
  count: CountEvents,
): { cycles: number; any: boolean } {
  const { tapA, tapB, slices } = loops;
  const { padding } = operands;
  let [cycles, any, at] = [0, false, row];
  for (let a = 0; a < tapA; a++) {
    for (let b = 0; b < tapB; b++) {
      const isInside =
        padding === null ||
        (origin.y + a >= 0 && origin.y + a < padding.height && origin.x + b >= 0 && origin.x + b < padding.width);
      for (let slice = 0; slice < slices; slice++) {
        const firstGroup = slice === 0 ? operands.maskFirst : 0;
        const lastGroup = slice === slices - 1 ? operands.maskLast : grid.banks - 1;
        const isRead = isInside && (source === 'spikes' || source === 'pixels' || source === 'head');
        const events = isRead ? count({ row: at, firstGroup, lastGroup, plane }) : 0;
        cycles += Math.max(1, events);
        any ||= events > 0;
        if (slice < slices - 1) at += operands.sliceStep;
      }
      at += b < tapB - 1 ? operands.tapBStep : operands.tapAStep;
    }
  }
  return { cycles, any };
}

/** Rounds of one tile. */
function runTile(
  pass: EventPass,
  grid: EventGrid,
  clock: Clock,
  row: number,
  origin: { readonly y: number; readonly x: number },
  place: { readonly isLastTile: boolean; readonly isFirstSum: boolean; readonly isLastPosition: boolean },
  count: CountEvents,
): void {
  const { rounds, digits } = pass.loops;
  const busy = roundCycles(pass, place.isLastTile ? roundGroups(pass, grid) : grid.banks);
  const isSum = pass.source === 'pixels' || pass.source === 'head';
  for (let round = 0; round < rounds; round++) {
    for (let digit = 0; digit < digits; digit++) {
      const plane = pass.source === 'pixels' ? round : null;
      const { cycles, any } = roundEvents(pass, grid, plane === null ? row + round : row, origin, plane, count);
      const isFirst = round === 0 && digit === 0 && place.isFirstSum;
      const isLast = round === rounds - 1 && digit === digits - 1 && place.isLastPosition && pass.source === 'head';
      clock.round(cycles, !isSum || isFirst || isLast || any ? busy : null);
    }
  }
  if (pass.source === 'pixels') clock.round(1, busy);
}

/** Cycles of a pass, from the fetch of its program word to its last write, without stalls of the result stream. */
export function eventPassCycles(pass: EventPass, grid: EventGrid, count: CountEvents): number {
  const { outer, inner, tiles } = pass.loops;
  const { operands, source } = pass;
  if (source === 'drain') {
    const steps = lastTileGroups(pass, grid);
    const end = hasLastClass(pass) ? HEAD_DRAIN : HEAD_PART_DRAIN;
    return LEAD + 1 + ARRAY_LATENCY + (steps - 1) * (grid.neurons + HEAD_WAIT + 1) + end + grid.neurons;
  }
  const clock = new Clock();
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
        runTile(pass, grid, clock, row, origin, { isLastTile: tile === tiles - 1, isFirstSum, isLastPosition }, count);
      }
      position += i === inner - 1 ? operands.outerStep : operands.innerStep;
    }
  }
  const groups = source === 'head' ? roundGroups(pass, grid) : lastTileGroups(pass, grid);
  // the pass ends with the last group, not with the idle steps behind it
  const idle = source === 'head' ? 0 : Math.max(groups, MIN_STEPS) - groups;
  const lastRound = roundCycles(pass, groups) - idle;
  return LEAD + clock.now + lastRound + ARRAY_LATENCY + (source === 'head' ? SUMS_DRAIN : NEURON_DRAIN);
}

/** Cycles of a pass in which every operand spikes: no image makes it longer. */
export function mostPassCycles(pass: EventPass, grid: EventGrid, pixelInputs: number): number {
  return eventPassCycles(pass, grid, ({ firstGroup, lastGroup, plane }) =>
    plane === null ? (lastGroup - firstGroup + 1) * grid.neurons : pixelInputs,
  );
}
