/** Faults for builds on disk: each changes one thing of a copy. */
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Manifest, makeProgram, type Plan, readManifest } from '@spikemill/hdl-gen';
import * as assert from 'uvu/assert';
import { newFolder } from './designs.js';

export function copyBuild(folder: string): string {
  const copy = newFolder();
  cpSync(folder, copy, { recursive: true });
  return copy;
}

type MemoryName = Manifest['memories'][number]['name'];

/** Changes one word of a memory image; comments are no words. */
export function editWord(folder: string, memory: MemoryName, index: number, change: (word: bigint) => bigint): void {
  const { file, width } = readManifest(folder).memories.find(({ name }) => name === memory)!;
  const path = join(folder, file);
  const lines = readFileSync(path, 'utf8').split('\n');
  const places = lines.flatMap((line, i) => (line === '' || line.startsWith('//') ? [] : [i]));
  const place = places[index]!;
  const changed = change(BigInt(`0x${lines[place]}`));
  assert.ok(changed >= 0n && changed < 1n << BigInt(width), 'the fault fits the word');
  lines[place] = changed.toString(16).padStart(lines[place]!.length, '0');
  writeFileSync(path, lines.join('\n'));
}

/** Inverts some bits of a word. */
export function flipBits(folder: string, memory: MemoryName, index: number, lsb: number, mask = 1n): void {
  editWord(folder, memory, index, (word) => word ^ (mask << BigInt(lsb)));
}

/** Exchanges two fields of a word of the layer program. */
export function swapFields(folder: string, plan: Plan, pass: number, a: string, b: string): void {
  const { fields } = makeProgram(plan);
  const [left, right] = [a, b].map((wanted) => fields.find(({ name }) => name === wanted)!);
  assert.is(left!.bits, right!.bits);
  const mask = (1n << BigInt(left!.bits)) - 1n;
  editWord(folder, 'program', pass, (word) => {
    const fieldOf = ({ lsb }: { lsb: number }): bigint => (word >> BigInt(lsb)) & mask;
    const difference = fieldOf(left!) ^ fieldOf(right!);
    assert.ok(difference !== 0n, 'the fields differ');
    return word ^ (difference << BigInt(left!.lsb)) ^ (difference << BigInt(right!.lsb));
  });
}

/** Replaces the one place in a file that reads like this. */
export function editText(folder: string, file: string, from: string, to: string): void {
  const path = join(folder, file);
  const text = readFileSync(path, 'utf8');
  assert.is(text.split(from).length, 2, `${from} is found once in ${file}`);
  writeFileSync(path, text.replace(from, to));
}
