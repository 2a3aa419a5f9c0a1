/** `estimate calibrate --clock`: places a grid, fits the clock models, says how far off they are. */
import { writeFileAtomic } from '@spikemill/golden-model';
import { type ClockModel, clockDeviation, formatClockModel, slowestPath } from '@spikemill/hdl-gen';
import { renderTable } from '@spikemill/plugin-core';
import { type CalibratedClock, type ClockFamily, calibrateClock } from '@spikemill/synthesis';

export interface ClockReport {
  readonly family: ClockFamily;
  readonly designs: number;
  /** Percent, of the clock. */
  readonly error: NonNullable<ClockModel['error']>;
}

export interface ClockSettings {
  readonly families: readonly ClockFamily[];
  readonly folder: string;
  /** The first N of each grid. */
  readonly designs: number;
  readonly isDryRun: boolean;
  readonly stop: AbortSignal;
  /** A design begins. */
  readonly onDesign: (family: ClockFamily, index: number) => void;
  readonly print: (text: string) => void;
}

function clockTable(family: ClockFamily, { model, designs, titles }: CalibratedClock): string {
  const rows = designs.map((design, i) => {
    const { name, nanoseconds } = slowestPath(model, design.quantities);
    const share = 100 * clockDeviation(model, design);
    const [placed, expected] = [design.megahertz, 1000 / nanoseconds].map((value) => value.toFixed(1));
    return [titles[i]!, placed!, expected!, `${share > 0 ? '+' : ''}${share.toFixed(1)} %`, name];
  });
  const { median, worst } = model.error!;
  const sums = [
    ['median', '', '', `${median.toFixed(1)} %`, ''],
    ['worst', '', '', `${worst.toFixed(1)} %`, ''],
  ];
  return renderTable(
    [family, 'placed, MHz', 'model, MHz', 'deviation', 'slowest path of the model'],
    [...rows, ...sums],
  );
}

/** @throws SpikemillError as calibrateClock */
export async function runClockCalibration(settings: ClockSettings): Promise<ClockReport[]> {
  const { families, folder, designs, isDryRun, stop, onDesign, print } = settings;
  const reports: ClockReport[] = [];
  for (const family of families) {
    const onOne = (index: number): void => onDesign(family, index);
    const calibrated = await calibrateClock(family, { stop, folder, designs, onDesign: onOne });
    if (!isDryRun) writeFileAtomic(`${folder}/${family}.json`, formatClockModel(calibrated.model));
    reports.push({ family, designs: calibrated.designs.length, error: calibrated.model.error! });
    print(`${clockTable(family, calibrated)}\n`);
  }
  return reports;
}
