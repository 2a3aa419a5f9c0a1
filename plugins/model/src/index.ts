/** spikemill model: from a trained checkpoint to integers, and what they do. */
import { ModelImport } from './commands/import.js';
import { ModelInspect } from './commands/inspect.js';
import { ModelQuantize } from './commands/quantize.js';
import { ModelRandom } from './commands/random.js';
import { ModelRun } from './commands/run.js';
import { ModelTrace } from './commands/trace.js';

/** By command id; oclif.js hands them to oclif. */
export const COMMANDS = {
  'model:import': ModelImport,
  'model:inspect': ModelInspect,
  'model:quantize': ModelQuantize,
  'model:random': ModelRandom,
  'model:run': ModelRun,
  'model:trace': ModelTrace,
};
