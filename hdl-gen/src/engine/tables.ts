/** What lies between the addresses and the array where dense passes run on tables. */
import type { Connection, Wire } from '../verilog/structure.js';

/** Wires that lead the tables, by width; the ports at both ends have their names. */
const LEADS: Readonly<Record<string, readonly string[]>> = {
  '1': [...['fill', 'fill_bank', 'fill_valid', 'fill_remove'], ...['work', 'bank', 'first', 'last', 'drain']],
  '2': ['fill_flip'],
  '4': ['fill_subset'],
  PlaceBits: ['token', 'drain_token'],
};

/** @param end o: the gather. i: the array. */
export function tablePorts(end: 'i' | 'o'): Record<string, Connection> {
  const names = Object.values(LEADS).flat();
  return Object.fromEntries(names.map((name) => [`${name}_${end}`, `table_${name}`]));
}

export function tableWires(): Wire[] {
  return Object.entries(LEADS).flatMap(([width, names]) => names.map((name) => ({ name: `table_${name}`, width })));
}
