/** What the contents of a memory image say about its cost. */
import type { QuantizedNetwork } from '@spikemill/golden-model';
import type { DesignPlan } from '../design.js';
import { fileParameter } from '../engine.js';
import { eventParameterImages, eventWeightImages } from '../event/images.js';
import type { EventPlan } from '../event/plan.js';
import { makeEventProgram } from '../event/program.js';
import type { MemoryImage } from '../images/memory-image.js';
import { parameterImages } from '../images/parameters.js';
import { weightImages } from '../images/weights.js';
import { type EnginePlan, enginesOf } from '../plan/plan.js';
import { makeProgram } from '../program.js';
import { type Contents, TABLE_WORDS } from './memory-mapping.js';

function zeros(column: string): number {
  return column.replaceAll('1', '').length;
}

/** Every bit of a hexadecimal digit, over all words. */
function digitColumns(words: readonly string[], digit: number): string[] {
  const values = words.map((word) => Number.parseInt(word.at(-1 - digit) ?? '0', 16));
  return [0, 1, 2, 3].map((bit) => values.map((value) => (value >> bit) & 1).join(''));
}

/** Words of the largest table that multiplexers beside the look-up tables join for nothing. */
const WIDE_WORDS = 256;
/** Further tables that one look-up table joins to the first. */
const JOINED_BY_ONE = 3;

function isVarying(piece: string): boolean {
  return piece.includes('0') && piece.includes('1');
}

function cut(column: string, words: number): string[] {
  return Array.from({ length: Math.ceil(column.length / words) }, (_, i) => column.slice(i * words, (i + 1) * words));
}

/**
 * Look-up tables of six inputs for a column. Pieces that are constant, or the same as others, need none of their own;
 * the multiplexers join two or four, never three.
 */
function countTables(column: string): number {
  const wide = cut(column, WIDE_WORDS).filter(isVarying);
  const tables = wide.map((piece) => {
    const different = new Set(cut(piece, TABLE_WORDS).filter(isVarying)).size;
    return 2 ** Math.ceil(Math.log2(Math.max(1, different)));
  });
  return tables.reduce((sum, count) => sum + count, 0) + Math.ceil(Math.max(0, wide.length - 1) / JOINED_BY_ONE);
}

/** Columns are the bits of a word, each over all words. */
export function contentsOf({ text, width }: MemoryImage): Contents {
  const words = text.split('\n').filter((line) => line !== '' && !line.startsWith('//'));
  const digits = Array.from({ length: Math.ceil(width / 4) }, (_, digit) => digitColumns(words, digit));
  const columns = digits.flat().slice(0, width);
  const varying = columns.filter(isVarying);
  const distinct = [...new Set(varying)];
  if (distinct.length === 0) return { varying: 0, columns: 0, balance: 0, tables: 0 };
  const rarer = distinct.map((column) => Math.min(zeros(column), column.length - zeros(column)));
  const share = rarer.reduce((sum, count) => sum + count, 0) / (distinct.length * words.length);
  const tables = distinct.reduce((sum, column) => sum + countTables(column), 0);
  return { varying: varying.length, columns: distinct.length, balance: 2 * share, tables };
}

type ImageMaker = () => readonly MemoryImage[];

/** The weights last: those of a large network are large. */
function makersOf(network: QuantizedNetwork, plan: EnginePlan): ImageMaker[] {
  return [() => parameterImages(network, plan, makeProgram(plan)), () => weightImages(network, plan)];
}

function eventMakersOf(network: QuantizedNetwork, plan: EventPlan): ImageMaker[] {
  return [() => eventParameterImages(network, plan, makeEventProgram(plan)), () => eventWeightImages(network, plan)];
}

function imageReader(makers: ImageMaker[]): (image: string) => Contents {
  const images = new Map<string, MemoryImage>();
  return (name) => {
    while (!images.has(name)) for (const image of makers.shift()!()) images.set(fileParameter(image.name), image);
    return contentsOf(images.get(name)!);
  };
}

/** Contents of the image that a ROM instance loads, by the name of its path parameter. Images are made at first use. */
export function contentsReader(
  network: QuantizedNetwork,
  plan: DesignPlan,
): (image: string, segment: number | null) => Contents {
  const makers =
    plan.style === 'event'
      ? [eventMakersOf(network, plan)]
      : enginesOf(plan).map((engine) => makersOf(network, engine));
  const readers = makers.map(imageReader);
  return (image, segment) => readers[segment ?? 0]!(image);
}
