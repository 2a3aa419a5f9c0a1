/**
 * Clocks in a search: one for all plans, or one that follows from each plan by the clock model, whose upper bound for a set
 * turns the fewest cycles into the least time. No delay of the model shrinks with LUTs, or with what a grid selects among.
 */
import type { Device } from '@spikemill/constraints';
import type { QuantizedNetwork } from '@spikemill/golden-model';
import {
  assumedClock,
  type ClockEstimate,
  type ClockQuantities,
  clockValues,
  deviceClockModel,
  estimateClock,
  slowestPath,
  wholeMegahertz,
} from '../clock/clock-model.js';
import { listInstances } from '../cost/instances.js';
import { type DesignPlan, planDesign } from '../design.js';
import type { CycleFigures, Figures } from './figures.js';

export interface PlanClock {
  /** Megahertz that no plan goes beyond whose quantities are all at least these. */
  most(style: ClockQuantities['style'], luts: number, values: () => ClockQuantities['values']): number;
  /** Megahertz that no plan of some styles goes beyond. */
  fastest(network: QuantizedNetwork, styles: readonly ClockQuantities['style'][]): number;
  /** Of one plan. @param luts by the cost model */
  of(network: QuantizedNetwork, plan: DesignPlan, luts: number): ClockEstimate;
}

/** @param megahertz for all plans; default: the model or, where there is none, the record of the device. */
export function makePlanClock(device: Device, megahertz?: number): PlanClock {
  const model = deviceClockModel(device);
  if (megahertz !== undefined || model === null) {
    const clock = megahertz === undefined ? assumedClock(device) : { megahertz, basis: 'given', path: null };
    return { most: () => clock.megahertz, fastest: () => clock.megahertz, of: () => clock };
  }
  const most: PlanClock['most'] = (style, luts, values) =>
    wholeMegahertz(slowestPath(model, { style, values: { ...values(), Luts: luts } }));
  return {
    most,
    fastest: (network, styles) => {
      const ofStyle = (style: ClockQuantities['style']): number => {
        const template = clockValues(listInstances(network, planDesign(network, { style })));
        return most(style, 0, () => leastValues(template, null));
      };
      return Math.max(...styles.map(ofStyle));
    },
    of: (network, plan, luts) => estimateClock(network, plan, device, luts),
  };
}

/** What a grid makes, and what is known of it: with nothing known, nothing is selected. */
const OPEN_GRID = { Lanes: 1, Inputs: 1, Neurons: 1, RowSlots: 1 };

/** What the formulas may name, at least. @param template of any plan of the network */
export function leastValues(
  template: Readonly<Record<string, number>>,
  grid: { readonly lanes: number; readonly inputs: number; readonly neurons: number; readonly rowSlots: number } | null,
): Record<string, number> {
  if (grid === null) return { ...template, ...OPEN_GRID };
  const { lanes, inputs, neurons, rowSlots } = grid;
  return { ...template, Lanes: lanes, Inputs: inputs, Neurons: neurons, RowSlots: rowSlots };
}

/** Cycles with the time that they take. */
export function timed(
  cycles: CycleFigures,
  megahertz: number,
): Pick<Figures, 'cyclesPerImage' | 'intervalCycles' | 'imageMicroseconds' | 'intervalMicroseconds'> {
  const { cyclesPerImage, intervalCycles } = cycles;
  return {
    cyclesPerImage,
    intervalCycles,
    imageMicroseconds: cyclesPerImage / megahertz,
    intervalMicroseconds: intervalCycles / megahertz,
  };
}
