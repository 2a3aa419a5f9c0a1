/** By command id; oclif.js hands them to oclif. */
export const COMMANDS = {};
