/** The arithmetic contract: configuration, import, folding, quantizer, golden model. Imports no other package of ours. */
export * from './checkpoint.js';
export * from './derive.js';
export * from './errors.js';
export * from './layer-list.js';
export * from './network.js';
export * from './quantized-network.js';
