/** The simulations of one trained model: every quantized file that is named, each with a plan of its own. */
import type { GenerateOptions } from '@spikemill/hdl-gen';
import { test } from 'uvu';
import { loadQuant, type Model } from './references.js';
import { runDesign, testImages } from './simulation.js';

export interface ModelSimulation {
  /** Such as `w4-ptq`. */
  readonly name: string;
  readonly plan: GenerateOptions;
  readonly images: number;
  readonly currents?: boolean;
}

function planText({ lanes, inputs, neurons, tokenBlock }: GenerateOptions): string {
  return `${lanes} lanes, ${inputs} inputs, ${neurons} neurons, token block ${tokenBlock ?? 'all'}`;
}

export function testSimulations(model: Model, simulations: readonly ModelSimulation[]): void {
  for (const [seed, { name, plan, images, currents = false }] of simulations.entries()) {
    test(`${model} ${name}, ${planText(plan)}`, async () => {
      const network = loadQuant(model, name);
      const options = { seed, currents, idlePercent: 20 * seed, stallPercent: 30 };
      await runDesign(network, plan, testImages(model, network, images), options);
    });
  }
}
