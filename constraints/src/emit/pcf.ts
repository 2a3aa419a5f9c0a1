/** Physical constraints of iCE40 devices, as nextpnr-ice40 reads them. */
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
 * Text of a PCF file: pins, pull-ups, and the frequency of the clock and of one that is divided from it.
 *
 * The device has no pull-down: a button that needs one has to have it on the board.
 *
 * @param ports names of the top's ports.
 * @param divided the design's clock if it is not the board's.
 * @throws SpikemillError USAGE for a port that the board has no pin for.
 */
export function emitPcf(board: Board, ports: BoardPorts = boardPorts(board), divided?: DividedClock): string {
  const pins = pinConstraints(board, ports).map(({ port, pin, pull, comment }) => {
    const options = pull === 'up' ? '-pullup yes ' : '';
    return `set_io ${options}${port} ${pin}   # ${comment}`;
  });
  const { megahertz } = board.clock;
  const frequencies = [`set_frequency ${ports.clock} ${formatMegahertz(megahertz)}`];
  if (divided !== undefined && divided.divide > 1) {
    frequencies.push(`set_frequency ${divided.net} ${formatMegahertz(megahertz / divided.divide)}`);
  }
  return `${constraintHeader(board)}${[...pins, ...frequencies].join('\n')}\n`;
}
