import { Flags } from '@oclif/core';
import type { DeviceFamily } from '@spikemill/constraints';
import { writeFileAtomic } from '@spikemill/golden-model';
import { CLOCK_FOLDER, COST_FOLDER, formatCostModel, type ModelError, totalDeviation } from '@spikemill/hdl-gen';
import { BaseCommand, type Progress, renderTable } from '@spikemill/plugin-core';
import {
  type CalibratedFamily,
  CLOCK_GRID,
  type ClockFamily,
  calibrateFamily,
  findTool,
  GRID_DESIGNS,
  measuredPath,
} from '@spikemill/synthesis';
import { watchStop } from '@spikemill/testbenches';
import { type ClockReport, runClockCalibration } from '../calibrate-clock.js';

const FAMILIES = ['ice40', 'ecp5', 'xilinx-ultrascale-plus', 'xilinx-7series'] as const satisfies DeviceFamily[];
const DEFAULT_FAMILIES: DeviceFamily[] = ['ice40', 'ecp5', 'xilinx-ultrascale-plus'];
const CLOCK_FAMILIES = ['ice40', 'ecp5'] as const satisfies ClockFamily[];
const RESOURCES = ['lut', 'ff', 'blockRam'] as const;

interface FamilyReport {
  readonly family: DeviceFamily;
  readonly designs: number;
  /** Percent. */
  readonly error: ModelError;
}

function percent(share: number): string {
  return `${share > 0 ? '+' : ''}${(100 * share).toFixed(1)} %`;
}

export class EstimateCalibrate extends BaseCommand {
  static override summary =
    'Fit the cost model to synthesis, and say how far off it is; with --clock, the clock model.';
  static override description =
    'Synthesizes a grid of whole accelerators with Yosys, drawn by their numbers, and fits the coefficients of the ' +
    'formulas. Measurements are kept one by one: after Ctrl-C the same command goes on, and what has not changed is not ' +
    'synthesized again. A new grid takes about a quarter of an hour of CPU for each family.\nWrites FOLDER/FAMILY.json and ' +
    'FOLDER/measured/FAMILY.json; see docs/cost-model.md.\nWith --clock designs are placed and routed, too, a minute or ' +
    'more each: nextpnr-ice40, nextpnr-ecp5; see docs/clock-model.md.';
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --family ecp5 --dry-run',
    '<%= config.bin %> <%= command.id %> --clock --family ice40',
  ];
  static override flags = {
    family: Flags.option({ options: FAMILIES, multiple: true, summary: 'Default: all but xilinx-7series.' })(),
    designs: Flags.integer({ helpValue: 'N', min: 1, default: GRID_DESIGNS, summary: 'The first N of the grid.' }),
    clock: Flags.boolean({ summary: 'Place and route; fit clocks instead of cells. Default: ice40 and ecp5.' }),
    folder: Flags.string({
      helpValue: 'DIR',
      summary: 'Where measurements and models are. Default: those of the package.',
    }),
    'dry-run': Flags.boolean({ summary: 'Keep measurements, but leave the model as it is.' }),
  };

  override async run(): Promise<{ readonly families: readonly (FamilyReport | ClockReport)[] }> {
    const { flags } = await this.parse(EstimateCalibrate);
    const { signal: stop, release } = watchStop(undefined, undefined);
    if (flags.clock) {
      const reports = await this.#fitClocks(flags, stop);
      release();
      return { families: reports };
    }
    const { folder = COST_FOLDER } = flags;
    const tool = await findTool('yosys', stop, 'system');
    const families: FamilyReport[] = [];
    for (const family of flags.family ?? DEFAULT_FAMILIES) {
      const progress = this.progress(`synthesizing for ${family}`, flags.designs);
      const calibrated = await calibrateFamily(family, {
        tool,
        stop,
        measuredPath: measuredPath(folder, family),
        designs: flags.designs,
        onDesign: (seed) => progress.update(seed - 1),
      });
      progress.end();
      if (!flags['dry-run']) {
        writeFileAtomic(`${folder}/${family}.json`, formatCostModel(calibrated.model));
      }
      families.push({ family, designs: calibrated.designs.length, error: calibrated.error });
      this.#print(family, calibrated);
    }
    release();
    return { families };
  }

  #fitClocks(
    flags: { family: DeviceFamily[] | undefined; designs: number; folder: string | undefined; 'dry-run': boolean },
    stop: AbortSignal,
  ): Promise<ClockReport[]> {
    const progress = new Map<string, Progress>();
    return runClockCalibration({
      families: CLOCK_FAMILIES.filter((family) => flags.family?.includes(family) ?? true),
      folder: flags.folder ?? CLOCK_FOLDER,
      designs: flags.designs,
      isDryRun: flags['dry-run'],
      stop,
      onDesign: (family, index) => {
        const count = Math.min(flags.designs, CLOCK_GRID[family].length);
        const bar = progress.get(family) ?? this.progress(`placing for ${family}`, count);
        progress.set(family, bar);
        bar.update(index);
      },
      print: (text) => this.log(text),
    });
  }

  #print(family: DeviceFamily, { model, designs, titles, error }: CalibratedFamily): void {
    const rows = designs.map((design, i) => [
      titles[i]!,
      ...RESOURCES.map((resource) => percent(totalDeviation(model, design, resource))),
    ]);
    const sums = (['median', 'worst'] as const).map((what) => [
      what,
      ...RESOURCES.map((resource) => `${error[resource][what].toFixed(1)} %`),
    ]);
    this.log(renderTable([family, 'LUT', 'FF', 'block RAM'], [...rows, ...sums]));
    this.log('');
  }
}
