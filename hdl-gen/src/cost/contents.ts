/** What the contents of a memory image say about its cost. */
import type { QuantizedNetwork } from '@spikemill/golden-model';
import { fileParameter } from '../engine.js';
import type { MemoryImage } from '../images/memory-image.js';
import { parameterImages } from '../images/parameters.js';
import { weightImages } from '../images/weights.js';
import type { Plan } from '../plan/plan.js';
import { makeProgram } from '../program.js';

/** Bits of a word that are not the same in every word, and not the same as an earlier bit in every word. */
export function distinctColumns({ text, width }: MemoryImage): number {
  const words = text.split('\n').filter((line) => line !== '' && !line.startsWith('//'));
  const columns = Array.from({ length: width }, (_, bit) =>
    words.map((word) => (Number.parseInt(word.at(-1 - (bit >> 2)) ?? '0', 16) >> (bit & 3)) & 1).join(''),
  );
  return new Set(columns.filter((column) => column.includes('0') && column.includes('1'))).size;
}

/** Columns of the image that a ROM instance loads, by the name of its path parameter. The images are made at first use. */
export function columnCounter(network: QuantizedNetwork, plan: Plan): (image: string) => number {
  const images = new Map<string, MemoryImage>();
  const makers = [
    () => parameterImages(network, plan, makeProgram(plan)),
    // those of a large network are large
    () => weightImages(network, plan),
  ];
  return (name) => {
    while (!images.has(name)) for (const image of makers.shift()!()) images.set(fileParameter(image.name), image);
    return distinctColumns(images.get(name)!);
  };
}
