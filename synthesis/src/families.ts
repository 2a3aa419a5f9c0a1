/** What Yosys and place and route call things on each device family. */
import type { DeviceFamily } from '@spikemill/constraints';
import { type CellCounts, NO_CELLS } from './counts.js';

/** What one primitive counts as. */
type Weight = Partial<CellCounts>;

export interface Family {
  /** Synthesis command with the options that the family needs; DSP blocks are allowed, so that a multiplier would show. */
  readonly synthesize: string;
  /** Step of `synthesize` that maps memories to cells. */
  readonly memoryStep: string;
  /** Option of `synthesize` against tables that are made of several LUT. */
  readonly narrowOption?: string;
  /** Option that lets memories without contents become large single-port ones; null: the family has none. */
  readonly largeRamOption: string | null;
  /** Modules of the library that are exchanged for ones of the family's cells: files in the folder of harnesses. */
  readonly exchanged: Readonly<Record<string, string>>;
  /** Primitives by name; the first pattern that matches counts. */
  readonly cells: readonly (readonly [RegExp, Weight])[];
  readonly placer: 'nextpnr-ice40' | 'nextpnr-ecp5' | null;
  /** Cell of the placed netlist that is counted as one logic cell, and its name in the placer's report. */
  readonly placedCell: string | null;
}

const LUT: Weight = { lut: 1 };
const FF: Weight = { ff: 1 };
const MEMORY_LUT: Weight = { lut: 1, lutRam: 1 };

/** Buffers, constants, multiplexers inside a slice: not counted. */
const FREE: Weight = {};

const XILINX_CELLS: Family['cells'] = [
  [/^(LUT[1-6](_2)?|INV)$/, LUT],
  [/^(FD[RSCP]E(_1)?|LD[CP]E)$/, FF],
  [/^CARRY[48]$/, { carry: 1 }],
  [/^SRL(16E|C32E)$/, MEMORY_LUT],
  [/^RAM(32|64)X1D(_1)?$/, { lut: 2, lutRam: 2 }],
  [/^RAM(32|64)X1S(_1)?$/, MEMORY_LUT],
  [/^(RAM(32|64)M|RAM128X1D|RAM256X1S)$/, { lut: 4, lutRam: 4 }],
  [/^(RAM32M16|RAM64M8|RAM512X1S|RAM256X1D)$/, { lut: 8, lutRam: 8 }],
  [/^RAMB18E[12]$/, { blockRam: 1 }],
  [/^RAMB36E[12]$/, { blockRam: 2 }],
  [/^URAM288/, { largeRam: 1 }],
  [/^DSP48E[12]$/, { dsp: 1 }],
  [/^(MUXF[789]|IBUF\w*|OBUF\w*|BUFG\w*|VCC|GND)$/, FREE],
];

/** What Yosys does not find in the Verilog of the library. */
const XILINX_MODULES: Family['exchanged'] = { 'smx_add3.v': 'smx_add3_xilinx.v' };

export const FAMILIES: Readonly<Record<DeviceFamily, Family>> = {
  ice40: {
    synthesize: 'synth_ice40 -dsp',
    memoryStep: 'map_ram',
    largeRamOption: '-spram',
    exchanged: {},
    cells: [
      [/^SB_LUT4$/, LUT],
      [/^SB_DFF/, FF],
      [/^SB_CARRY$/, { carry: 1 }],
      [/^SB_RAM40_4K/, { blockRam: 1 }],
      [/^SB_SPRAM256KA$/, { largeRam: 1 }],
      [/^SB_MAC16$/, { dsp: 1 }],
      [/^SB_(IO|GB|GB_IO)$/, FREE],
    ],
    placer: 'nextpnr-ice40',
    placedCell: 'ICESTORM_LC',
  },
  ecp5: {
    synthesize: 'synth_ecp5',
    memoryStep: 'map_ram',
    narrowOption: ' -nowidelut',
    largeRamOption: null,
    exchanged: {},
    cells: [
      [/^LUT4$/, LUT],
      // two adder bits, each in the LUT of its half
      [/^CCU2C$/, { lut: 2, carry: 1 }],
      [/^TRELLIS_FF$/, FF],
      // four that store, two that its write port takes away
      [/^TRELLIS_DPR16X4$/, { lut: 6, lutRam: 6 }],
      [/^(DP16KD|PDPW16KD)$/, { blockRam: 1 }],
      [/^(MULT(9X9|18X18)[CD]|ALU(24|54)[AB])$/, { dsp: 1 }],
      [/^(PFUMX|L6MUX21|TRELLIS_IO|VLO|VHI|BB)$/, FREE],
    ],
    placer: 'nextpnr-ecp5',
    placedCell: 'TRELLIS_COMB',
  },
  'xilinx-7series': {
    synthesize: 'synth_xilinx -family xc7 -flatten',
    memoryStep: 'map_memory',
    largeRamOption: null,
    exchanged: XILINX_MODULES,
    cells: XILINX_CELLS,
    placer: null,
    placedCell: null,
  },
  'xilinx-ultrascale-plus': {
    synthesize: 'synth_xilinx -family xcup -flatten',
    memoryStep: 'map_memory',
    largeRamOption: '-uram',
    exchanged: XILINX_MODULES,
    cells: XILINX_CELLS,
    placer: null,
    placedCell: null,
  },
};

/** Counts of one primitive; null for a name that the table does not know. */
export function cellCounts({ cells }: Family, type: string): CellCounts | null {
  const found = cells.find(([pattern]) => pattern.test(type));
  return found === undefined ? null : { ...NO_CELLS, ...found[1] };
}
