/** Where synthesis puts a memory: block RAM, small RAM made of LUTs, or plain logic, whichever costs least. */
import { ceilDivide } from '../bits.js';
import { evaluate } from '../expression.js';
import type { MemoryRules } from './cost-model.js';
import { NO_RESOURCES, type Resources } from './resources.js';

/** Words of a look-up table of six inputs. */
export const TABLE_WORDS = 64;

/** What the contents of a ROM say about its cost in logic. */
export interface Contents {
  /** Bits of a word that are not the same in every word: the others are dropped before the table is placed. */
  readonly varying: number;
  /** Of those, the ones that are not the same as an earlier bit in every word. */
  readonly columns: number;
  /** How often these bits take their less frequent value, mean over the columns, as a share of one half: 0 to 1. */
  readonly balance: number;
  /** Look-up tables of six inputs that these columns take, see countTables. */
  readonly tables: number;
}

/** Contents of which nothing is known: random ones. */
function unknownContents({ width, depth }: Pick<MemoryShape, 'width' | 'depth'>): Contents {
  return {
    varying: width,
    columns: width,
    balance: 1,
    tables: width * 2 ** Math.max(0, Math.ceil(Math.log2(depth / TABLE_WORDS))),
  };
}

export interface MemoryShape {
  readonly kind: 'ram' | 'rom';
  /** Bits of a word. */
  readonly width: number;
  /** Words. */
  readonly depth: number;
  /** Bits that are written at once and stay together; default: the word. */
  readonly writeWidth?: number;
  /** `block`: an attribute says so. */
  readonly place?: 'block';
  /** `at-once`: in the cycle of the address. */
  readonly read?: 'at-once';
  /** What logic has to add to a block RAM, as synthesis counts it; default: 1. */
  readonly emulated?: number;
  /** Contents of a ROM. Not asked for if it is large and stays in block RAM; unknown ones count as random. */
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
  /** In the unit in which synthesis compares. */
  readonly cost: number;
}

/** What synthesis reckons for a multiplexer of two bits. */
export const MUX_COST = 0.5;
/** What it reckons for the enable of each of several rows that are written. */
export const ENABLE_COST = 0.5;
/** And for each thing that logic has to add to a RAM, once for the memory. */
export const EMULATION_COST = 2;

function rowsCost({ kind, width }: MemoryShape, rows: number): number {
  if (rows === 1) return 0;
  return (rows - 1) * MUX_COST * width + (kind === 'ram' ? rows * ENABLE_COST : 0);
}

/** As synthesis does: the first of equal ones is taken, and of the best so far the fraction is dropped. */
function cheapest<T extends { readonly cost: number }>(choices: readonly T[]): T {
  return choices.reduce((best, choice) => (choice.cost < Math.floor(best.cost) ? choice : best));
}

/**
 * The cheapest mode. Words behind each other use the room that is left in a block, in slices: 768 words of 9 bits in
 * blocks of 256 x 16 with slices of one bit are 27 bits beside each other, two blocks and not three.
 */
function stackBlocks(shape: MemoryShape, { modes, sliceBits, cost }: MemoryRules['blockRam']): Stack {
  const { kind, width, depth, writeWidth = width, emulated = 1 } = shape;
  const stacks = modes.map((mode): Stack => {
    const rows = ceilDivide(depth, mode.depth);
    // bits that are only read need not stay together
    const slice = kind === 'rom' ? 1 : Math.min(sliceBits, mode.width);
    const slices = ceilDivide(width, writeWidth) * ceilDivide(writeWidth, slice);
    const count = ceilDivide(rows * slices, Math.floor(mode.width / slice));
    return { count, rows, cost: count * cost + emulated * EMULATION_COST + rowsCost(shape, rows) };
  });
  return cheapest(stacks);
}

/** The cheapest mode; of a memory of which only some bits are used, synthesis may count those only. */
function stackLutRams(shape: MemoryShape, rules: NonNullable<MemoryRules['lutRam']>): Stack {
  const { width, depth, read } = shape;
  // its words come without a clock, and the register behind it counts as added
  const added = read === 'at-once' ? 0 : EMULATION_COST;
  const stacks = rules.modes.map((mode): Stack => {
    const rows = ceilDivide(depth, mode.depth);
    const beside = ceilDivide(width, mode.width);
    const used = rules.countsUsedBits ? width / mode.width : beside;
    return { rows, count: rows * beside, cost: rows * used * rules.cost + added + rowsCost(shape, rows) };
  });
  return cheapest(stacks);
}

