/**
 * When the weights of every tile are there, cycle by cycle: the read master, the ring and a memory that answers in
 * order, with a latency and a bandwidth. Exact for such a memory. All of it is maxima and sums, so that an image that
 * finds more in the ring never waits longer.
 */
import { type ExternalWeights, ringUnits } from '../plan/external-weights.js';
import { fan, type Pass, passCycles, tileInterval, tileWords, usesSpikeWeights } from '../plan/pass.js';
import type { EnginePlan } from '../plan/plan.js';

export interface MemoryPace {
  /** Cycles from the acceptance of a burst to its first beat, at least 1. */
  readonly latency: number;
  /** Bytes a cycle; null: a beat in every cycle. */
  readonly bytesPerCycle: number | null;
}

/** Bursts that the memory takes before it has answered the first of them. */
const BURSTS_UNDER_WAY = 16;
/** Cycles from one burst to the next, and from a credit to the burst that it allows. */
const BURST_INTERVAL = 2;
const CREDIT_TO_BURST = 1;
/** Cycles from the beat that completes a word to the first operand that may read it. */
const BEAT_TO_OPERAND = 3;
/** Cycles of the sequencer before the first operand of a pass, and between two images. */
const PASS_START = 2;
const IMAGE_GAP = 1;

/** Words as they come in, image after image. Cycle 0 is the first in which a burst may be asked for. */
class Reader {
  readonly #external: ExternalWeights;
  readonly #pace: MemoryPace;
  readonly #releases: { readonly cycle: number; readonly units: number }[] = [];
  /** Cycle of the last beat of each burst. */
  readonly #burstEnds: number[] = [];
  /** Cycle from which on an operand may read each word. */
  readonly #readable: number[] = [];
  #release = 0;
  #units = 0;
  #accepted = 1 - BURST_INTERVAL;
  #beats = 0;
  #beat = 0;
  #credit: number;

  constructor(external: ExternalWeights, pace: MemoryPace) {
    this.#external = external;
    this.#pace = pace;
    this.#credit = 2 * (external.busBits / 8);
  }

