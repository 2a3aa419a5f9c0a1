/** The host's end of the serial line to a board: frames, replies, retries. */
export { crc16 } from './crc16.js';
export { encodeFrame, type Frame, FrameReader } from './frame.js';
export * from './messages.js';
export { type Line, openSerialPort } from './serial-port.js';
export * from './session.js';
