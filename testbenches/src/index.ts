/** Harnesses, vectors and lockstep comparison of generated Verilog with the golden model. */
export { type Build, openBuild } from './build.js';
export { cached, cacheFolder, cacheKey } from './cache.js';
export type { MemorySettings, PassUse, RunSettings, Toggles } from './engine.js';
export { type LintOptions, type LintResult, lintBuild } from './lint.js';
export { MISMATCH_KINDS, type Mismatch, type MismatchKind } from './mismatch.js';
export {
  findProgram,
  type RunningProgram,
  runProgram,
  type Stop,
  startProgram,
  throwIfStopped,
  watchStop,
  withCleanup,
} from './processes.js';
export * from './schedule.js';
export { isAtLeast, type Simulator } from './tool.js';
export { openTraceSource, type TracedImage, type TraceSource } from './trace-source.js';
export type { CycleUse, LayerCycleUse, MeasuredUtilisation } from './utilisation.js';
export * from './vector-file.js';
export * from './vectors.js';
export { MAX_PERCENT, MAX_SEED, type VerifyOptions, type VerifyResult, verify } from './verify.js';
export { startVirtualBoard, type VirtualBoard, type VirtualBoardOptions } from './virtual-board.js';
