/** What a simulator of a build is made from: its Verilog, a harness, and constants of the plan. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readFileChecked, SpikemillError } from '@spikemill/golden-model';
import { designConstants, segmentsOf } from '@spikemill/hdl-gen';
import type { Build } from './build.js';
import { cacheKey } from './cache.js';
import { wordShape } from './schedule.js';

/** Folder of the harnesses, in the source tree and in an installed package. */
export const HARNESS_FOLDER = fileURLToPath(new URL('../harness/', import.meta.url));

export function harnessFile(name: string): string {
  return join(HARNESS_FOLDER, name);
}

/** Parameters of smx_harness.v, all constants of the engine. */
const HARNESS_PARAMETERS = [
  'Lanes',
  'Neurons',
  'Timesteps',
  'PassBits',
  'RowBits',
  'WordSelectBits',
  'RowWords',
  'CurrentBits',
  'Inputs',
  'WeightBits',
  'PlaneWeightBits',
  'AccBits',
  'PlaneAccBits',
] as const;

/** Values of the harness parameters for a build. */
export function harnessParameters({ network, plan, program }: Build): [name: string, value: number][] {
  const { lanes, timesteps } = wordShape(plan);
  const constants = designConstants(network, plan, program);
  // what the event-driven style calls a bank is a word to the harness
  const wordSelectBits = constants.WordSelectBits ?? constants.BankBits!;
  const words = { Lanes: lanes, Timesteps: timesteps, WordSelectBits: wordSelectBits, RowWords: 1 };
  const noPlanes = { PlaneWeightBits: 1, PlaneAccBits: 1 };
  const values: Record<string, number> = plan.style === 'event' ? { ...constants, ...words, ...noPlanes } : constants;
  const parameters = HARNESS_PARAMETERS.map((name): [string, number] => [name, values[name]!]);
  const segments = segmentsOf(plan).length;
  if (plan.options.weights === 'external') parameters.push(['WeightBusBits', plan.options.weightBus]);
  return segments === 0
    ? parameters
    : [...parameters, ['Segments', segments], ['SpikeBits', 8 * Math.ceil((lanes * timesteps) / 8)]];
}

/** Switches of smx_harness.v for a build. */
export function harnessMacros({ plan }: Build): string[] {
  return [
    ...(plan.options.weights === 'stream' ? ['-DSMX_WEIGHTS'] : []),
    ...(plan.options.weights === 'external' ? ['-DSMX_EXTERNAL'] : []),
    ...(segmentsOf(plan).length > 0 ? ['-DSMX_SEGMENTS'] : []),
  ];
}

/** Key of everything that ends up in the simulator; memory images are read when it runs. */
export function simulatorKey(
  { folder, manifest }: Build,
  harness: readonly string[],
  settings: readonly string[],
): string {
  const sources = [...manifest.files, ...manifest.includes].flatMap((path) => {
    const file = join(folder, path);
    return existsSync(file) ? [path, readFileChecked(file)] : [path];
  });
  return cacheKey([...settings, ...harness.flatMap((name) => [name, readFileChecked(harnessFile(name))]), ...sources]);
}

/** The lines of a tool's output that say what is wrong. */
function firstErrors(output: string): string {
  const lines = output.split('\n').filter((line) => line.trim() !== '');
  const errors = lines.filter((line) => /error/i.test(line));
  return (errors.length > 0 ? errors : lines).slice(0, 3).join('\n');
}

/** The error of a tool that refused the Verilog or broke off: the place is the build. */
export function buildFault(message: string, { folder, warnings }: Build, output: string): SpikemillError {
  const suggestions = warnings.length === 0 ? [] : ['generate the build again: spikemill rtl generate'];
  return new SpikemillError('TOOL', message, { where: folder, actual: firstErrors(output), suggestions });
}

/** Whether an error is such a one. */
export function isBuildFault(error: unknown, { folder }: Build): error is SpikemillError {
  return error instanceof SpikemillError && error.code === 'TOOL' && error.details.where === folder;
}
