/** Simulations of networks and plans at the corners of the family. */
import type { NetworkConfig, QuantizeOptions } from '@spikemill/golden-model';
import type { GenerateOptions } from '@spikemill/hdl-gen';
import { test } from 'uvu';
import { tinyConfig } from './designs.js';
import { randomQuantized } from './random-network.js';
import { randomImages, runDesign } from './simulation.js';

export interface Corner {
  readonly title: string;
  readonly spe: boolean;
  readonly config: Partial<NetworkConfig>;
  readonly plan: GenerateOptions;
  readonly quantize?: QuantizeOptions;
}

export const GREY = { inChannels: 1, mean: [0.4], std: [0.3] };
export const COLOUR = { inChannels: 3, mean: [0.4, 0.5, 0.6], std: [0.3, 0.2, 0.1] };

/** Bit-exact with all currents, cycles equal to the closed form. */
export function testCorners(corners: readonly Corner[]): void {
  for (const [seed, { title, spe, config, plan, quantize = {} }] of corners.entries()) {
    test(title, async () => {
      const network = randomQuantized(tinyConfig(spe, config), seed, quantize);
      const options = { seed, currents: true, idlePercent: 15 * seed, stallPercent: 15 * seed };
      await runDesign(network, plan, randomImages(network, 4, seed), options);
    });
  }
}