  /** Cycle from which on word number `index`, counted over all images, may be read. */
  readableAt(index: number): number {
    while (this.#readable.length <= index) this.#readBurst();
    return this.#readable[index]!;
  }

  /** The last operand of a tile is addressed in `cycle`. */
  release(cycle: number, units: number): void {
    this.#releases.push({ cycle, units: (this.#releases.at(-1)?.units ?? 0) + units });
  }

  /** First cycle in which so many units, counted from the start, have been allowed. */
  #creditAt(units: number): number {
    const missing = units - ringUnits(this.#external);
    if (missing <= 0) return 0;
    while (this.#releases[this.#release]!.units < missing) this.#release++;
    return this.#releases[this.#release]!.cycle + 1;
  }

  #readBurst(): void {
    const { bursts, burstBytes, busBits, lastBeats, lastWords, burstUnits, lastUnits, wordsPerBeat } = this.#external;
    const number = this.#burstEnds.length;
    const isLast = number % bursts === bursts - 1;
    this.#units += isLast ? lastUnits : burstUnits;
    const allowed = Math.max(this.#creditAt(this.#units) + CREDIT_TO_BURST, this.#accepted + BURST_INTERVAL);
    this.#accepted = Math.max(allowed, (this.#burstEnds[number - BURSTS_UNDER_WAY] ?? -1) + 1);
    const due = this.#accepted + this.#pace.latency;
    const beats = isLast ? lastBeats : burstBytes / (busBits / 8);
    for (let beat = 0; beat < beats; beat++) {
      this.#takeBeat(due, isLast && beat === beats - 1 ? lastWords : wordsPerBeat);
    }
    this.#burstEnds.push(this.#beat);
  }

  #takeBeat(due: number, words: number): void {
    const { busBits, wordsPerBeat, beatsPerWord } = this.#external;
    const beatBytes = busBits / 8;
    const rate = Math.min(this.#pace.bytesPerCycle ?? beatBytes, beatBytes);
    const paced = this.#beat + Math.max(0, Math.ceil((beatBytes - this.#credit) / rate));
    const cycle = Math.max(this.#beat + wordsPerBeat, paced, due);
    const saved = this.#credit + rate * (cycle - this.#beat);
    this.#credit = Math.min(saved, beatBytes + rate - 1) - beatBytes;
    this.#beat = cycle;
    this.#beats++;
    if (this.#beats % beatsPerWord !== 0) return;
    for (let word = 0; word < words; word++) this.#readable.push(cycle + BEAT_TO_OPERAND + word);
  }
}

/** Runs image after image through the passes. */
class Engine {
  readonly #plan: EnginePlan;
  readonly #external: ExternalWeights;
  readonly #reader: Reader;
  #words = 0;

  constructor(plan: EnginePlan, external: ExternalWeights, pace: MemoryPace) {
    this.#plan = plan;
    this.#external = external;
    this.#reader = new Reader(external, pace);
  }

  /**
   * Stalls of the next image.
   *
   * @param start cycle in which its first program word is fetched.
   */
  run(start: number): number {
    let cycle = start;
    for (const pass of this.#plan.passes) cycle = this.#runPass(pass, cycle);
    return cycle - start - this.#plan.cyclesPerImage;
  }

  /** @returns the cycle behind the pass. */
  #runPass(pass: Pass, start: number): number {
    const { grid } = this.#plan;
    let stalls = 0;
    if (usesSpikeWeights(pass)) {
      const { outer, inner, groups } = pass.loops;
      const words = tileWords(pass);
      const interval = tileInterval(pass, grid);
      for (let group = 0; group < groups; group++) {
        const turn = start + PASS_START + stalls + group * outer * inner * interval;
        this.#words += words;
        const ready = this.#reader.readableAt(this.#words - 1);
        const wait = Math.max(0, ready - turn);
        stalls += wait;
        const last = turn + wait + (outer * inner - 1) * interval + fan(pass) - 1;
        this.#reader.release(last, words * this.#external.unitsPerWord);
      }
    }
    return start + passCycles(pass, grid) + stalls;
  }
}

/**
 * Cycles that images wait for weights, exact for a memory without other users.
 *
 * @param lead cycles from the first in which a burst may be asked for to the start of the first image.
 * @param images that follow each other without a gap.
 */
export function weightStalls(plan: EnginePlan, pace: MemoryPace, lead: number, images: number): number[] {
  if (plan.external === null) return Array.from({ length: images }, () => 0);
  const engine = new Engine(plan, plan.external, pace);
  const stalls: number[] = [];
  let start = lead;
  for (let image = 0; image < images; image++) {
    stalls.push(engine.run(start));
    start += plan.cyclesPerImage + stalls.at(-1)! + IMAGE_GAP;
  }
  return stalls;
}

/** Stalls that no image of a run goes beyond: nothing was asked for before it starts. */
export function mostWeightStalls(plan: EnginePlan, pace: MemoryPace): number {
  return weightStalls(plan, pace, 0, 1)[0]!;
}

/** Stalls of an image that follows others without a gap; the first ones find less in the ring, and never wait less. */
export function settledStalls(plan: EnginePlan, pace: MemoryPace = TYPICAL_MEMORY): number {
  if (plan.external === null) return 0;
  return weightStalls(plan, pace, 0, SETTLED)[SETTLED - 1]!;
}

/** More bytes a cycle never mean more stalls: halves the span between too few and enough. */
function leastBytes(plan: EnginePlan, latency: number, busBytes: number): number | null {
  const isEnough = (bytesPerCycle: number): boolean => settledStalls(plan, { latency, bytesPerCycle }) === 0;
  if (!isEnough(busBytes)) return null;
  let [few, enough] = [0, busBytes];
  while (enough - few > 1) {
    const middle = Math.floor((few + enough) / 2);
    if (isEnough(middle)) enough = middle;
    else few = middle;
  }
  return enough;
}

/** What an image needs from external memory. */
export interface ExternalTraffic {
  readonly busBits: number;
  readonly wordBits: number;
  readonly tiles: number;
  readonly bytesPerImage: number;
  /** The same if every tile was read once. */
  readonly bytesOfWeights: number;
  readonly readsPerTile: number;
  readonly ringBits: number;
  readonly burstBytes: number;
  /** Bytes a cycle: on average, and so that every tile comes while the one before it is used. */
  readonly meanBytesPerCycle: number;
  readonly peakBytesPerCycle: number;
  /** A memory, and the cycles that an image waits for weights there, images back to back. */
  readonly memory: MemoryPace;
  readonly stallCycles: number;
  /** Fewest whole bytes a cycle at that latency with which no image waits, exact; null: it waits at any. */
  readonly leastBytesPerCycle: number | null;
}

/** A memory controller of an FPGA, unless another one is given. */
export const TYPICAL_MEMORY: MemoryPace = { latency: 100, bytesPerCycle: null };
/** Images until each waits as long as the one before. */
const SETTLED = 3;

/** Bytes of a tile over the cycles in which the tile before it is used: the most of all. */
function peakOf(plan: EnginePlan, external: ExternalWeights): number {
  const { grid, passes } = plan;
  const tileBytes = (words: number): number => {
    return (words * external.beatsPerWord * external.busBits) / 8 / external.wordsPerBeat;
  };
  let peak = 0;
  let cycles = Number.POSITIVE_INFINITY;
  for (const pass of passes) {
    if (!usesSpikeWeights(pass)) {
      cycles += passCycles(pass, grid);
      continue;
    }
    const { outer, inner, groups } = pass.loops;
    const use = outer * inner * tileInterval(pass, grid);
    for (let group = 0; group < groups; group++) {
      peak = Math.max(peak, tileBytes(tileWords(pass)) / cycles);
      cycles = use;
    }
    cycles += passCycles(pass, grid) - groups * use;
  }
  return peak;
}

/** null: all weights are on chip. */
export function externalTraffic(plan: EnginePlan, memory: MemoryPace = TYPICAL_MEMORY): ExternalTraffic | null {
  const { external } = plan;
  if (external === null) return null;
  const { busBits, wordBits, bytes, burstBytes, ringWords, tiles, words } = external;
  const once = new Set(tiles.map(({ firstWord }) => firstWord));
  const onceWords = plan.depths['spike-weights'];
  return {
    ...{ busBits, wordBits, burstBytes, bytesPerImage: bytes, ringBits: ringWords * wordBits, tiles: once.size },
    bytesOfWeights: Math.round((bytes * onceWords) / words),
    readsPerTile: words / onceWords,
    meanBytesPerCycle: bytes / plan.cyclesPerImage,
    peakBytesPerCycle: peakOf(plan, external),
    memory,
    stallCycles: settledStalls(plan, memory),
    leastBytesPerCycle: leastBytes(plan, memory.latency, busBits / 8),
  };
}
