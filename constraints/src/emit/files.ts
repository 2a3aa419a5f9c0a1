/** Which constraint files a board's tools read. */
import type { Board } from '../boards.js';
import { type DeviceFamily, findDevice } from '../devices.js';
import { emitLpf } from './lpf.js';
import { emitPcf } from './pcf.js';
import { type BoardPorts, boardPorts, type DividedClock } from './ports.js';
import { emitSdc } from './sdc.js';
import { emitXdc } from './xdc.js';

type Emit = (board: Board, ports: BoardPorts, divided?: DividedClock) => string;

/** The format with the pins, by family: extension and emitter. */
const PIN_FORMATS: Readonly<Record<DeviceFamily, readonly [string, Emit]>> = {
  ice40: ['pcf', emitPcf],
  ecp5: ['lpf', emitLpf],
  'xilinx-7series': ['xdc', emitXdc],
  'xilinx-ultrascale-plus': ['xdc', emitXdc],
};

/**
 * Constraint files of a top module, by name: the pins in the format of the device, and the timing as SDC.
 *
 * @throws SpikemillError USAGE for a port that the board has no pin for.
 */
export function constraintFiles(
  board: Board,
  ports: BoardPorts = boardPorts(board),
  divided?: DividedClock,
): ReadonlyMap<string, string> {
  const [extension, emit] = PIN_FORMATS[findDevice(board.device).family];
  return new Map([
    [`${board.name}.${extension}`, emit(board, ports, divided)],
    [`${board.name}.sdc`, emitSdc(board, ports, divided)],
  ]);
}
