/**
 * How long the event-driven engine takes on average, from firing rates alone: every neuron spikes with its rate, whatever
 * the others do. The rounds are those of cycles.ts, with the chances of events in their place. With one rate for a whole
 * population the sum is up to 6 % off for trained networks, whose backgrounds are silent; with a rate for each timestep and
 * token, averaged over the images, it is within 2 %.
 */
import { tokenCount } from '@spikemill/golden-model';
import type { OperandWord, PassVisitor, PassWork } from './cycles.js';
import { overheadCycles, walkPass } from './cycles.js';
import type { EventPass } from './pass.js';
import type { EventPlan } from './plan.js';
import type { EventWork } from './work.js';

/** What spikes on average, 0..1. Either one number for all places, or one for each: spikes are not spread evenly. */
export interface FiringRates {
  /** Spikes per neuron by name of the population; places are [timestep, token]. */
  readonly lifs: ReadonlyMap<string, ArrayLike<number>>;
  /** Ones per pixel in every bit plane, the lowest first; places are patches. */
  readonly planes: readonly ArrayLike<number>[];
}

/** The rate at a place. */
function rateAt(rates: ArrayLike<number>, place: number): number {
  return rates.length === 1 ? rates[0]! : rates[place]!;
}

/** Chances of whole numbers: entry i is that of i. */
type Chances = readonly number[];

function convolve(a: Chances, b: Chances): number[] {
  const sum = new Array<number>(a.length + b.length - 1).fill(0);
  for (let i = 0; i < a.length; i++) {
    if (a[i] === 0) continue;
    for (let j = 0; j < b.length; j++) sum[i + j]! += a[i]! * b[j]!;
  }
  return sum;
}

/** Chances of the spikes of independent neurons. */
function spikeChances(neurons: number, rate: number): Chances {
  let chances: Chances = [1];
  for (let i = 0; i < neurons; i++) chances = convolve(chances, [1 - rate, rate]);
  return chances;
}

/** A word that is read, or none. */
interface WordChances {
  /** Among all kinds of words of the plan. */
  readonly id: number;
  /** Of its cycles: one for every spike, and one if there is none. */
  readonly cycles: Chances;
  readonly events: number;
  readonly silent: number;
  /** It is read. */
  readonly isRead: boolean;
}

/** A round of some words. */
interface RoundChances {
  readonly events: number;
  readonly silentWords: number;
  /** Chance that nothing spikes; it takes a cycle a word then. */
  readonly silent: number;
  readonly words: number;
  readonly readWords: number;
  /** Of its cycles; made when they are asked for. */
  cycles(): Chances;
}

function makeWord(id: number, neurons: number, rate: number, isRead: boolean): WordChances {
  const spikes = spikeChances(neurons, rate);
  const silent = spikes[0]!;
  const cycles = [0, silent + (spikes[1] ?? 0), ...spikes.slice(2)];
  return { id, cycles, events: neurons * rate, silent, isRead };
}

function makeRound(words: readonly WordChances[]): RoundChances {
  let known: Chances | undefined;
  return {
    events: words.reduce((sum, { events }) => sum + events, 0),
    silentWords: words.reduce((sum, { silent }) => sum + silent, 0),
    silent: words.reduce((all, { silent }) => all * silent, 1),
    words: words.length,
    readWords: words.filter(({ isRead }) => isRead).length,
    cycles: () => {
      known ??= words.reduce<Chances>((sum, { cycles }) => convolve(sum, cycles), [1]);
      return known;
    },
  };
}

/** Words and rounds by what they hold: most are alike. */
class Kinds {
  readonly #words = new Map<string, WordChances>();
  readonly #rounds = new Map<string, RoundChances>();

  word(neurons: number, rate: number, isRead = true): WordChances {
    const key = `${neurons} ${rate} ${isRead}`;
    const word = this.#words.get(key) ?? makeWord(this.#words.size, neurons, rate, isRead);
    this.#words.set(key, word);
    return word;
  }

  round(words: readonly WordChances[]): RoundChances {
    const key = words.map(({ id }) => id).join(' ');
    const round = this.#rounds.get(key) ?? makeRound(words);
    this.#rounds.set(key, round);
    return round;
  }
}

/** The rounds of a pass, as chances: how long they take, and how long the neurons then still work. */
class Expectation implements PassVisitor {
  /** Means so far, as in PassWork. */
  events = 0;
  silentWords = 0;
  waits = 0;
  neuronCycles = 0;
  words = 0;
  readonly #kinds: Kinds;
  readonly #wordOf: (word: OperandWord) => WordChances;
  readonly #nothing: WordChances;
  #words: WordChances[] = [];
  /** Of the cycles until the neurons are free. */
  #rest: Chances = [1];

  constructor(kinds: Kinds, wordOf: (word: OperandWord) => WordChances) {
    this.#kinds = kinds;
    this.#wordOf = wordOf;
    this.#nothing = kinds.word(0, 0, false);
  }

