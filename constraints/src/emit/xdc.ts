/** Xilinx design constraints, as Vivado reads them. */
import type { Board } from '../boards.js';
import { type BoardPorts, boardPorts, constraintHeader, type DividedClock, pinConstraints } from './ports.js';
import { timingLines } from './sdc.js';

const PULLS = { up: ' PULLTYPE PULLUP', down: ' PULLTYPE PULLDOWN', none: '' } as const;

/**
 * Text of an XDC file: pins, standards, pulls, clocks, false paths.
 *
 * @param ports names of the top's ports.
 * @param divided the design's clock if it is not the board's.
 * @throws SpikemillError USAGE for a port that the board has no pin for.
 */
export function emitXdc(board: Board, ports: BoardPorts = boardPorts(board), divided?: DividedClock): string {
  // A comment must stand alone behind a semicolon: Tcl would take it for arguments.
  const pins = pinConstraints(board, ports).map(({ port, pin, standard, pull, comment }) => {
    return `set_property -dict {PACKAGE_PIN ${pin} IOSTANDARD ${standard}${PULLS[pull]}} [get_ports ${port}]; # ${comment}`;
  });
  // Vivado names the cell of a register after it, with _reg.
  const timing = timingLines(board, ports, divided, (register) => `[get_pins ${register}_reg/Q]`);
  return `${constraintHeader(board)}${[...pins, ...timing].join('\n')}\n`;
}
