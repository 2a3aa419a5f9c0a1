/** Measurements on disk: a JSON file for each family, one line for each design, so that a run can be interrupted. */
import { existsSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { DeviceFamily } from '@spikemill/constraints';
import { parseJson, readFileChecked, validateJson, writeFileAtomic } from '@spikemill/golden-model';
import { costMeasuredSchema, type MeasuredCells, type MeasuredDesigns } from '@spikemill/hdl-gen';
import type { Measurement } from './measure-design.js';

export type MeasuredDesign = MeasuredDesigns['designs'][number];

const ORDER = ['lut', 'ff', 'carry', 'blockRam'] as const;

/** File of a family in the folder of the cost models. */
export function measuredPath(folder: string, family: DeviceFamily): string {
  return join(folder, 'measured', `${family}.json`);
}

/**
 * Designs that were measured before; none if there is no file.
 * @throws SpikemillError INVALID_CONFIG
 */
export function readMeasured(path: string): MeasuredDesign[] {
  if (!existsSync(path)) return [];
  const json = parseJson(new TextDecoder().decode(readFileChecked(path)), path);
  return validateJson<MeasuredDesigns>(costMeasuredSchema, json, path).designs;
}

/** @throws SpikemillError OUTPUT_FAILED */
export function writeMeasured(
  path: string,
  family: DeviceFamily,
  tool: string,
  designs: readonly MeasuredDesign[],
): void {
  const head = JSON.stringify({ family, tool });
  const lines = [...designs].sort((a, b) => a.seed - b.seed).map((design) => JSON.stringify(design));
  mkdirSync(dirname(path), { recursive: true });
  writeFileAtomic(path, `${head.slice(0, -1)},"designs":[\n${lines.join(',\n')}\n]}\n`);
}

export function packMeasurement(seed: number, title: string, { key, cells }: Measurement): MeasuredDesign {
  const packed = Object.entries(cells).map(([name, counts]) => [name, ORDER.map((resource) => counts[resource])]);
  return { seed, title, key, cells: Object.fromEntries(packed) };
}

/** Cells by name of the instance. */
export function unpackCells({ cells }: MeasuredDesign): Record<string, MeasuredCells> {
  const unpacked = Object.entries(cells).map(([name, counts]) => [
    name,
    Object.fromEntries(ORDER.map((resource, i) => [resource, counts[i]!])),
  ]);
  return Object.fromEntries(unpacked);
}
