/** Calibration of the clock model of a family: place the grid, fit, say how far off the formulas then are. */
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import {
  parseJson,
  readFileChecked,
  SpikemillError,
  validateJson,
  writeFileAtomic,
  writeFolderAtomic,
} from '@spikemill/golden-model';
import {
  acceleratorCost,
  type ClockModel,
  clockError,
  clockMeasuredSchema,
  clockModelOf,
  clockQuantities,
  fitClock,
  generate,
  type PlacedClock,
  type PlacedDesigns,
  planDesign,
} from '@spikemill/hdl-gen';
import { cacheKey, openBuild, throwIfStopped, withCleanup } from '@spikemill/testbenches';
import { contentsOf, pinlessSources } from '../sources.js';
import { synthesize } from '../synthesize.js';
import { findTool, type Tool } from '../tools.js';
import { type DrawnDesign, drawDesign } from './draw-design.js';

export type ClockFamily = ClockModel['family'];
type PlacedDesign = PlacedDesigns['designs'][number];

/**
 * Designs of drawDesign that fit the first device of the family: small ones, since placing takes a minute or more; dense
 * and event-driven.
 */
export const CLOCK_GRID: Readonly<Record<ClockFamily, readonly number[]>> = {
  ice40: [3, 10, 14, 22, 36, 43, 47],
  ecp5: [3, 10, 14, 22, 36, 45, 47, 33, 38, 40],
};

export interface ClockTools {
  readonly yosys: Tool;
  readonly placer: Tool;
}

/** @throws SpikemillError TOOL */
export async function findClockTools(family: ClockFamily, stop: AbortSignal): Promise<ClockTools> {
  const yosys = await findTool('yosys', stop, 'system');
  return { yosys, placer: await findTool(`nextpnr-${family}`, stop) };
}

function toolsText({ yosys, placer }: ClockTools): string {
  return `Yosys ${yosys.version}, ${placer.name} ${placer.version}, seed 1`;
}

/** File of a family in the folder of the clock models. */
export function placedPath(folder: string, family: ClockFamily): string {
  return join(folder, 'measured', `${family}.json`);
}

/** @throws SpikemillError INVALID_CONFIG */
export function readPlaced(path: string): PlacedDesign[] {
  if (!existsSync(path)) return [];
  const json = parseJson(new TextDecoder().decode(readFileChecked(path)), path);
  return validateJson<PlacedDesigns>(clockMeasuredSchema, json, path).designs;
}

function writePlaced(path: string, family: ClockFamily, tool: string, designs: readonly PlacedDesign[]): void {
  const head = JSON.stringify({ family, tool });
  const lines = [...designs].sort((a, b) => a.seed - b.seed).map((design) => JSON.stringify(design));
  mkdirSync(dirname(path), { recursive: true });
  writeFileAtomic(path, `${head.slice(0, -1)},"designs":[\n${lines.join(',\n')}\n]}\n`);
}

/**
 * Synthesizes, places and routes a drawn design.
 *
 * @param knownKey of a measurement from before: null comes back if nothing has changed since.
 * @throws SpikemillError TOOL; PLAN if the design does not fit
 */
async function placeDrawn(
  { network, plan, seed, title }: DrawnDesign,
  device: string,
  tools: ClockTools,
  stop: AbortSignal,
  knownKey?: string,
): Promise<PlacedDesign | null> {
  const folder = mkdtempSync(join(tmpdir(), 'spikemill-clock-'));
  return withCleanup(
    () => rmSync(folder, { recursive: true, force: true }),
    async () => {
      const design = join(folder, 'design');
      const { files, manifest } = generate(network, plan);
      writeFolderAtomic(design, files, () => true);
      const key = cacheKey(['clock', device, toolsText(tools), ...contentsOf(pinlessSources(design, manifest))]);
      if (key === knownKey) return null;
      const { report, error } = await synthesize(openBuild(design), { device, yosys: 'system', signal: stop });
      const megahertz = report.placement?.fmaxMegahertz;
      if (megahertz === undefined || megahertz === null) {
        throw error ?? new SpikemillError('TOOL', 'a design was not placed', { where: title });
      }
      const path = report.placement!.criticalPath.map(({ module }) => module);
      return { seed, title, key, megahertz: Math.round(10 * megahertz) / 10, path };
    },
  );
}

export interface CalibrateClockOptions {
  readonly stop: AbortSignal;
  /** Of the clock models; measurements are added one by one. */
  readonly folder: string;
  /** The first of the grid. */
  readonly designs: number;
  /** A design is placed now, or was before: its place in the grid. */
  readonly onDesign: (index: number) => void;
}

export interface CalibratedClock {
  readonly model: ClockModel;
  readonly titles: readonly string[];
  readonly designs: readonly PlacedClock[];
}

/** A placed design with what the formulas may name. */
function joinClock(family: ClockFamily, { seed, megahertz }: PlacedDesign): PlacedClock {
  const { network, plan } = drawDesign(seed);
  const planned = planDesign(network, plan);
  const { lut } = acceleratorCost(network, planned, family).total;
  return { quantities: clockQuantities(network, planned, lut), megahertz };
}

function modelOf(family: ClockFamily, folder: string): ClockModel {
  const model = clockModelOf(family, folder);
  if (model !== null) return model;
  throw new SpikemillError('INVALID_CONFIG', 'there is no clock model of the family', {
    where: folder,
    actual: family,
  });
}

/**
 * Calibrates the clock of one family.
 * @throws SpikemillError TOOL, INVALID_CONFIG, OUTPUT_FAILED; the reason of `stop`
 */
export async function calibrateClock(family: ClockFamily, options: CalibrateClockOptions): Promise<CalibratedClock> {
  const { stop, folder, onDesign } = options;
  const model = modelOf(family, folder);
  const tools = await findClockTools(family, stop);
  const path = placedPath(folder, family);
  const known = new Map(readPlaced(path).map((design) => [design.seed, design]));
  const grid = CLOCK_GRID[family].slice(0, options.designs);
  for (const [index, seed] of grid.entries()) {
    throwIfStopped(stop);
    onDesign(index);
    const placed = await placeDrawn(drawDesign(seed), model.devices[0]!, tools, stop, known.get(seed)?.key);
    if (placed === null) continue;
    known.set(seed, placed);
    writePlaced(path, family, toolsText(tools), [...known.values()]);
  }
  const used = grid.flatMap((seed) => known.get(seed) ?? []);
  const designs = used.map((placed) => joinClock(family, placed));
  const fitted = fitClock(model, designs);
  const calibration = { tool: toolsText(tools), designs: designs.length };
  return {
    model: { ...fitted, calibration, error: clockError(fitted, designs) },
    titles: used.map(({ seed, title }) => `${seed}: ${title}`),
    designs,
  };
}

/** The designs that were placed, without placing anything. */
export function placedGrid(family: ClockFamily, folder: string): readonly PlacedClock[] {
  return readPlaced(placedPath(folder, family)).map((placed) => joinClock(family, placed));
}