/** LUTs that choose among rows, and of a memory that is written the row that takes the word. */
function selectLut(rules: MemoryRules, { kind, width }: MemoryShape, rows: number, isLutRam: boolean): number {
  if (rows === 1) return 0;
  const names = { Width: width, Rows: rows, Written: kind === 'ram' ? 1 : 0, LutRam: isLutRam ? 1 : 0 };
  return evaluate(rules.selectLut, { ...rules.fit, ...names }, 'memory.selectLut');
}

/** LUTs around a memory that is read at once. */
function stateLut(rules: MemoryRules, { width, depth, read }: MemoryShape, inBlocks: boolean): number {
  if (read !== 'at-once') return 0;
  const names = { Width: width, Depth: depth, InBlocks: inBlocks ? 1 : 0 };
  return evaluate(rules.stateLut, { ...rules.fit, ...names }, 'memory.stateLut');
}

function inBlockRam(shape: MemoryShape, rules: MemoryRules, { count, rows }: Stack): MappedMemory {
  // the number of the row is kept until its word is out; what is read at once while it is written goes around the block
  const ff = Math.ceil(Math.log2(rows)) + (shape.read === 'at-once' ? shape.width + 1 : 0);
  const lut = selectLut(rules, shape, rows, false) + stateLut(rules, shape, true);
  return { ...NO_RESOURCES, place: 'block-ram', lut, ff, loneFf: ff, blockRam: count };
}

function inLutRam(shape: MemoryShape, rules: MemoryRules, { count, rows }: Stack): MappedMemory {
  const lutRam = count * (rules.lutRam?.lut ?? 0);
  // read without a clock; the word goes through the output register of the memory
  return {
    ...NO_RESOURCES,
    place: 'lut-ram',
    lut: lutRam + selectLut(rules, shape, rows, true),
    lutRam,
    ff: shape.read === 'at-once' ? 0 : shape.width,
  };
}

function inLogic(shape: MemoryShape, rules: MemoryRules): MappedMemory {
  const { kind, width, depth, contents } = shape;
  if (shape.read === 'at-once') {
    return { ...NO_RESOURCES, place: 'logic', lut: stateLut(rules, shape, false), ff: width * depth };
  }
  const { columns, balance, tables } = contents?.() ?? unknownContents({ width, depth });
  const ff = kind === 'rom' ? columns : width * depth + width;
  const formula = kind === 'rom' ? rules.romLut : rules.registerLut;
  const names = { Width: width, Depth: depth, Columns: columns, Balance: balance, Tables: tables };
  return { ...NO_RESOURCES, place: 'logic', lut: evaluate(formula, { ...rules.fit, ...names }, 'memory'), ff };
}

/** Larger tables are hardly changed by columns that need no bit, and take long to read. */
export const READ_BITS = 1 << 18;

/** Synthesis drops the columns of a table that are constant before it places the rest; equal ones only in logic. */
function withoutIdleColumns(shape: MemoryShape): MemoryShape {
  const { kind, width, depth, contents } = shape;
  if (kind === 'ram' || contents === undefined || width * depth > READ_BITS) return shape;
  return { ...shape, width: contents().varying };
}

/** Cells of one memory. */
export function mapMemory(whole: MemoryShape, rules: MemoryRules): MappedMemory {
  const shape = withoutIdleColumns(whole);
  const { kind, width, depth } = shape;
  if (width === 0) return { ...NO_RESOURCES, place: 'logic' };
  const { blockRam, lutRam } = rules;
  const bitCost = kind === 'rom' ? rules.romBitCost : rules.ramBitCost;
  const block = stackBlocks(shape, blockRam);
  if (shape.place === 'block') return inBlockRam(shape, rules, block);
  const choices = [{ cost: width * depth * bitCost, make: () => inLogic(shape, rules) }];
  if (kind === 'ram' && lutRam !== null) {
    const stack = stackLutRams(shape, lutRam);
    choices.push({ cost: stack.cost, make: () => inLutRam(shape, rules, stack) });
  }
  choices.push({ cost: block.cost, make: () => inBlockRam(shape, rules, block) });
  return cheapest(choices).make();
}
