/** spikemill verify: the Verilog does what the golden model does. */
import { VerifyLint } from './commands/lint.js';
import { VerifyRun } from './commands/run.js';

/** By command id; oclif.js hands them to oclif. */
export const COMMANDS = { 'verify:lint': VerifyLint, 'verify:run': VerifyRun };
