/** Devices and boards as data, and the constraint files that are made from them. */
export * from './boards.js';
export * from './devices.js';
export { constraintFiles } from './emit/files.js';
export { emitLpf } from './emit/lpf.js';
export { emitPcf } from './emit/pcf.js';
export { type BoardPorts, boardPorts, type DividedClock } from './emit/ports.js';
export { emitSdc } from './emit/sdc.js';
export { emitXdc } from './emit/xdc.js';
