/** The checksum of a frame: CRC-16 with the polynomial x^16 + x^12 + x^5 + 1, highest bit first, from 0xffff. */

const POLYNOMIAL = 0x1021;
const INITIAL = 0xffff;

/** Value of the register after one byte. */
function step(crc: number, byte: number): number {
  let value = crc ^ (byte << 8);
  for (let bit = 0; bit < 8; bit++) value = value & 0x8000 ? (value << 1) ^ POLYNOMIAL : value << 1;
  return value & 0xffff;
}

/** Checksum of some bytes; that of the text "123456789" is 0x29b1. */
export function crc16(bytes: Uint8Array): number {
  return bytes.reduce(step, INITIAL);
}
