/** spikemill rtl: from a quantized model to Verilog. */
import { RtlGenerate } from './commands/generate.js';

/** By command id; oclif.js hands them to oclif. */
export const COMMANDS = { 'rtl:generate': RtlGenerate };
