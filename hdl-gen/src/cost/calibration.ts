/** How far the formulas of a device family are from synthesis, as its data file says. */
import type { CostModel } from './cost-model.js';

/** Deviations without their sign, in percent. */
export interface Deviation {
  readonly median: number;
  readonly worst: number;
}

/** Of the totals of whole accelerators. */
export interface CalibrationError {
  readonly lut: Deviation;
  readonly ff: Deviation;
  readonly blockRam: Deviation;
}

/** null: the family has not been calibrated. */
export function calibrationError(model: CostModel): CalibrationError | null {
  return model.error ?? null;
}
