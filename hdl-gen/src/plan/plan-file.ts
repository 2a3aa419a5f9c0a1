/** plan.json: a user's choice about an accelerator. */
import { parseJson, readFileChecked, validateJson } from '@spikemill/golden-model';
import { type PlanFile, planSchema } from '../generated/plan.generated.js';
import type { PlanOptions } from './options.js';

/**
 * Reads a plan file; a build folder holds a complete one.
 * @throws SpikemillError INVALID_CONFIG if it is not as its schema says
 */
export function readPlanFile(path: string): Partial<PlanOptions> {
  const text = new TextDecoder().decode(readFileChecked(path, 'INVALID_CONFIG'));
  const { $schema, ...choice } = validateJson<PlanFile>(planSchema, parseJson(text, path), path);
  return choice;
}
