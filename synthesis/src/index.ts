/** Synthesis, place and route, bitstreams and gate-level simulation. */
export {
  type CalibratedFamily,
  type CalibrateOptions,
  calibrateFamily,
  GRID_DESIGNS,
  holdOut,
  measuredGrid,
} from './calibrate/calibrate.js';
export {
  type CalibratedClock,
  CLOCK_GRID,
  type ClockFamily,
  calibrateClock,
  placedGrid,
} from './calibrate/clock.js';
export { type DrawnDesign, drawDesign } from './calibrate/draw-design.js';

export { type CellsByInstance, type Measurement, measureDesign } from './calibrate/measure-design.js';
export { measuredPath } from './calibrate/measured-file.js';
export * from './counts.js';
export { FAMILIES, type Family } from './families.js';
export type { ResourceShare } from './fit.js';
export { GATE_DEVICE, type GateOptions, gateLevelBuild } from './gate-level.js';
export { isLikelyToFit, type MemoryPlan, type PlannedMemory, planMemories } from './memory-plan.js';
export { type NearestPlan, nearestPlan, planFlags } from './nearest-plan.js';
export type { Overflow } from './place.js';
export type { PathHop } from './placer-report.js';
export * from './report.js';
export { type SynthesizeOptions, type SynthesizeResult, synthesize } from './synthesize.js';
export { findTool, type Tool, type ToolChoice, type ToolName } from './tools.js';
export { findNode, type ModuleNode, perInstance } from './tree.js';
