/** Logical preferences of ECP5 devices, as nextpnr-ecp5 and Diamond read them. */
import type { Board } from '../boards.js';
import {
  type BoardPorts,
  boardPorts,
  constraintHeader,
  type DividedClock,
  formatMegahertz,
  pinConstraints,
} from './ports.js';

/**
 * Text of an LPF file: pins, standards, pulls, and the frequency of the clock and of one that is divided from it.
 *
 * @param ports names of the top's ports.
 * @param divided the design's clock if it is not the board's.
 * @throws SpikemillError USAGE for a port that the board has no pin for.
 */
export function emitLpf(board: Board, ports: BoardPorts = boardPorts(board), divided?: DividedClock): string {
  const pins = pinConstraints(board, ports).flatMap(({ port, pin, standard, pull, comment }) => [
    `LOCATE COMP "${port}" SITE "${pin}";   # ${comment}`,
    `IOBUF PORT "${port}" IO_TYPE=${standard} PULLMODE=${pull.toUpperCase()};`,
  ]);
  const { megahertz } = board.clock;
  const frequencies = [`FREQUENCY PORT "${ports.clock}" ${formatMegahertz(megahertz)} MHZ;`];
  if (divided !== undefined && divided.divide > 1) {
    frequencies.push(`FREQUENCY NET "${divided.net}" ${formatMegahertz(megahertz / divided.divide)} MHZ;`);
  }
  return `${constraintHeader(board)}${[...pins, ...frequencies].join('\n')}\n`;
}
