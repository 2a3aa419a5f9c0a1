/** Synopsys design constraints: the clocks and what has no relation to them, for any tool. */
import type { Board } from '../boards.js';
import {
  type BoardPorts,
  boardPorts,
  constraintHeader,
  type DividedClock,
  periodNanoseconds,
  pinConstraints,
} from './ports.js';

/** Ports of one timing relation as a Tcl list. */
function portList(board: Board, ports: BoardPorts, timing: string): string | null {
  const names = pinConstraints(board, ports)
    .filter((pin) => pin.timing === timing)
    .map(({ port }) => port);
  return names.length === 0 ? null : `[get_ports {${names.join(' ')}}]`;
}

/** Clocks and false paths; XDC has the same ones. `driver` finds the pin that drives the divided clock. */
export function timingLines(
  board: Board,
  ports: BoardPorts,
  divided: DividedClock | undefined,
  driver: (register: string) => string,
): string[] {
  const { clock } = ports;
  const lines = [`create_clock -period ${periodNanoseconds(board)} -name ${clock} [get_ports ${clock}]`];
  if (divided !== undefined && divided.divide > 1) {
    const { divide, net, register } = divided;
    lines.push(
      `create_generated_clock -name ${net} -source [get_ports ${clock}] -divide_by ${divide} ${driver(register)}`,
    );
  }
  const inputs = portList(board, ports, 'asynchronous-input');
  const outputs = portList(board, ports, 'asynchronous-output');
  if (inputs !== null) lines.push(`set_false_path -from ${inputs}`);
  if (outputs !== null) lines.push(`set_false_path -to ${outputs}`);
  return lines;
}

/**
 * Text of an SDC file. No pins: those are a matter of the other formats.
 *
 * @param ports names of the top's ports.
 * @param divided the design's clock if it is not the board's.
 * @throws SpikemillError USAGE for a port that the board has no pin for.
 */
export function emitSdc(board: Board, ports: BoardPorts = boardPorts(board), divided?: DividedClock): string {
  const lines = timingLines(board, ports, divided, (register) => `[get_pins ${register}/Q]`);
  return `${constraintHeader(board)}${lines.join('\n')}\n`;
}
