/** Where synthesis puts a memory: block RAM, small RAM made of LUTs, or plain logic, whichever costs least. */
import { ceilDivide } from '../bits.js';
import { evaluate } from '../expression.js';
import type { MemoryRules } from './cost-model.js';
import { NO_RESOURCES, type Resources } from './resources.js';

/** What the contents of a ROM say about its cost in logic. */
export interface Contents {
  /** Bits of a word that are not the same in every word, nor the same as an earlier bit in every word. */
  readonly columns: number;
  /** How often these bits take their less frequent value, mean over the columns, as a share of one half: 0 to 1. */
  readonly balance: number;
}

export interface MemoryShape {
  readonly kind: 'ram' | 'rom';
  /** Bits of a word. */
  readonly width: number;
  /** Words. */
  readonly depth: number;
  /** Contents of a ROM. Asked for only where they become logic; unknown ones count as random. */
  readonly contents?: () => Contents;
}

export type MemoryPlace = 'block-ram' | 'lut-ram' | 'logic';

export interface MappedMemory extends Resources {
  readonly place: MemoryPlace;
}

interface Stack {
  /** Memories beside and behind each other. */
  readonly count: number;
  /** Memories behind each other: their outputs have to be selected. */
  readonly rows: number;
}

/**
 * The mode that needs the fewest memories, then the fewest rows. Words behind each other use the room that is left in a
 * block, in slices: 768 words of 9 bits in blocks of 256 x 16 with slices of one bit are 27 bits beside each other, two
 * blocks and not three.
 */
function bestStack(width: number, depth: number, { modes, sliceBits }: MemoryRules['blockRam']): Stack {
  const stacks = modes.map((mode): Stack => {
    const rows = ceilDivide(depth, mode.depth);
    const slice = Math.min(sliceBits, mode.width);
    return { count: ceilDivide(rows * ceilDivide(width, slice), Math.floor(mode.width / slice)), rows };
  });
  return stacks.reduce((best, stack) =>
    stack.count < best.count || (stack.count === best.count && stack.rows < best.rows) ? stack : best,
  );
}

function selectLut(rules: MemoryRules, width: number, rows: number): number {
  return rows > 1 ? evaluate(rules.selectLut, { Width: width, Rows: rows }, 'memory.selectLut') : 0;
}

function inBlockRam({ width }: MemoryShape, rules: MemoryRules, { count, rows }: Stack): MappedMemory {
  // the number of the row is kept until its word is out
  const ff = Math.ceil(Math.log2(rows));
  const lut = selectLut(rules, width, rows);
  return { ...NO_RESOURCES, place: 'block-ram', lut, ff, loneFf: ff, blockRam: count };
}

function inLutRam({ width }: MemoryShape, rules: MemoryRules, { count, rows }: Stack): MappedMemory {
  const lutRam = count * (rules.lutRam?.lut ?? 0);
  // read without a clock; the word goes through the output register of the memory
  return { ...NO_RESOURCES, place: 'lut-ram', lut: lutRam + selectLut(rules, width, rows), lutRam, ff: width };
}

function inLogic({ kind, width, depth, contents }: MemoryShape, rules: MemoryRules): MappedMemory {
  const { columns, balance } = contents?.() ?? { columns: width, balance: 1 };
  const ff = kind === 'rom' ? columns : width * depth + width;
  const formula = kind === 'rom' ? rules.romLut : rules.registerLut;
  const lut = evaluate(formula, { Width: width, Depth: depth, Columns: columns, Balance: balance }, 'memory');
  return { ...NO_RESOURCES, place: 'logic', lut, ff };
}

/** Cells of one memory. */
export function mapMemory(shape: MemoryShape, rules: MemoryRules): MappedMemory {
  const { kind, width, depth } = shape;
  const { blockRam, lutRam } = rules;
  const block = bestStack(width, depth, blockRam);
  const bitCost = kind === 'rom' ? rules.romBitCost : rules.ramBitCost;
  const choices = [{ cost: width * depth * bitCost, make: () => inLogic(shape, rules) }];
  for (const mode of kind === 'ram' ? (lutRam?.modes ?? []) : []) {
    const rows = ceilDivide(depth, mode.depth);
    // a memory of which only some bits are used is cheaper
    const cost = ((rows * width) / mode.width) * lutRam!.cost;
    choices.push({ cost, make: () => inLutRam(shape, rules, { rows, count: rows * ceilDivide(width, mode.width) }) });
  }
  choices.push({ cost: block.count * blockRam.cost, make: () => inBlockRam(shape, rules, block) });
  return choices.reduce((best, choice) => (choice.cost < best.cost ? choice : best)).make();
}
