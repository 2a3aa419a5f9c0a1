/** How fast the clock of an accelerator may be: the slowest of a few paths, by formulas fitted to placed designs. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Device, DeviceFamily } from '@spikemill/constraints';
import { parseJson, type QuantizedNetwork, validateJson } from '@spikemill/golden-model';
import { listInstances, type ModuleInstance } from '../cost/instances.js';
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
  return { style: plan.style, values: { ...clockValues(listInstances(network, plan)), Luts: luts } };
}

/** What the formulas may name, but for the LUTs. */
export function clockValues(instances: readonly ModuleInstance[]): Record<string, number> {
  const values: Record<string, number> = {};
  for (const wanted of NAMED_INSTANCES) {
    const instance = instances.find(({ name }) => name === wanted || name.endsWith(`.${wanted}`));
    Object.assign(values, instance?.parameters);
  }
  return values;
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
export function wholeMegahertz({ nanoseconds }: PathDelay): number {
  return Math.floor(1000 / nanoseconds);
}

/** The formulas that say the clock of plans on a device; null: its record assumes one for all plans. */
export function deviceClockModel({ family, name }: Device): (ClockModel & Required<Pick<ClockModel, 'error'>>) | null {
  const model = clockModelOf(family);
  if (model?.error === undefined || !model.devices.includes(name)) return null;
  return { ...model, error: model.error };
}

/** The clock that the record of a device assumes. */
export function assumedClock({ clock }: Device): ClockEstimate {
  return { megahertz: clock.megahertz, basis: `assumed: ${clock.note}`, path: null };
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
  const model = deviceClockModel(device);
  if (model === null) return assumedClock(device);
  const path = slowestPath(model, clockQuantities(network, plan, luts));
  const { calibration, error } = model;
  return {
    megahertz: wholeMegahertz(path),
    basis: `model, fitted to ${calibration?.designs ?? 0} placed designs, +-${error.worst} %`,
    path: path.name,
  };
}
