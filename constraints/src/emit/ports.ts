/** What constraint files have to know of a top module: which port stands for which part of the board, and its clock. */
import { SpikemillError } from '@spikemill/golden-model';
import type { Board } from '../boards.js';

/** Names of the top's ports. A part of the board that has no port here is not constrained. */
export interface BoardPorts {
  /** The clock, or its positive half. */
  readonly clock: string;
  /** Negative half of a differential clock. */
  readonly clockNegative?: string;
  readonly uartRx?: string;
  readonly uartTx?: string;
  readonly led?: string;
  readonly reset?: string;
}

/** A clock that the design derives from the board's, by dividing. */
export interface DividedClock {
  /** Oscillator cycles per cycle; 1 is no division. */
  readonly divide: number;
  /** Net of the top that carries it. */
  readonly net: string;
  /** Register that drives it, as a path of instances: `u_divide/divided_q`. */
  readonly register: string;
}

/** Ports of the top that hdl-gen writes for a board, as far as the board has something for them. */
export function boardPorts({ clock, led, reset }: Board): BoardPorts {
  const isPair = clock.pins.length === 2;
  return {
    clock: isPair ? 'clk_p' : 'clk',
    ...(isPair ? { clockNegative: 'clk_n' } : {}),
    uartRx: 'uart_rx',
    uartTx: 'uart_tx',
    ...(led === null ? {} : { led: 'led' }),
    ...(reset === null ? {} : { reset: 'reset_button' }),
  };
}

export type Pull = 'up' | 'down' | 'none';

/** One port on one pin. */
export interface PinConstraint {
  readonly port: string;
  readonly pin: string;
  readonly standard: string;
  readonly pull: Pull;
  /** Inputs and outputs without a relation to the clock. */
  readonly timing: 'clock' | 'asynchronous-input' | 'asynchronous-output';
  readonly comment: string;
}

/** A button that nobody presses must not float. */
function releasedLevel(activeLow: boolean): Pull {
  return activeLow ? 'up' : 'down';
}

/**
 * The pins of all ports, the clock first.
 *
 * @throws SpikemillError USAGE for a port that the board has no pin for.
 */
export function pinConstraints(board: Board, ports: BoardPorts): readonly PinConstraint[] {
  const { clock, uart, led, reset } = board;
  const missing = (port: string, what: string): SpikemillError =>
    new SpikemillError('USAGE', `the board has no ${what}`, { where: port, actual: board.name });
  const [positive, negative] = clock.pins;
  const pins: PinConstraint[] = [];
  const add = (
    port: string | undefined,
    { pin, standard }: { pin: string | undefined; standard: string },
    pull: Pull,
    timing: PinConstraint['timing'],
    comment: string,
  ): void => {
    if (port === undefined) return;
    if (pin === undefined) throw missing(port, 'differential clock');
    pins.push({ port, pin, standard, pull, timing, comment });
  };
  add(ports.clock, { pin: positive, standard: clock.standard }, 'none', 'clock', `${clock.megahertz} MHz`);
  add(ports.clockNegative, { pin: negative, standard: clock.standard }, 'none', 'clock', 'its negative half');
  // An open line must read as idle, not as a break.
  add(ports.uartRx, { pin: uart.rx, standard: uart.standard }, 'up', 'asynchronous-input', 'from the host');
  add(ports.uartTx, { pin: uart.tx, standard: uart.standard }, 'none', 'asynchronous-output', 'to the host');
  if (ports.led !== undefined) {
    if (led === null) throw missing(ports.led, 'LED');
    add(ports.led, led, 'none', 'asynchronous-output', level('LED', led.activeLow));
  }
  if (ports.reset !== undefined) {
    if (reset === null) throw missing(ports.reset, 'reset button');
    add(ports.reset, reset, releasedLevel(reset.activeLow), 'asynchronous-input', level('button', reset.activeLow));
  }
  return pins;
}

function level(what: string, activeLow: boolean): string {
  return `${what}, active ${activeLow ? 'low' : 'high'}`;
}

/** First lines of a constraint file. */
export function constraintHeader({ name, description, part }: Board): string {
  return [`# ${description}, ${part}.`, `# Made from the record of the board ${name}; do not edit.`, ''].join('\n');
}

/** Period of the oscillator in nanoseconds, to the picosecond. */
export function periodNanoseconds({ clock }: Board): string {
  return (1000 / clock.megahertz).toFixed(3);
}

/** Megahertz without needless digits. */
export function formatMegahertz(megahertz: number): string {
  return String(Number(megahertz.toFixed(6)));
}
