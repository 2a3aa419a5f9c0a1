/** Planning, cost formulas and Verilog generation. Imports the golden model, and nothing that judges it. */
export * from './board/board-design.js';
export * from './board/board-folder.js';
export { clocksPerBit } from './board/line-rate.js';
export * from './cost/index.js';
export * from './energy/index.js';
export { engineConstants, fileParameter } from './engine.js';
export * from './generate.js';
export { planSwap, weightFrame } from './images/weight-frame.js';
export * from './manifest.js';
export * from './plan/memories.js';
export * from './plan/options.js';
export * from './plan/pass.js';
export * from './plan/plan.js';
export * from './plan/plan-file.js';
export { commonWidths } from './plan/stream-formats.js';
export * from './planner/index.js';
export { makeProgram, type Program } from './program.js';
