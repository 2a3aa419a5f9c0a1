/** Harnesses, vectors and lockstep comparison of generated Verilog with the golden model. */
export * from './schedule.js';
export * from './vector-file.js';
