/** Designs that tests generate, on disk. */
import { join } from 'node:path';
import {
  type NetworkConfig,
  type QuantizedNetwork,
  type QuantizeOptions,
  writeFolderAtomic,
} from '@spikemill/golden-model';
import { type Design, type GenerateOptions, generate, type Plan } from '@spikemill/hdl-gen';
import { randomQuantized, smallConfig } from './random-network.js';
import { makeTemporaryFolder } from './temporary-folder.js';

let root: string | undefined;
let count = 0;

/** A folder of its own below one that is gone when the test process ends. */
export function newFolder(): string {
  root ??= makeTemporaryFolder();
  return join(root, String(count++));
}

/** A design of dense lanes, unless asked for another style. */
export interface DesignOnDisk extends Omit<Design, 'plan'> {
  readonly plan: Plan;
  readonly folder: string;
  readonly network: QuantizedNetwork;
}

/** Generates a network's accelerator into a folder of its own. */
export function makeDesign(network: QuantizedNetwork, options: GenerateOptions = {}): DesignOnDisk {
  const folder = newFolder();
  const design = generate(network, options);
  writeFolderAtomic(folder, design.files, () => true);
  return { ...design, plan: design.plan as Plan, folder, network };
}

/** The smallest network that has every kind of layer of its variant, odd sizes, height unlike width. */
export function tinyConfig(spe: boolean, changes: Partial<NetworkConfig> = {}): NetworkConfig {
  return smallConfig({
    spe,
    dim: spe ? 3 : 2,
    alpha: 1,
    numClasses: 3,
    imageHeight: 7,
    imageWidth: 11,
    depths: [1, 1],
    timesteps: 2,
    ...changes,
  });
}

export function tinyNetwork(spe: boolean, seed = 1, options: QuantizeOptions = {}): QuantizedNetwork {
  return randomQuantized(tinyConfig(spe), seed, options);
}
