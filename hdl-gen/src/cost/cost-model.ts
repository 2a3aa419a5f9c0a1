/** The formulas of data/cost: what library modules consist of, and what that costs on a device family. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { DeviceFamily } from '@spikemill/constraints';
import { parseJson, validateJson } from '@spikemill/golden-model';
import { type CostLibrary, costLibrarySchema } from '../generated/cost-library.generated.js';
import { type CostModel, costModelSchema } from '../generated/cost-model.generated.js';

export type { CostLibrary, CostModel };
export type MemoryRules = CostModel['memory'];

/**
 * @param text JSON of schema/cost-model.schema.json.
 * @param where the file, for messages.
 * @throws SpikemillError INVALID_CONFIG that names what is wrong.
 */
export function parseCostModel(text: string, where: string): CostModel {
  return validateJson<CostModel>(costModelSchema, parseJson(text, where), where);
}

/** As parseCostModel, for schema/cost-library.schema.json. */
export function parseCostLibrary(text: string, where: string): CostLibrary {
  return validateJson<CostLibrary>(costLibrarySchema, parseJson(text, where), where);
}

/** Folder of the cost models, in the source tree and in an installed package. */
export const COST_FOLDER = fileURLToPath(new URL('../../data/cost/', import.meta.url));

function readData(file: string): string {
  return readFileSync(join(COST_FOLDER, file), 'utf8');
}

const models = new Map<DeviceFamily, CostModel>();
let library: CostLibrary | undefined;

/** The text of a file of formulas. */
export function formatCostModel(model: CostModel): string {
  return `${JSON.stringify(model, null, 2)}\n`;
}

/** The formulas of a device family. */
export function costModelOf(family: DeviceFamily): CostModel {
  const file = `${family}.json`;
  const model = models.get(family) ?? parseCostModel(readData(file), file);
  models.set(family, model);
  return model;
}

export function costLibrary(): CostLibrary {
  library ??= parseCostLibrary(readData('library.json'), 'library.json');
  return library;
}
