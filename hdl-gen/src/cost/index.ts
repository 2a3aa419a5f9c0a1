/** Estimates: cells, cycles, memories, and what devices they fit. */
export * from './accelerator-cost.js';
export * from './calibrate.js';
export * from './calibration.js';
export { contentsReader } from './contents.js';
export * from './cost-model.js';
export * from './estimate.js';
export * from './event-utilisation.js';
export * from './fit.js';
export * from './memories.js';
export * from './memory-mapping.js';
export { moduleCost } from './module-cost.js';
export * from './resource-tree.js';
export * from './resources.js';
export * from './roofline.js';
export * from './timing.js';
export * from './utilisation.js';
export * from './weight-timing.js';
