/**
 * One stage of a network alone: the same Verilog and weights; the layer program begins at the first pass of the stage
 * and ends behind its last one, and the spike memory starts with all that the passes before would have written.
 *
 * The engine does not know: it starts again behind the end of the cut program, which the testbench does not watch.
 */
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { readFileChecked, SpikemillError } from '@spikemill/golden-model';
import { type Manifest, type Pass, type Plan, passCycles, rotateExternal } from '@spikemill/hdl-gen';
import type { Build } from './build.js';
import type { Vectors } from './vectors.js';

/** Numbers of the passes of a stage: [first, end). */
export interface StageRange {
  readonly first: number;
  readonly end: number;
}

/**
 * Passes of a stage: its encoding, its blocks, and behind the last stage the head.
 * @throws SpikemillError USAGE if the network has no such stage
 */
export function stageRange({ passes }: Plan, stage: number): StageRange {
  const numbers = passes.flatMap(({ layer }, number) => (layer.stage === stage ? [number] : []));
  const [first, last] = [numbers[0], numbers.at(-1)];
  if (first !== undefined && last !== undefined) return { first, end: last + 1 };
  const stages = Math.max(...passes.map(({ layer }) => layer.stage));
  throw new SpikemillError('USAGE', 'the network has no such stage', {
    where: '--stage',
    expected: `0 to ${stages}`,
    actual: String(stage),
    suggestions: [`--stage ${stages}, the last`],
  });
}

/** A plan of some of the passes: what vectors and the closed form of the cycles are made from. */
export function cutPlan(plan: Plan, { first, end }: StageRange): Plan {
  const passes: readonly Pass[] = plan.passes.slice(first, end);
  return { ...plan, passes, cyclesPerImage: passes.reduce((sum, pass) => sum + passCycles(pass, plan.grid), 0) };
}

const isWord = (line: string): boolean => line !== '' && !line.startsWith('//');

/**
 * The cut program, from the image that the build has: what is wrong in that stays wrong. The words behind the cut are
 * those of the whole program, so that the memory has its depth.
 */
function cutProgram({ manifest, folder, program }: Build, { first, end }: StageRange): string {
  const { file, width } = memoryNamed(manifest, 'program');
  const path = join(folder, file);
  const words = new TextDecoder().decode(readFileChecked(path)).split('\n').filter(isWord);
  if (words.length < end || !words.every((word) => /^[\da-f]+$/i.test(word))) {
    throw new SpikemillError('INVALID_FILE', 'this is not the layer program', {
      where: path,
      expected: `${program.words.length} hexadecimal words`,
      suggestions: ['generate the build again: spikemill rtl generate'],
    });
  }
  const { lsb } = program.fields.find(({ name }) => name === 'last')!;
  const ending = BigInt(`0x${words[end - 1]}`) | (1n << BigInt(lsb));
  const cut = [...words.slice(first, end - 1), ending.toString(16).padStart(Math.ceil(width / 4), '0')];
  return `${[...cut, ...words.slice(cut.length)].join('\n')}\n`;
}

function memoryNamed(manifest: Manifest, wanted: string): Manifest['memories'][number] {
  return manifest.memories.find(({ name }) => name === wanted)!;
}

/** Images of the banks of the spike memory behind the passes of `vectors`, for $readmemh; words without one are left out. */
function spikeMaps(plan: Plan, { spikeTiles, wordBytes }: Vectors, spikes: Uint8Array): string[] {
  const banks = Array.from({ length: plan.grid.rowWords }, () => new Map<number, string>());
  for (const [number, { row, word }] of spikeTiles.entries()) {
    const bytes = Buffer.from(spikes.subarray(number * wordBytes, (number + 1) * wordBytes)).reverse();
    banks[word]!.set(row, bytes.toString('hex').slice(-Math.ceil((plan.grid.lanes * plan.grid.timesteps) / 4)));
  }
  return banks.map((bank) => [...bank].map(([row, hex]) => `@${row.toString(16)} ${hex}\n`).join(''));
}

/** External memory begins with the weights of the first pass: it is read in a straight line from there. */
function rotateWeights({ manifest, folder }: Build, { external }: Plan, firstPass: number, target: string): void {
  if (external === null || manifest.externalWeights === undefined) return;
  const { file } = manifest.externalWeights;
  const bytes = readFileChecked(join(folder, file));
  if (bytes.length !== external.bytes) {
    throw new SpikemillError('INVALID_FILE', 'these are not the weights of the build', {
      where: join(folder, file),
      expected: `${external.bytes} bytes`,
      actual: `${bytes.length} bytes`,
      suggestions: ['generate the build again: spikemill rtl generate'],
    });
  }
  const before = external.tiles.filter(({ pass }) => pass < firstPass);
  const firstWord = before.reduce((sum, { words }) => sum + words, 0);
  writeFileSync(join(target, file), rotateExternal(bytes, external, firstWord));
}

export interface StageFolder {
  readonly folder: string;
  readonly remove: () => void;
}

/**
 * A folder in which the simulator of a build runs one stage: links to the memory images, the cut program, and the maps.
 *
 * @param plan of the build
 * @param before vectors of the passes before the stage
 * @param spikes that those passes write for the image that runs
 */
export function makeStageFolder(
  build: Build,
  plan: Plan,
  range: StageRange,
  before: Vectors,
  spikes: Uint8Array,
): StageFolder {
  const folder = mkdtempSync(join(tmpdir(), 'spikemill-stage-'));
  for (const { name, file } of build.manifest.memories) {
    const path = join(folder, file);
    mkdirSync(dirname(path), { recursive: true });
    if (name === 'program') writeFileSync(path, cutProgram(build, range));
    else symlinkSync(resolve(build.folder, file), path);
  }
  rotateWeights(build, plan, range.first, folder);
  for (const [bank, text] of spikeMaps(plan, before, spikes).entries()) {
    writeFileSync(join(folder, 'mem', `spike-maps-${bank}.mem`), text);
  }
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}
