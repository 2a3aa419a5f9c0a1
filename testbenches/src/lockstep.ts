/** Holds the events of a simulator that only prints what it sees against the golden model, one by one. */
import { type ImageSet, imageAt } from '@spikemill/golden-model';
import { NO_EXTERNAL_READS, type RunOutcome, type RunSettings } from './engine.js';
import type { MismatchEvent } from './mismatch.js';
import { wordShape } from './schedule.js';
import type { ExpectedImage, Vectors } from './vectors.js';

/** Signed value of 32 bits, the most significant first; the text itself if it is no number. */
function signedWord(bits: string): number | string {
  return /^[01]{32}$/.test(bits) ? Number.parseInt(bits, 2) | 0 : bits;
}

/** Bits of a word of `bytes`, the most significant first. */
function wordBits(data: Uint8Array, word: number, bytes: number): string {
  const parts = Array.from(data.subarray(word * bytes, (word + 1) * bytes), (byte) =>
    byte.toString(2).padStart(8, '0'),
  );
  return parts.reverse().join('');
}

/** What smx_icarus.v does not say. */
const UNTOLD = {
  ...NO_EXTERNAL_READS,
  toggles: null,
  passUse: null,
  cpuSeconds: null,
  peakBytes: null,
  resumedAtCycle: 0,
  intervalCycles: 0,
} as const;

/** What the lines of smx_icarus.v say. */
type Fields = readonly string[];

export class Lockstep {
  readonly #vectors: Vectors;
  readonly #images: ImageSet;
  readonly #settings: RunSettings;
  readonly #expected = new Map<number, ExpectedImage>();
  readonly #counts = { comparedSpikes: 0, comparedCurrents: 0, comparedResults: 0, mismatches: 0, stallCycles: 0 };
  #event: MismatchEvent | null = null;
  #cycle = 0;
  /** Images whose computation has ended, and those whose results are out. */
  #computed = 0;
  #done = 0;
  #spike = 0;
  #step = 0;
  #beat = 0;
  #minCycles = Infinity;
  #maxCycles = 0;

  constructor(vectors: Vectors, images: ImageSet, settings: RunSettings) {
    this.#vectors = vectors;
    this.#images = images;
    this.#settings = settings;
  }

  /** Images whose results are out. */
  get done(): number {
    return this.#done;
  }

  /** Takes one line; unknown ones are no events. */
  take(line: string): void {
    const [cycle = '', kind = '', ...fields] = line.split(' ');
    if (!/^\d+$/.test(cycle)) return;
    this.#cycle = Number(cycle);
    if (kind === 'spikes') this.#takeSpikes(fields);
    else if (kind === 'currents') this.#takeCurrents(fields);
    else if (kind === 'image') this.#takeImage(fields);
    else if (kind === 'result') this.#takeResult(fields);
    else if (kind === 'frame_error') this.#mismatch('frame-error', this.#computed, 0, { expected: 0, got: 1 });
    else if (kind === 'stuck') this.#stuck();
  }

  outcome(): RunOutcome {
    const cycles = { minCycles: this.#maxCycles === 0 ? 0 : this.#minCycles, maxCycles: this.#maxCycles };
    const summary = {
      images: this.#done,
      ...this.#counts,
      frameErrors: 0,
      totalCycles: this.#cycle,
      ...cycles,
      ...UNTOLD,
    };
    return { summary, event: this.#event };
  }

  /** @param image counted from the first of the run */
  #expectedOf(image: number): ExpectedImage {
    let expected = this.#expected.get(image);
    if (expected === undefined) {
      const number = this.#settings.first + image;
      expected = this.#vectors.expect(imageAt(this.#images, number), number);
      this.#expected.set(image, expected);
    }
    return expected;
  }

  #mismatch(kind: MismatchEvent['kind'], image: number, event: number, what: Partial<MismatchEvent>, count = 1): void {
    this.#counts.mismatches += count;
    const { first, limit } = this.#settings;
    const number = first + Math.min(image, limit - 1);
    this.#event ??= { kind, image: number, imagesSent: limit, cycle: this.#cycle, event, ...what };
  }

