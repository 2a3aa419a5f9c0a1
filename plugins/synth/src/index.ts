/** spikemill synth: cells, clock and bitstream of a build, with open tools. */
import { SynthRun } from './commands/run.js';

/** By command id; oclif.js hands them to oclif. */
export const COMMANDS = { 'synth:run': SynthRun };
