/** spikemill estimate: cycles, cells and speed of an accelerator, without building it. */
import { EstimateCalibrate } from './commands/calibrate.js';
import { Estimate } from './commands/estimate.js';

export { estimateReportSchema } from './generated/estimate-report.generated.js';

/** By command id; oclif.js hands them to oclif. */
export const COMMANDS = { estimate: Estimate, 'estimate:calibrate': EstimateCalibrate };
