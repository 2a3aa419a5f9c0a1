/** Memory images in the format of $readmemh: one hexadecimal word a line, comments between them. */

const DIGIT_BITS = 4;
const DIGITS = '0123456789abcdef';

/** Packs one memory word after the other from fields, the first field in the least significant bits. */
export class WordPacker {
  readonly #bits: number;
  readonly #digits: Uint8Array;
  #position = 0;

  constructor(bits: number) {
    this.#bits = bits;
    this.#digits = new Uint8Array(Math.ceil(bits / DIGIT_BITS));
  }

  /**
   * Adds a field.
   *
   * @param value an int32; negative numbers are taken in two's complement.
   * @throws RangeError if the word is full
   */
  put(value: number, bits: number): this {
    const end = this.#position + bits;
    if (end > this.#bits) throw new RangeError(`fields of ${end} bits in a word of ${this.#bits}`);
    for (let bit = 0; bit < bits; bit++, this.#position++) {
      // a shift by 32 or more would start again at the lowest bit
      if ((value >> Math.min(bit, 31)) & 1) this.#digits[this.#position >> 2]! |= 1 << (this.#position & 3);
    }
    return this;
  }

  /** The word as hexadecimal digits, unused bits zero; the next word starts empty. */
  take(): string {
    const text = Buffer.allocUnsafe(this.#digits.length);
    const last = text.length - 1;
    for (let i = 0; i <= last; i++) text[i] = DIGITS.charCodeAt(this.#digits[last - i]!);
    this.#digits.fill(0);
    this.#position = 0;
    return text.toString('latin1');
  }
}

/** A memory that is filled when the design is loaded. */
export interface MemoryImage {
  /** Name, also that of the file without extension. */
  readonly name: string;
  /** Bits of a word. */
  readonly width: number;
  /** Words. */
  readonly depth: number;
  /** One word a line, the last line ended too. */
  readonly text: string;
}

/** A run of words with what they are; the comment stands in front of them in the image, as $readmemh allows. */
export interface Section {
  readonly comment: string;
  /** Each as WordPacker gives it. */
  readonly words: Iterable<string>;
}

/** A word for a memory that nothing reads: none may be empty. */
export function emptySection(width: number): Section {
  return { comment: 'unused', words: [new WordPacker(width).take()] };
}

export function makeImage(name: string, width: number, sections: Iterable<Section>): MemoryImage {
  const lines: string[] = [];
  let depth = 0;
  for (const { comment, words } of sections) {
    lines.push(`// ${comment}`);
    for (const word of words) {
      lines.push(word);
      depth++;
    }
  }
  return { name, width, depth, text: `${lines.join('\n')}\n` };
}
