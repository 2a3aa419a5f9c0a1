/**
 * Weights of the spike array in external memory: which words an image reads, in which order, in what beats and bursts.
 * Everything is static, so they lie there in the order in which they are read, and are read in a straight line.
 */
import { ceilDivide } from '../bits.js';
import type { Formats } from './formats.js';
import type { Grid, PlanOptions } from './options.js';
import { type Pass, tileWords, usesSpikeWeights } from './pass.js';

/** The weights of one group of lanes in a pass: they serve all positions of the pass. */
export interface WeightTile {
  readonly pass: number;
  readonly group: number;
  /** Its first word among those of the layers behind each other, as `spike-weights` has them. */
  readonly firstWord: number;
  readonly words: number;
}

export interface ExternalWeights {
  /** In the order in which an image reads them. A layer that runs in token blocks reads its tiles once for each. */
  readonly tiles: readonly WeightTile[];
  /** Bits of a beat, and of a word of lanes x inputs weights. */
  readonly busBits: number;
  readonly wordBits: number;
  /** Whole beats of a word, or words within a beat: one of them is 1. */
  readonly beatsPerWord: number;
  readonly wordsPerBeat: number;
  /** Of an image. */
  readonly words: number;
  readonly beats: number;
  readonly bytes: number;
  readonly burstBytes: number;
  readonly bursts: number;
  /** Beats of the last burst, words of the last beat. */
  readonly lastBeats: number;
  readonly lastWords: number;
  /** Words of the tiles that are on chip at a time. */
  readonly ringWords: number;
  /** Counting unit of the ring: a beat, or a word where a beat has several. */
  readonly unitsPerWord: number;
  readonly burstUnits: number;
  readonly lastUnits: number;
}

/** Most bytes of a burst: what memories like, and at most 256 beats of the narrowest bus. */
const LONGEST_BURST = 1024;
const LEAST_BEATS = 4;

/** A power of two, so that no burst crosses a 4 KiB boundary; not longer than a tile, so that it fills no ring alone. */
function burstLength(tileBytes: number, beatBytes: number): number {
  let bytes = LONGEST_BURST;
  while (bytes > tileBytes && bytes > LEAST_BEATS * beatBytes) bytes /= 2;
  return bytes;
}

function tilesOf(passes: readonly Pass[]): WeightTile[] {
  return passes.flatMap((pass, number) => {
    if (!usesSpikeWeights(pass)) return [];
    const words = tileWords(pass);
    return Array.from({ length: pass.loops.groups }, (_, group): WeightTile => {
      return { pass: number, group, firstWord: pass.weightBase + group * words, words };
    });
  });
}

/** What an image reads, whatever its order. */
export interface ExternalWords {
  readonly words: number;
  /** Of the largest tile. */
  readonly largest: number;
}

/** Everything but the tiles. */
export function externalSizes(
  { words, largest }: ExternalWords,
  { lanes, inputs }: Pick<Grid, 'lanes' | 'inputs'>,
  { weightBits }: Formats,
  { weightBus: busBits }: Pick<PlanOptions, 'weightBus'>,
): Omit<ExternalWeights, 'tiles'> {
  const wordBits = lanes * inputs * weightBits;
  const beatsPerWord = ceilDivide(wordBits, busBits);
  const wordsPerBeat = Math.max(1, Math.floor(busBits / wordBits));
  const beats = wordsPerBeat > 1 ? ceilDivide(words, wordsPerBeat) : words * beatsPerWord;
  const beatBytes = busBits / 8;
  const burstBytes = burstLength((largest * beatBytes * beatsPerWord) / wordsPerBeat, beatBytes);
  const burstBeats = burstBytes / beatBytes;
  const bursts = ceilDivide(beats, burstBeats);
  const lastBeats = beats - (bursts - 1) * burstBeats;
  const lastWords = wordsPerBeat > 1 ? words - (beats - 1) * wordsPerBeat : 1;
  return {
    ...{ busBits, wordBits, beatsPerWord, wordsPerBeat, words, beats, bytes: beats * beatBytes },
    ...{ burstBytes, bursts, lastBeats, lastWords },
    // a tile in use, the next one, and what the burst that ends it brings beyond
    ringWords: 2 * largest + ceilDivide(burstBeats * wordsPerBeat, beatsPerWord),
    unitsPerWord: beatsPerWord,
    burstUnits: burstBeats * wordsPerBeat,
    lastUnits: (lastBeats - 1) * wordsPerBeat + lastWords,
  };
}

/** @param passes in group order. */
export function planExternalWeights(
  passes: readonly Pass[],
  grid: Grid,
  formats: Formats,
  options: PlanOptions,
): ExternalWeights {
  const tiles = tilesOf(passes);
  const words = tiles.reduce((sum, tile) => sum + tile.words, 0);
  const largest = Math.max(...tiles.map((tile) => tile.words));
  return { tiles, ...externalSizes({ words, largest }, grid, formats, options) };
}

/** Units that the ring holds. */
export function ringUnits({ ringWords, unitsPerWord }: Pick<ExternalWeights, 'ringWords' | 'unitsPerWord'>): number {
  return ringWords * unitsPerWord;
}
