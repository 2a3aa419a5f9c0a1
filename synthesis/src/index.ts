/** Synthesis, place and route, bitstreams and gate-level simulation. */
export {};