  #takeSpikes([pass, row, word, gotWord = '']: Fields): void {
    const { spikeTiles, spikeMasks, wordBytes } = this.#vectors;
    const place = { pass: Number(pass), row: Number(row), word: Number(word), gotWord };
    const tile = spikeTiles[this.#spike];
    if (tile === undefined || this.#computed >= this.#settings.limit) {
      this.#mismatch('extra', this.#computed, this.#spike, { ...place, expectedWord: '' });
      return;
    }
    const expectedWord = wordBits(this.#expectedOf(this.#computed).spikes, this.#spike, wordBytes);
    if (tile.pass !== place.pass || tile.row !== place.row || tile.word !== place.word) {
      this.#mismatch('address', this.#computed, this.#spike, { ...place, expectedWord });
    } else {
      const mask = wordBits(spikeMasks, this.#spike, wordBytes);
      const got = gotWord.padStart(mask.length, '0');
      const wrong = [...mask].filter((bit, i) => bit === '1' && got[i] !== expectedWord[i]).length;
      this.#counts.comparedSpikes += mask.replaceAll('0', '').length;
      if (wrong > 0) this.#mismatch('spikes', this.#computed, this.#spike, { ...place, expectedWord }, wrong);
    }
    this.#spike++;
  }

  #takeCurrents([bits = '']: Fields): void {
    const { plan, currentMasks } = this.#vectors;
    const { neurons } = wordShape(plan);
    if ((this.#step + 1) * neurons > currentMasks.length || this.#computed >= this.#settings.limit) {
      this.#mismatch('extra-current', this.#computed, this.#step, { expected: 0, got: 1 });
      return;
    }
    const { currents } = this.#expectedOf(this.#computed);
    for (let unit = 0; unit < neurons; unit++) {
      const place = this.#step * neurons + unit;
      if (currentMasks[place] === 0) continue;
      const got = signedWord(bits.slice(bits.length - 32 * (unit + 1), bits.length - 32 * unit));
      const expected = currents[place]!;
      this.#counts.comparedCurrents++;
      if (got !== expected) this.#mismatch('currents', this.#computed, this.#step, { index: unit, expected, got });
    }
    this.#step++;
  }

  #takeImage([cyclesText, stalls]: Fields): void {
    const { plan, spikeTiles, currentTiles } = this.#vectors;
    const [cycles, image] = [Number(cyclesText), this.#computed];
    const expectSteps = currentTiles.length * wordShape(plan).steps;
    const standsAt = (what: number, of: number) => ({ expected: of, got: what });
    if (this.#spike < spikeTiles.length) {
      this.#mismatch('missing', image, this.#spike, standsAt(this.#spike, spikeTiles.length));
    }
    if (this.#step < expectSteps)
      this.#mismatch('missing-current', image, this.#step, standsAt(this.#step, expectSteps));
    const { cycles: promised } = this.#expectedOf(image);
    if (cycles !== promised) this.#mismatch('cycles', image, 0, standsAt(cycles, promised));
    this.#minCycles = Math.min(this.#minCycles, cycles);
    this.#maxCycles = Math.max(this.#maxCycles, cycles);
    this.#counts.stallCycles += Number(stalls);
    this.#spike = 0;
    this.#step = 0;
    this.#computed++;
  }

  #takeResult([bits = '', lastText]: Fields): void {
    const image = this.#done;
    const got = signedWord(bits);
    if (image >= this.#settings.limit) {
      this.#mismatch('extra-result', image, this.#beat, { expected: 0, got });
      return;
    }
    const { result } = this.#expectedOf(image);
    const expected = result[this.#beat]!;
    const isLast = this.#beat + 1 === result.length;
    this.#counts.comparedResults++;
    if (got !== expected) this.#mismatch(this.#beat === 0 ? 'class' : 'logits', image, this.#beat, { expected, got });
    if (lastText !== (isLast ? '1' : '0')) {
      this.#mismatch('tlast', image, this.#beat, { expected: Number(isLast), got: lastText ?? '' });
    }
    this.#beat++;
    if (!isLast) return;
    this.#beat = 0;
    this.#expected.delete(image);
    this.#done++;
  }

  #stuck(): void {
    const { length } = this.#vectors.spikeTiles;
    this.#mismatch('timeout', this.#computed, this.#spike, { expected: length, got: this.#spike });
  }
}
