/** The commands that Yosys runs. */
import type { Device } from '@spikemill/constraints';
import { FAMILIES, type Family } from './families.js';
import type { SourceSet } from './sources.js';

/** Where synthesis has to put a memory of the accelerator. */
export interface MemoryPlacement {
  /** Instance in the accelerator's top. */
  readonly instance: string;
  readonly style: 'block' | 'logic';
}

export interface SynthesisOptions {
  /** Dissolve all modules: fewer cells, several times the time and memory. */
  readonly flatten: boolean;
  /** No tables wider than a LUT4 where the family has only those: fewer cells, a little slower. */
  readonly narrow?: boolean;
  /** Memories that synthesis must not place as it likes. */
  readonly placements: readonly MemoryPlacement[];
  /**
   * Clear the contents of memories that are placed in block RAM, just before they become cells: the counts stay the same,
   * and the netlist computes nothing. For each block with contents of its own, Yosys derives a module of its own: a second
   * and more each, of which large networks have hundreds.
   */
  readonly countsOnly?: boolean;
  /** Also write the netlist as Verilog, its top under another name. */
  readonly gateLevel?: boolean;
}

export const GATE_TOP = 'smx_gate_netlist';
export const GATE_NETLIST = 'netlist.v';

// Modules with parameters have names such as `$paramod$1e1f...\\smx_rom`: patterns find them.

/**
 * Modules whose boundary stays: the accelerator, what its top consists of, and what stands there many times. Smaller
 * ones dissolve into these: constant shifts, unused bits and rounding cost up to a third more if they are kept.
 */
function keepBoundaries({ accelerator, top }: SourceSet): string[] {
  const repeated = ['*_lane', '*_lane?*', '*_neuron', '*_neuron?*'];
  return [
    `select -set parts *${accelerator}*/t:* %M ${repeated.map((name) => `${name} %u`).join(' ')}`,
    'setattr -mod -set keep_hierarchy 1 @parts',
    ...(top === accelerator ? [] : [`setattr -mod -set keep_hierarchy 1 *${accelerator}*`]),
  ];
}

function placeMemories({ accelerator }: SourceSet, placements: readonly MemoryPlacement[]): string[] {
  return placements.flatMap(({ instance, style }) => [
    `select -set memory *${accelerator}*/${instance} %M`,
    `setattr -set ram_style "${style}" @memory`,
  ]);
}

/**
 * The synthesis command; for counts in two runs, with memories emptied in between. One word stays: without any, a memory
 * could become a kind that has no contents. Constant columns were dropped before.
 */
function synthesis(command: string, { memoryStep }: Family, countsOnly: boolean): string[] {
  if (!countsOnly) return [command];
  return [
    `${command} -run begin:${memoryStep}`,
    "setparam -set INIT 1'1 t:$mem_v2 a:ram_style=block %i",
    `${command} -run ${memoryStep}:`,
  ];
}

/** Script that leaves the netlist in `netlist`. One command a line. */
export function synthesisScript(
  sources: SourceSet,
  device: Device,
  { flatten, placements, gateLevel = false, narrow = false, countsOnly = false }: SynthesisOptions,
  netlist: string,
): string {
  const family = FAMILIES[device.family];
  const largeRam = device.largeRam === null || family.largeRamOption === null ? '' : ` ${family.largeRamOption}`;
  const command = `${family.synthesize}${narrow ? (family.narrowOption ?? '') : ''}${largeRam} -top ${sources.top}`;
  const defines = Object.entries(sources.defines).map(([name, value]) => `-D${name}=${value} `);
  return [
    `read_verilog -I. ${defines.join('')}${sources.verilog.join(' ')}`,
    // cells of a family are known, and everything is checked, from the synthesis command on
    `hierarchy${Object.keys(family.exchanged).length === 0 ? ' -check' : ''} -top ${sources.top}`,
    ...placeMemories(sources, placements),
    ...(flatten ? [] : keepBoundaries(sources)),
    ...synthesis(command, family, countsOnly),
    // where dissolved modules were: newer versions note it in cells that older placers do not know
    'delete */t:$scopeinfo',
    `write_json ${netlist}`,
    ...(gateLevel ? [`rename ${sources.top} ${GATE_TOP}`, `write_verilog -noattr ${GATE_NETLIST}`] : []),
    '',
  ].join('\n');
}
