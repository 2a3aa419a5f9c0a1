/** Trained networks that the cost formulas are held against; they are not among the drawn designs that were fitted. */
import type { DeviceFamily } from '@spikemill/constraints';
import { type MeasuredAccelerator, measuredAccelerator, type PlanOptions, plan } from '@spikemill/hdl-gen';
import { findTool, measureDesign } from '@spikemill/synthesis';
import { loadQuant, type Model } from './references.js';

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

/** Synthesizes a point as `synth run` does. */
export async function measurePoint(
  { model, quantized, plan: options }: GridPoint,
  family: DeviceFamily,
): Promise<MeasuredAccelerator> {
  const stop = new AbortController().signal;
  const network = loadQuant(model, quantized);
  const measured = await measureDesign(
    { network, plan: options },
    family,
    await findTool('yosys', stop, 'system'),
    stop,
  );
  return measuredAccelerator(network, plan(network, options), measured!.cells);
}
