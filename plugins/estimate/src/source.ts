/** What an estimate is about: a build folder, or a quantized model with a plan of its own. */
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { loadQuantized, type QuantizedNetwork } from '@spikemill/golden-model';
import { type PlanOptions, readManifest } from '@spikemill/hdl-gen';

export interface EstimateSource {
  readonly network: QuantizedNetwork;
  /** The plan of a build; null for a model. */
  readonly choice: PlanOptions | null;
}

/**
 * Reads what the argument names.
 * @throws SpikemillError as loadQuantized and readManifest
 */
export function readSource(path: string): EstimateSource {
  const isFolder = statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
  if (!isFolder) return { network: loadQuantized(path), choice: null };
  const { network, plan } = readManifest(path);
  return { network: loadQuantized(join(path, network)), choice: plan };
}
