/** Models of energy. */
export * from './event-traffic.js';
export * from './hardware-energy.js';
export * from './memory-traffic.js';
export * from './technology.js';
