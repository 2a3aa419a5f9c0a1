/** Memory images in the format of $readmemh: one hexadecimal word a line, comments between them. */

/** An unsigned field of a memory word. */
export interface WordField {
  /** Any integer; negative numbers are taken in two's complement. */
  readonly value: number;
  readonly bits: number;
}

const HEX_DIGIT_BITS = 4;

/** A memory word as hexadecimal digits, the first field in the least significant bits. */
export function packWord(fields: Iterable<WordField>, wordBits: number): string {
  const digits = new Uint8Array(Math.ceil(wordBits / HEX_DIGIT_BITS));
  let position = 0;
  for (const { value, bits } of fields) {
    for (let bit = 0; bit < bits; bit++, position++) {
      // arithmetic beyond 32 bits is not needed: every field fits int32
      if ((value >> Math.min(bit, 31)) & 1) digits[position >> 2]! |= 1 << (position & 3);
    }
  }
  if (position > wordBits) throw new RangeError(`fields of ${position} bits in a word of ${wordBits}`);
  let text = '';
  for (let i = digits.length - 1; i >= 0; i--) text += digits[i]!.toString(16);
  return text;
}

/** A memory that is filled when the design is loaded. */
export interface MemoryImage {
  /** Name, also that of the file without extension. */
  readonly name: string;
  readonly width: number;
  readonly depth: number;
  /** One word a line, the last line ended too. */
  readonly text: string;
}

/** A run of words with what they are; the comment stands in front of them in the image, as $readmemh allows. */
export interface Section {
  readonly comment: string;
  readonly words: Iterable<Iterable<WordField>>;
}

export function makeImage(name: string, width: number, sections: Iterable<Section>): MemoryImage {
  const lines: string[] = [];
  let depth = 0;
  for (const { comment, words } of sections) {
    lines.push(`// ${comment}`);
    for (const word of words) {
      lines.push(packWord(word, width));
      depth++;
    }
  }
  return { name, width, depth, text: `${lines.join('\n')}\n` };
}
