/** The designs that the cost formulas are held against. */
import type { DeviceFamily } from '@spikemill/constraints';
import { acceleratorCost, type InstanceCost, type PlanOptions } from '@spikemill/hdl-gen';
import { type DesignOnDisk, makeDesign } from './designs.js';
import { loadQuant, type Model } from './references.js';
import { type Cells, synthesize } from './synthesis.js';

export interface GridPoint {
  readonly model: Model;
  /** Quantized file, such as `w4-ptq`. */
  readonly quantized: string;
  readonly plan: Partial<PlanOptions>;
}

function point(model: Model, quantized: string, lanes: number, inputs: number, neurons: number): GridPoint {
  return { model, quantized, plan: { lanes, inputs, neurons } };
}

/** From small to large. */
export const COST_GRID: readonly GridPoint[] = [
  point('digits-tiny', 'w2-qat', 4, 2, 2),
  point('digits-tiny', 'w4-ptqbc', 6, 1, 2),
  point('digits-tiny', 'w4-ptqbc', 8, 4, 4),
  point('digits-tiny', 'w8-ptq', 6, 6, 3),
  point('stress-spe', 'w8-ptq', 8, 3, 8),
  point('stress-nospe', 'w4-ptq', 10, 5, 5),
  point('digits-tiny', 'w4-ptqbc', 12, 4, 6),
  point('mnist-small', 'w4-ptqbc', 24, 8, 8),
];

/** `digits-tiny w4-ptqbc, 8 x 4, 4 neurons` */
export function describePoint({ model, quantized, plan: { lanes, inputs, neurons } }: GridPoint): string {
  return `${model} ${quantized}, ${lanes} x ${inputs}, ${neurons} neurons`;
}

export function makeGridDesign({ model, quantized, plan }: GridPoint): DesignOnDisk {
  return makeDesign(loadQuant(model, quantized), plan);
}

/** One instance of a design, or the whole: by formula, and as synthesized. */
export interface Compared {
  readonly name: string;
  readonly estimated: Cells;
  readonly synthesized: Cells;
}

export interface ComparedDesign {
  readonly instances: readonly Compared[];
  readonly total: Compared;
}

export function compareCost(design: DesignOnDisk, family: DeviceFamily): ComparedDesign {
  const cost = acceleratorCost(design.network, design.plan, family);
  const { instances, total } = synthesize(design, family);
  const compare = (estimated: InstanceCost): Compared => {
    const synthesized = instances.get(estimated.name);
    if (synthesized === undefined) throw new Error(`synthesis has no instance ${estimated.name}`);
    return { name: estimated.name, estimated, synthesized };
  };
  return {
    instances: cost.instances.map(compare),
    total: { name: 'total', estimated: cost.total, synthesized: total },
  };
}

/** estimated / synthesized - 1; 0 where both are 0. */
export function deviation({ estimated, synthesized }: Compared, resource: keyof Cells): number {
  const [a, b] = [estimated[resource], synthesized[resource]];
  return a === b ? 0 : a / b - 1;
}
