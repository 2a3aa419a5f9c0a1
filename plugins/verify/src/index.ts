/** spikemill verify: the Verilog does what the golden model does. */
import { VerifyRun } from './commands/run.js';

/** By command id; oclif.js hands them to oclif. */
export const COMMANDS = { 'verify:run': VerifyRun };
