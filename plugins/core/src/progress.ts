/** Progress on stderr: one line that is rewritten on a terminal, a line now and then in a log file. */

/** The part of process.stderr that is needed. */
export interface ProgressStream {
  readonly isTTY?: boolean;
  write(text: string): unknown;
}

/** Shorter work stays silent. */
const QUIET_MS = 1000;
const TERMINAL_INTERVAL_MS = 100;
const LOG_INTERVAL_MS = 10_000;
/** How long work may keep the event loop; signals are seen only in between. */
const YIELD_MS = 50;
const CLEAR_LINE = '\r\x1b[K';

export class Progress {
  readonly #label: string;
  readonly #total: number | null;
  readonly #from: number;
  readonly #stream: ProgressStream | null;
  readonly #now: () => number;
  readonly #started: number;
  #lastShown: number;
  #lastYield: number;
  #isOnScreen = false;

  /**
   * @param total null: nobody knows how much there is to do.
   * @param stream null: silent.
   * @param from what was done before by somebody else, and says nothing about the time that is left.
   */
  constructor(
    label: string,
    total: number | null,
    stream: ProgressStream | null,
    now: () => number = () => performance.now(),
    from = 0,
  ) {
    this.#label = label;
    this.#total = total;
    this.#stream = stream;
    this.#now = now;
    this.#from = from;
    this.#started = now();
    this.#lastShown = this.#started + QUIET_MS - this.#interval;
    this.#lastYield = this.#started;
  }

  /** Tells that `done` of the total are done; of what is under way, a share. */
  update(done: number): void {
    const now = this.#now();
    if (this.#stream === null || now - this.#lastShown < this.#interval) return;
    this.#lastShown = now;
    const line = `${this.#label} ${Math.floor(done)}${this.#total === null ? '' : this.#left(done, this.#total, now)}`;
    this.#stream.write(this.#stream.isTTY ? CLEAR_LINE + line : `${line}\n`);
    this.#isOnScreen = true;
  }

  /** As update; also lets the event loop run from time to time, so that Ctrl-C works in the midst of long work. */
  async step(done: number): Promise<void> {
    this.update(done);
    if (this.#now() - this.#lastYield < YIELD_MS) return;
    await new Promise((resolve) => setImmediate(resolve));
    this.#lastYield = this.#now();
  }

  /** Takes the line from the terminal. */
  end(): void {
    if (this.#isOnScreen && this.#stream?.isTTY) this.#stream.write(CLEAR_LINE);
  }

  #left(done: number, total: number, now: number): string {
    const percent = Math.floor((100 * done) / total);
    const left = Math.ceil(((now - this.#started) / 1000 / (done - this.#from)) * (total - done));
    return `/${total} (${percent} %, ${Number.isFinite(left) ? left : '?'} s left)`;
  }

  get #interval(): number {
    return this.#stream?.isTTY ? TERMINAL_INTERVAL_MS : LOG_INTERVAL_MS;
  }
}
