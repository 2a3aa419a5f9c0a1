/**
 * Where the channels of a map lie in the spike memory of the event-driven style: in groups of `neurons` channels, because
 * that is what one step of the neuron unit writes. Every segment of channels starts with a group; groups fill words of
 * `lanes` channels one after the other. A word holds one timestep; the timesteps of a word follow each other.
 */
import type { NetworkConfig } from '@spikemill/golden-model';
import { ceilDivide } from '../bits.js';
import type { Layout } from '../plan/layout.js';

/** Dimensions of the engine. */
export interface EventGrid {
  /** P: lanes, the channels of a word. */
  readonly lanes: number;
  /** U: neurons, the channels of a group; a divisor of the lanes. */
  readonly neurons: number;
  readonly timesteps: number;
  /** Groups of a word. */
  readonly banks: number;
}

export interface EventLayout extends Layout {
  /** Groups per token. */
  readonly groups: number;
  /** Groups of one segment. */
  readonly segmentGroups: number;
}

/** A layout of `segments` equal runs of channels. `slots` ends with the last group, `rows` counts all timesteps. */
export function makeEventLayout(channels: number, segments: number, grid: EventGrid): EventLayout {
  const { neurons, banks, timesteps } = grid;
  const perSegment = channels / segments;
  const segmentGroups = ceilDivide(perSegment, neurons);
  const groups = segments * segmentGroups;
  const slots = Array.from({ length: groups * neurons }, (_, slot) => {
    const within = slot % (segmentGroups * neurons);
    return within < perSegment ? Math.floor(slot / (segmentGroups * neurons)) * perSegment + within : null;
  });
  const words = ceilDivide(groups, banks);
  return {
    slots,
    segmentChannels: perSegment,
    words,
    segmentWords: words,
    rows: words * timesteps,
    groups,
    segmentGroups,
  };
}

/** Layout of the map of a stage: three segments behind an SPE cell, else one. */
export function eventStageLayout(config: NetworkConfig, stage: number, channels: number, grid: EventGrid): EventLayout {
  return makeEventLayout(channels, config.spe && stage > 0 ? 3 : 1, grid);
}

/**
 * Whether a map is written to both halves of its words, so that an axial branch reads every spike twice and computes two
 * tokens at once: where a token takes half a word.
 */
export function isCopied({ groups }: EventLayout, { banks }: EventGrid): boolean {
  return 2 * groups === banks;
}

/** Some groups of a layout, in order. */
export interface GroupRun {
  readonly first: number;
  readonly count: number;
}

export function allGroups({ groups }: EventLayout): GroupRun {
  return { first: 0, count: groups };
}

/** Segment number `index` of a layout. */
export function segmentOf({ segmentGroups }: EventLayout, index: number): GroupRun {
  return { first: index * segmentGroups, count: segmentGroups };
}

/** Words that a run of groups lies in, and the groups that it takes of the first and of the last. */
export interface WordRun {
  readonly first: number;
  readonly count: number;
  readonly maskFirst: number;
  readonly maskLast: number;
}

export function wordsOf({ first, count }: GroupRun, { banks }: EventGrid): WordRun {
  const last = first + count - 1;
  const firstWord = Math.floor(first / banks);
  return {
    first: firstWord,
    count: Math.floor(last / banks) - firstWord + 1,
    maskFirst: first % banks,
    maskLast: last % banks,
  };
}
