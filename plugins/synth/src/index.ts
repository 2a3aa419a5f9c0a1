/** spikemill synth: cells, clock and bitstream of a build, with open tools. */

/** By command id; oclif.js hands them to oclif. */
export const COMMANDS = {};
