/** spikemill synth: cells, clock and bitstream of a build, with open tools. */
import { SynthGate } from './commands/gate.js';
import { SynthRun } from './commands/run.js';

/** By command id; oclif.js hands them to oclif. */
export const COMMANDS = { 'synth:gate': SynthGate, 'synth:run': SynthRun };
