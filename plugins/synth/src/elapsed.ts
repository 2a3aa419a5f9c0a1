/** Stages of long work on stderr, with the time since the start: there is no telling how much is left. */
import type { ProgressStream } from '@spikemill/plugin-core';

/** Shorter work stays silent. */
const QUIET_MS = 1000;
const TERMINAL_INTERVAL_MS = 1000;
const LOG_INTERVAL_MS = 10_000;
const CLEAR_LINE = '\r\x1b[K';

export class Elapsed {
  readonly #stream: ProgressStream | null;
  readonly #started = performance.now();
  #stage = '';
  #first: NodeJS.Timeout | null = null;
  #timer: NodeJS.Timeout | null = null;
  #isOnScreen = false;

  /** @param stream null: silent */
  constructor(stream: ProgressStream | null) {
    this.#stream = stream;
  }

  /** A stage begins. */
  stage(name: string): void {
    if (name === this.#stage || this.#stream === null) return;
    this.#stage = name;
    const { isTTY } = this.#stream;
    this.#first ??= setTimeout(() => this.#show(), QUIET_MS).unref();
    this.#timer ??= setInterval(() => this.#show(), isTTY ? TERMINAL_INTERVAL_MS : LOG_INTERVAL_MS).unref();
    if (performance.now() - this.#started > QUIET_MS) this.#show();
  }

  /** Takes the line from the terminal. */
  end(): void {
    if (this.#first !== null) clearTimeout(this.#first);
    if (this.#timer !== null) clearInterval(this.#timer);
    if (this.#isOnScreen && this.#stream?.isTTY) this.#stream.write(CLEAR_LINE);
  }

  #show(): void {
    const seconds = Math.round((performance.now() - this.#started) / 1000);
    const line = `${this.#stage} (${seconds} s)`;
    this.#stream?.write(this.#stream.isTTY ? CLEAR_LINE + line : `${line}\n`);
    this.#isOnScreen = true;
  }
}