  word(word: OperandWord | null): void {
    this.#words.push(word === null ? this.#nothing : this.#wordOf(word));
  }

  round(busy: number, mayBeLeftOut: boolean): void {
    const round = this.#kinds.round(this.#words);
    this.#words = [];
    const leftOut = mayBeLeftOut ? round.silent : 0;
    this.events += round.events;
    this.silentWords += round.silentWords;
    this.words += round.readWords;
    this.waits += this.#waitsFor(round, leftOut);
    this.neuronCycles += busy * (1 - leftOut);
    const rest = new Array<number>(busy + 1).fill(0);
    rest[busy] = 1 - leftOut;
    if (leftOut > 0) {
      for (const [cycles, chance] of this.#rest.entries()) {
        const left = Math.max(0, cycles - round.words);
        rest[left] = (rest[left] ?? 0) + chance * leftOut;
      }
    }
    this.#rest = rest;
  }

  /** Cycles until the neurons are free that its own do not fill; a round that is left out does not wait. */
  #waitsFor(round: RoundChances, leftOut: number): number {
    const { words } = round;
    // no round is shorter than its words
    if (this.#rest.length - 1 <= words) return 0;
    let waits = 0;
    for (const [rest, chance] of this.#rest.entries()) {
      if (chance === 0 || rest <= words) continue;
      const cycles = round.cycles();
      for (let c = words; c < Math.min(rest, cycles.length); c++) {
        const waiting = cycles[c]! - (c === words ? leftOut : 0);
        waits += chance * waiting * (rest - c);
      }
    }
    return waits;
  }
}

/** What a place of the spike memory holds: neurons of a group, and their rate. */
interface SpikeMemory {
  readonly neurons: Uint16Array;
  readonly rates: Float64Array;
}

const SILENT = [0];

/** Notes what a pass writes, as smx_event_writer does. */
function writeSpikes({ grid }: EventPlan, pass: EventPass, { lifs }: FiringRates, memory: SpikeMemory): void {
  const { write, outputs, loops, positions } = pass;
  if (write === null) return;
  const { banks, neurons, timesteps } = grid;
  const { bankLast, wrapStep } = write;
  const groups = Array.from({ length: write.limit + 1 }, (_, group) => {
    const filled = outputs.slice(group * neurons, (group + 1) * neurons).filter((output) => output !== null);
    const layer = filled[0]?.layer;
    const rates = layer === undefined ? SILENT : lifs.get(layer.lif!)!;
    const tokens = layer === undefined ? 0 : tokenCount(layer.output);
    return { count: filled.length, rates, tokens, offset: filled[0]?.tokenOffset ?? 0 };
  });
  let position = write.row;
  for (let o = 0; o < loops.outer; o++) {
    for (let i = 0; i < loops.inner; i++) {
      const token = positions.firstToken + o * positions.outerTokens + i * positions.innerTokens;
      for (const [group, { count, rates, tokens, offset }] of groups.entries()) {
        const bank = write.bank + group;
        for (let t = 0; t < timesteps; t++) {
          const place = (position + Math.floor(bank / (bankLast + 1)) * wrapStep + t) * banks + (bank % (bankLast + 1));
          memory.neurons[place] = count;
          memory.rates[place] = rateAt(rates, t * tokens + token + offset);
        }
      }
      position += i === loops.inner - 1 ? write.outerStep : write.innerStep;
    }
  }
}

/** What the passes of a plan do on average, without stalls of the result stream. */
export function expectedWork(plan: EventPlan, rates: FiringRates): EventWork {
  const { grid, passes, buffers, pixelInputs, patchRows } = plan;
  const places = buffers.spikeRows * grid.banks;
  const memory: SpikeMemory = { neurons: new Uint16Array(places), rates: new Float64Array(places) };
  const kinds = new Kinds();
  const wordOf = ({ row, firstGroup, lastGroup, plane }: OperandWord): WordChances => {
    if (plane !== null) {
      return kinds.word(pixelInputs, rateAt(rates.planes[plane]!, Math.floor(row / patchRows)));
    }
    let [neurons, rate] = [0, 0];
    for (let place = row * grid.banks + firstGroup; place <= row * grid.banks + lastGroup; place++) {
      neurons += memory.neurons[place]!;
      // the groups of a word are of one map
      rate = memory.rates[place]!;
    }
    return kinds.word(neurons, rate);
  };
  const works = passes.map((pass): PassWork => {
    const expectation = new Expectation(kinds, wordOf);
    if (pass.source !== 'drain') walkPass(pass, grid, expectation);
    writeSpikes(plan, pass, rates, memory);
    const { events, silentWords, waits, neuronCycles, words } = expectation;
    const cycles = events + silentWords + waits + overheadCycles(pass, grid);
    return { cycles, events, silentWords, waits, neuronCycles, words };
  });
  return { basis: 'rates', passes: works };
}
