/** Bit planes of pixels and timesteps of the head: on an array of their own, or digit by digit on the spike array. */
import type { Connection, Instance, Wire } from '../verilog/structure.js';
import { clocked } from './connect.js';

/** Whether the constants of an engine are those of one whose spike array adds planes. */
export function hasSharedPlanes(constants: Readonly<Record<string, number>>): boolean {
  return 'PlaneLanes' in constants;
}

/** Where the digit that a plane is worked on with goes from the gather to the operands. */
export function digitPorts(constants: Readonly<Record<string, number>>): Record<string, Connection> {
  const isShared = hasSharedPlanes(constants);
  return {
    ...(isShared ? {} : { digit_last_i: { constant: 0 } }),
    digit_o: isShared ? 'operand_digit' : 'unused_digit',
    weights_last_o: isShared && 'WeightRingWords' in constants ? 'weights_last' : 'unused_weights_last',
  };
}

/** Ports of the spike array for planes. */
export function planePorts(constants: Readonly<Record<string, number>>): Record<string, Connection> {
  const isShared = hasSharedPlanes(constants);
  return {
    double_i: isShared ? 'operand_double' : { constant: 0 },
    plane_results_o: isShared ? 'plane_results' : 'unused_plane_sums',
  };
}

/** Wires of an engine with a plane array that no engine without one has, and those in their place. */
export const OWN_PLANE_WIRES: ReadonlySet<string> = new Set(['plane_weights', 'plane_silent']);

export function planeWires(isShared: boolean, isExternal: boolean): Wire[] {
  if (!isShared) {
    const digits = ['unused_digit', 'unused_weights_last'].map((name) => ({ name, width: '1' }));
    return [...digits, { name: 'unused_plane_sums', width: 'Lanes' }];
  }
  return [
    { name: 'operand_digit', width: 'DigitBits' },
    { name: isExternal ? 'weights_last' : 'unused_weights_last', width: '1' },
    { name: 'unused_plane_silent', width: 'Inputs' },
  ];
}

export function planeArray(constants: Record<string, number>): Instance {
  return {
    module: 'smx_plane_array',
    name: 'u_plane_array',
    comment: 'bit planes of pixels, timesteps of the head: Lanes x Inputs additions a cycle',
    parameters: {
      ...{ Lanes: 'Lanes', Inputs: 'Inputs', WeightBits: 'PlaneWeightBits', AccBits: 'PlaneAccBits' },
      ...('Ternary' in constants ? { Ternary: 'Ternary' } : {}),
    },
    ports: {
      ...clocked,
      silent_i: 'plane_silent',
      weights_i: 'plane_weights',
      double_i: 'operand_double',
      last_i: 'operand_last',
      results_o: 'plane_results',
    },
  };
}
