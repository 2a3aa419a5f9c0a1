/** spikemill board: designs for boards, and images through their serial line. */
import { BoardGenerate } from './commands/generate.js';
import { BoardList } from './commands/list.js';
import { BoardRun } from './commands/run.js';
import { BoardShow } from './commands/show.js';
import { BoardSimulate } from './commands/simulate.js';

/** By command id; oclif.js hands them to oclif. */
export const COMMANDS = {
  'board:generate': BoardGenerate,
  'board:list': BoardList,
  'board:run': BoardRun,
  'board:show': BoardShow,
  'board:simulate': BoardSimulate,
};
