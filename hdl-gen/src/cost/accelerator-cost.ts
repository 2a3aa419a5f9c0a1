/** Cells of a whole accelerator: the instances of its generated top, each by the formulas of its module. */
import type { DeviceFamily } from '@spikemill/constraints';
import type { QuantizedNetwork } from '@spikemill/golden-model';
import type { DesignPlan } from '../design.js';
import { type CalibrationError, calibrationError } from './calibration.js';
import { contentsReader } from './contents.js';
import { costModelOf } from './cost-model.js';
import { listInstances } from './instances.js';
import type { MemoryPlace } from './memory-mapping.js';
import { type MemoryGroup, type MemoryGroupCost, moduleCost, pricedName } from './module-cost.js';
import { type Resources, sumResources } from './resources.js';

export interface InstanceCost extends Resources {
  /** Name in the top. */
  readonly name: string;
  readonly module: string;
  readonly memories: readonly InstanceMemory[];
}

/** Equal memories inside an instance. */
export interface InstanceMemory extends Pick<MemoryGroup, 'kind' | 'count' | 'width' | 'depth'> {
  readonly place: MemoryPlace;
  /** Of all of them; whole cells, fractions count as logic. */
  readonly cost: Resources;
}

export interface AcceleratorCost {
  readonly family: DeviceFamily;
  /** How the figures are known: by formulas, not by synthesis. */
  readonly basis: 'analytic';
  /** How far the formulas of the family are from synthesis; null: not calibrated. */
  readonly error: CalibrationError | null;
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

function instanceMemory({ kind, count, width, depth, cost }: MemoryGroupCost): InstanceMemory {
  const { place, ...cells } = cost;
  const whole = Object.entries(cells).map(([name, value]) => [name, Math.floor(value)]);
  return { kind, count, width, depth, place, cost: Object.fromEntries(whole) as unknown as Resources };
}

/** Whether the cost model of a family has formulas for all modules of a plan: lanes of tables need LUT RAM, for instance. */
export function isPriced(network: QuantizedNetwork, plan: DesignPlan, family: DeviceFamily): boolean {
  const { modules } = costModelOf(family);
  return listInstances(network, plan).every((instance) => pricedName(instance) in modules);
}

/**
 * Cells of the accelerator that a plan gives.
 *
 * @throws SpikemillError INVALID_CONFIG if a formula of the cost model cannot be evaluated.
 */
export function acceleratorCost(network: QuantizedNetwork, plan: DesignPlan, family: DeviceFamily): AcceleratorCost {
  const model = costModelOf(family);
  const contents = contentsReader(network, plan);
  const instances = listInstances(network, plan).map((instance): InstanceCost => {
    const { name, module, image, segment } = instance;
    const read = image === null ? undefined : () => contents(image, segment);
    const { memories, ...cost } = moduleCost(instance, model, read);
    return { name, module, ...rounded(cost), memories: memories.map(instanceMemory) };
  });
  return { family, basis: 'analytic', error: calibrationError(model), instances, total: sumResources(instances) };
}
