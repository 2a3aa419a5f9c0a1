/** How much of its cycles a design works, from counters of the simulated RTL; hdl-gen's utilisation.ts has the closed form. */
import { type DesignPlan, filledLanes } from '@spikemill/hdl-gen';
import type { PassUse } from './engine.js';
import { layerOfPass } from './schedule.js';

/** Cycles of all images of the run. */
export interface CycleUse extends PassUse {
  /**
   * Lane-cycles with operands of a real output, over lanes: the array's cycles less the share of padding lanes, which the
   * plan knows.
   */
  readonly filled: number;
}

export interface LayerCycleUse extends CycleUse {
  /** The layer, or the first of those that a pass computes side by side. */
  readonly name: string;
}

/** Of a run. */
export interface MeasuredUtilisation extends CycleUse {
  /** In the order of the program; passes of a layer together. */
  readonly layers: readonly LayerCycleUse[];
}

/** Lanes with a real output, over all lanes of all groups. */
function filledShare(plan: DesignPlan, number: number): number {
  if (plan.style === 'event') return filledLanes(plan.passes[number]!, plan.grid);
  const { outputs } = plan.passes[number]!;
  return outputs.filter((output) => output !== null).length / outputs.length;
}

const ZERO: CycleUse = { cycles: 0, array: 0, neurons: 0, either: 0, filled: 0 };

function add(sum: CycleUse, { cycles, array, neurons, either, filled }: CycleUse): CycleUse {
  return {
    cycles: sum.cycles + cycles,
    array: sum.array + array,
    neurons: sum.neurons + neurons,
    either: sum.either + either,
    filled: sum.filled + filled,
  };
}

/**
 * @param plan whose passes were counted: that of the design, or of the stage that was run alone.
 * @param counts by number of the pass.
 */
export function measuredUtilisation(plan: DesignPlan, counts: readonly PassUse[]): MeasuredUtilisation {
  const layers = new Map<string, CycleUse>();
  for (const [number, use] of counts.entries()) {
    const name = layerOfPass(plan, number)!.name;
    const filled = use.array * filledShare(plan, number);
    layers.set(name, add(layers.get(name) ?? ZERO, { ...use, filled }));
  }
  const total = [...layers.values()].reduce(add, ZERO);
  return { ...total, layers: [...layers].map(([name, use]) => ({ name, ...use })) };
}
