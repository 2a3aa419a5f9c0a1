/** What lies between the spike memory and the array where axial branches work on lines. */
import type { Connection, Instance, Wire } from '../verilog/structure.js';
import { clocked, sameParameters } from './connect.js';

/** Wires from the walk to the buffer, by width; the ports at both ends have their names. */
const LEADS: Readonly<Record<string, readonly string[]>> = {
  '1': ['load', 'read'],
  LineBankBits: ['load_bank'],
  LinePlaceBits: ['load_place', 'read_place'],
};

/** Whether the constants of an engine are those of one whose axial branches work on lines. */
export function hasLines(constants: Readonly<Record<string, number>>): boolean {
  return 'AxialInputs' in constants;
}

/** @param end o: the gather. i: the buffer. */
export function linePorts(end: 'i' | 'o'): Record<string, Connection> {
  const names = Object.values(LEADS).flat();
  return Object.fromEntries(names.map((name) => [`${name}_${end}`, `line_${name}`]));
}

/** Beside those of LEADS: a word for each lane, and what the lanes take. */
export function lineWires(): Wire[] {
  const leads = Object.entries(LEADS).flatMap(([width, names]) =>
    names.map((name) => ({ name: `line_${name}`, width })),
  );
  return [
    ...leads,
    { name: 'unused_lane_wise', width: '1' },
    { name: 'lane_word', width: 'Lanes*Timesteps' },
    { name: 'lane_spikes', width: 'Lanes*AxialInputs*Timesteps' },
    { name: 'axial_weight', width: 'AxialInputs*WeightBits' },
  ];
}

/** Wires of an engine of one axial input that lineWires() has in other widths. */
export const WIDER_WIRES: ReadonlySet<string> = new Set(['lane_spikes', 'axial_weight']);

export function lineBuffer(constants: Readonly<Record<string, number>>): Instance {
  return {
    module: 'smx_line_buffer',
    name: 'u_line_buffer',
    comment: 'two lines of the axial branches, AxialInputs positions a cycle',
    parameters: sameParameters('smx_line_buffer', constants),
    ports: {
      ...clocked,
      lane_wise_i: 'pass_lane_wise',
      line_i: 'pass_line',
      ...linePorts('i'),
      valid_i: 'operand_valid',
      word_i: 'lane_word',
      lane_wise_o: 'lane_wise_operands',
      lane_spikes_o: 'lane_spikes',
    },
  };
}
