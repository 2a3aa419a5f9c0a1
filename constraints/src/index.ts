/** Devices as data. */
export * from './devices.js';
