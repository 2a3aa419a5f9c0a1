/**
 * spikemill.config.json in the working directory: defaults for flags. A property stands for the environment variable
 * of its name, so that the order is flag, environment, file, built-in default, and every flag needs one `env` only.
 */
import { existsSync } from 'node:fs';
import { parseJson, readFileChecked, validateJson } from '@spikemill/golden-model';
import { type SpikemillConfig, spikemillConfigSchema } from './generated/spikemill-config.generated.js';

const CONFIG_FILE = 'spikemill.config.json';

/** `weightBits` -> `SPIKEMILL_WEIGHT_BITS`. */
function environmentName(property: string): string {
  return `SPIKEMILL_${property.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()}`;
}

/**
 * Sets the environment variables that the file has values for and that are not set.
 * @throws SpikemillError INVALID_CONFIG if the file is not as its schema says
 */
export function applyConfigFile(path = CONFIG_FILE, environment: NodeJS.ProcessEnv = process.env): void {
  if (!existsSync(path)) return;
  const text = new TextDecoder().decode(readFileChecked(path, 'INVALID_CONFIG'));
  const { $schema, ...values } = validateJson<SpikemillConfig>(spikemillConfigSchema, parseJson(text, path), path);
  for (const [property, value] of Object.entries(values)) {
    environment[environmentName(property)] ??= String(value);
  }
}
