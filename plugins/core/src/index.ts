/** What the plugins of the command line share, and the commands of the plugin itself. */
import { Demo } from './commands/demo.js';
import { Doctor } from './commands/doctor.js';

export { BaseCommand } from './base-command.js';
export { describeError, type ErrorReport, reportError } from './errors.js';
export { SpikemillHelp } from './help.js';
export { commandNotFound } from './hooks/command-not-found.js';
export { formatJson } from './json.js';
export { main } from './main.js';
export { parseNumber } from './numbers.js';
export { choosePlan, type ParsedFlags, typedFlags } from './plan-choice.js';
export { PLAN_FLAGS, type PlanFlagValues, readPlanFlags } from './plan-flags.js';
export { nameSources, type PlanSources, sourceOf } from './plan-sources.js';
export { describePlan } from './plan-text.js';
export { Progress, type ProgressStream } from './progress.js';
export { type Cell, formatCount, formatCounted, formatPercent, renderTable } from './table.js';

/** By command id; oclif.js hands them to oclif. */
export const COMMANDS = { demo: Demo, doctor: Doctor };
