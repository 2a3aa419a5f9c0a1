/** Calibration of the cost model of a family: measure the grid, fit, say how far off the formulas then are. */
import type { DeviceFamily } from '@spikemill/constraints';
import {
  type CostModel,
  costModelOf,
  fitModel,
  type MeasuredAccelerator,
  type ModelError,
  measuredAccelerator,
  modelError,
  planDesign,
} from '@spikemill/hdl-gen';
import { throwIfStopped } from '@spikemill/testbenches';
import type { Tool } from '../tools.js';
import { type DrawnDesign, drawDesign } from './draw-design.js';
import { measureDesign } from './measure-design.js';
import { type MeasuredDesign, packMeasurement, readMeasured, unpackCells, writeMeasured } from './measured-file.js';

/** The grid: seeds 1 to this. */
export const GRID_DESIGNS = 52;

export interface CalibrateOptions {
  readonly tool: Tool;
  readonly stop: AbortSignal;
  /** Where measurements are kept; they are added one by one. */
  readonly measuredPath: string;
  readonly designs: number;
  /** A design is measured now, or was before. */
  readonly onDesign: (seed: number, title: string) => void;
}

export interface CalibratedFamily {
  readonly model: CostModel;
  readonly designs: readonly MeasuredAccelerator[];
  readonly titles: readonly string[];
  readonly error: ModelError;
}

function join({ network, plan: options }: DrawnDesign, measured: MeasuredDesign): MeasuredAccelerator {
  return measuredAccelerator(network, planDesign(network, options), unpackCells(measured));
}

/** Measures what is not known yet. */
async function measureGrid(family: DeviceFamily, options: CalibrateOptions): Promise<MeasuredDesign[]> {
  const { tool, stop, measuredPath, designs, onDesign } = options;
  const known = new Map(readMeasured(measuredPath).map((design) => [design.seed, design]));
  for (let seed = 1; seed <= designs; seed++) {
    throwIfStopped(stop);
    const drawn = drawDesign(seed);
    onDesign(seed, drawn.title);
    const measurement = await measureDesign(drawn, family, tool, stop, known.get(seed)?.key);
    if (measurement === null) continue;
    known.set(seed, packMeasurement(seed, drawn.title, measurement));
    writeMeasured(measuredPath, family, `Yosys ${tool.version}`, [...known.values()]);
  }
  return [...known.values()].filter(({ seed }) => seed <= designs).sort((a, b) => a.seed - b.seed);
}

/** The designs that were measured, without synthesizing anything. */
export function measuredGrid(
  path: string,
): readonly { readonly title: string; readonly design: MeasuredAccelerator }[] {
  return readMeasured(path).map((measured) => {
    return { title: `${measured.seed}: ${measured.title}`, design: join(drawDesign(measured.seed), measured) };
  });
}

/**
 * Calibrates one family.
 * @throws SpikemillError TOOL, INVALID_CONFIG, OUTPUT_FAILED; the reason of `stop`
 */
export async function calibrateFamily(family: DeviceFamily, options: CalibrateOptions): Promise<CalibratedFamily> {
  const measured = await measureGrid(family, options);
  const designs = measured.map((design) => join(drawDesign(design.seed), design));
  const fitted = fitModel(costModelOf(family), designs);
  const error = modelError(fitted, designs);
  const calibration = { tool: `Yosys ${options.tool.version}`, designs: designs.length };
  return { model: { ...fitted, calibration, error }, designs, titles: measured.map(({ title }) => title), error };
}

/** Measures designs outside the grid: what the formulas, as they are, are held against. */
export async function holdOut(
  family: DeviceFamily,
  seeds: readonly number[],
  tool: Tool,
  stop: AbortSignal,
): Promise<readonly MeasuredAccelerator[]> {
  const designs: MeasuredAccelerator[] = [];
  for (const seed of seeds) {
    const drawn = drawDesign(seed);
    const measurement = await measureDesign(drawn, family, tool, stop);
    designs.push(measuredAccelerator(drawn.network, planDesign(drawn.network, drawn.plan), measurement!.cells));
  }
  return designs;
}
