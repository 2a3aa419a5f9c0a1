/** What external memory holds: the weights of the spike array in the order in which an image reads them. */
import type { QuantizedNetwork } from '@spikemill/golden-model';
import type { ExternalWeights } from '../plan/external-weights.js';
import type { EnginePlan } from '../plan/plan.js';
import { weightWords } from './weights.js';

const DIGIT_BITS = 4;
const BYTE_BITS = 8;

/** Writes a hexadecimal number at a bit of little-endian bytes that are zero there. */
function putWord(bytes: Uint8Array, firstBit: number, digits: string): void {
  for (let i = digits.length - 1, bit = firstBit; i >= 0; i--, bit += DIGIT_BITS) {
    const value = Number.parseInt(digits[i]!, 16) << (bit % BYTE_BITS);
    if (value === 0) continue;
    const at = Math.floor(bit / BYTE_BITS);
    bytes[at]! |= value & 0xff;
    if (value > 0xff) bytes[at + 1]! |= value >> BYTE_BITS;
  }
}

/** Bit of word number `index` of an image. */
function bitOf(index: number, { busBits, wordBits, beatsPerWord, wordsPerBeat }: ExternalWeights): number {
  if (wordsPerBeat === 1) return index * beatsPerWord * busBits;
  return Math.floor(index / wordsPerBeat) * busBits + (index % wordsPerBeat) * wordBits;
}

/**
 * The same region, beginning with another word: what an engine reads whose program begins later. The words before come
 * last.
 */
export function rotateExternal(bytes: Uint8Array, external: ExternalWeights, firstWord: number): Uint8Array {
  const { words, wordBits } = external;
  const rotated = new Uint8Array(bytes.length);
  for (let index = 0; index < words; index++) {
    copyBits(bytes, bitOf((index + firstWord) % words, external), rotated, bitOf(index, external), wordBits);
  }
  return rotated;
}

function copyBits(from: Uint8Array, fromBit: number, to: Uint8Array, toBit: number, count: number): void {
  if (fromBit % BYTE_BITS === 0 && toBit % BYTE_BITS === 0 && count % BYTE_BITS === 0) {
    to.set(from.subarray(fromBit / BYTE_BITS, (fromBit + count) / BYTE_BITS), toBit / BYTE_BITS);
    return;
  }
  for (let i = 0; i < count; i++) {
    const bit = (from[Math.floor((fromBit + i) / BYTE_BITS)]! >> ((fromBit + i) % BYTE_BITS)) & 1;
    to[Math.floor((toBit + i) / BYTE_BITS)]! |= bit << ((toBit + i) % BYTE_BITS);
  }
}

/** The bytes of the region, little endian; bits that no word has are zero. */
export function externalImage(network: QuantizedNetwork, plan: EnginePlan, external: ExternalWeights): Uint8Array {
  const words = weightWords(network, plan, 'spike-weights');
  const bytes = new Uint8Array(external.bytes);
  let index = 0;
  for (const { firstWord, words: count } of external.tiles) {
    for (let word = firstWord; word < firstWord + count; word++) putWord(bytes, bitOf(index++, external), words[word]!);
  }
  return bytes;
}
