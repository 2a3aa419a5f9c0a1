/** Clocks: what a plan may be expected to reach where placed designs say so. */
export * from './clock-model.js';
export * from './fit-clock.js';
