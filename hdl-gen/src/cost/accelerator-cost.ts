/** Cells of a whole accelerator: the instances of its generated top, each by the formulas of its module. */
import type { DeviceFamily } from '@spikemill/constraints';
import type { QuantizedNetwork } from '@spikemill/golden-model';
import type { Plan } from '../plan/plan.js';
import { contentsReader } from './contents.js';
import { costModelOf } from './cost-model.js';
import { listInstances } from './instances.js';
import { moduleCost } from './module-cost.js';
import { type Resources, sumResources } from './resources.js';

export interface InstanceCost extends Resources {
  /** Name in the top. */
  readonly name: string;
  readonly module: string;
}

export interface AcceleratorCost {
  readonly family: DeviceFamily;
  /** How the figures are known: by formulas, not by synthesis. */
  readonly basis: 'analytic';
  /** In the order of the top. Fractions of a cell are rounded. */
  readonly instances: readonly InstanceCost[];
  readonly total: Resources;
}

/** Whole cells. */
export function rounded(part: Resources): Resources {
  const entries = Object.entries(part) as [keyof Resources, number][];
  return Object.fromEntries(entries.map(([name, value]) => [name, Math.round(value)])) as Record<
    keyof Resources,
    number
  >;
}

/**
 * Cells of the accelerator that a plan gives.
 *
 * @throws SpikemillError INVALID_CONFIG if a formula of the cost model cannot be evaluated.
 */
export function acceleratorCost(network: QuantizedNetwork, plan: Plan, family: DeviceFamily): AcceleratorCost {
  const model = costModelOf(family);
  const contents = contentsReader(network, plan);
  const instances = listInstances(network, plan).map((instance): InstanceCost => {
    const { name, module, image } = instance;
    const { memories: _, ...cost } = moduleCost(instance, model, image === null ? undefined : () => contents(image));
    return { name, module, ...rounded(cost) };
  });
  return { family, basis: 'analytic', instances, total: sumResources(instances) };
}
