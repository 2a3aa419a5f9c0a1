/** How fast the clock of an accelerator may be: the slowest of a few paths, by formulas fitted to placed designs. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Device, DeviceFamily } from '@spikemill/constraints';
import { parseJson, type QuantizedNetwork, validateJson } from '@spikemill/golden-model';
import { listInstances } from '../cost/instances.js';
import type { DesignPlan } from '../design.js';
import { evaluate } from '../expression.js';
import { type ClockModel, clockModelSchema } from '../generated/clock-model.generated.js';

export type { ClockModel };

/** Folder of the clock models, in the source tree and in an installed package. */
export const CLOCK_FOLDER = fileURLToPath(new URL('../../data/clock/', import.meta.url));

const models = new Map<string, ClockModel>();

/** The text of a file of formulas. */
export function formatClockModel(model: ClockModel): string {
  return `${JSON.stringify(model, null, 2)}\n`;
}

/**
 * The formulas of a device family; null: nobody has placed designs of it.
 * @throws SpikemillError INVALID_CONFIG
 */
export function clockModelOf(family: DeviceFamily, folder = CLOCK_FOLDER): ClockModel | null {
  const file = join(folder, `${family}.json`);
  const known = models.get(file);
  if (known !== undefined || !existsSync(file)) return known ?? null;
  const model = validateJson<ClockModel>(clockModelSchema, parseJson(readFileSync(file, 'utf8'), file), file);
  models.set(file, model);
  return model;
}

/** What the formulas may name. */
export interface ClockQuantities {
  readonly style: DesignPlan['style'];
  /** Parameters of the gather, the operands and the neuron unit; `Luts` of the whole by the cost model. */
  readonly values: Readonly<Record<string, number>>;
}

const NAMED_INSTANCES = ['u_gather', 'u_operands', 'u_currents', 'u_neuron_unit'];

/**
 * Of a plan; with segments those of the first one.
 * @param luts of the whole accelerator, by the cost model
 */
export function clockQuantities(network: QuantizedNetwork, plan: DesignPlan, luts: number): ClockQuantities {
  const instances = listInstances(network, plan);
  const values: Record<string, number> = {};
  for (const wanted of NAMED_INSTANCES) {
    const instance = instances.find(({ name }) => name === wanted || name.endsWith(`.${wanted}`));
    Object.assign(values, instance?.parameters);
  }
  return { style: plan.style, values: { ...values, Luts: luts } };
}

export interface PathDelay {
  readonly name: string;
  readonly nanoseconds: number;
}

/** The slowest path. */
export function slowestPath(model: ClockModel, { style, values }: ClockQuantities): PathDelay {
  const delays = Object.entries(model.paths[style]).map(([name, formula]) => {
    return { name, nanoseconds: evaluate(formula, { ...values, ...model.fit }, `${model.family}.json: ${name}`) };
  });
  return delays.reduce((slowest, path) => (path.nanoseconds > slowest.nanoseconds ? path : slowest));
}

export interface ClockEstimate {
  readonly megahertz: number;
  /** How it is known: `model, fitted to 12 placed designs, +-8 %`, or assumed. */
  readonly basis: string;
  /** Path that sets it; null: assumed. */
  readonly path: string | null;
}

/** Clocks are known to whole megahertz at best. */
function wholeMegahertz(nanoseconds: number): number {
  return Math.floor(1000 / nanoseconds);
}

/**
 * The clock that a plan may be expected to reach on a device, or the one that its record assumes.
 * @param luts of the whole accelerator, by the cost model of the device's family
 */
export function estimateClock(
  network: QuantizedNetwork,
  plan: DesignPlan,
  device: Device,
  luts: number,
): ClockEstimate {
  const model = clockModelOf(device.family);
  if (model === null || model.error === undefined || !model.devices.includes(device.name)) {
    return { megahertz: device.clock.megahertz, basis: `assumed: ${device.clock.note}`, path: null };
  }
  const { name, nanoseconds } = slowestPath(model, clockQuantities(network, plan, luts));
  const { calibration, error } = model;
  return {
    megahertz: wholeMegahertz(nanoseconds),
    basis: `model, fitted to ${calibration?.designs ?? 0} placed designs, +-${error.worst} %`,
    path: name,
  };
}
