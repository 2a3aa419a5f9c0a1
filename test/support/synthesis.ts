/** Cells that Yosys makes of a generated design, by instance of the top. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DeviceFamily } from '@spikemill/constraints';
import type { Resources } from '@spikemill/hdl-gen';
import type { DesignOnDisk } from './designs.js';
import { runProgram } from './programs.js';

/** What synthesis counts; loneFf is not among it. */
export type Cells = Omit<Resources, 'loneFf'>;

const NO_CELLS: Cells = { lut: 0, lutRam: 0, ff: 0, carry: 0, blockRam: 0 };

const XILINX = '-flatten -noiopad -noclkbuf';
const COMMANDS: Readonly<Record<DeviceFamily, string>> = {
  ice40: 'synth_ice40',
  ecp5: 'synth_ecp5',
  'xilinx-7series': `synth_xilinx -family xc7 ${XILINX}`,
  'xilinx-ultrascale-plus': `synth_xilinx -family xcup ${XILINX}`,
};

/** What one cell counts as, by the beginning of its type; the first that fits. Types that none fits count nothing. */
const CELLS: readonly (readonly [type: RegExp, cells: Partial<Cells>])[] = [
  [/^SB_LUT4$|^LUT\d$|^INV$/, { lut: 1 }],
  [/^SRL/, { lut: 1, lutRam: 1 }],
  [/^RAM(32M|64M)$/, { lut: 4, lutRam: 4 }],
  [/^RAM(32M16|64M8)$/, { lut: 8, lutRam: 8 }],
  [/^TRELLIS_DPR16X4$/, { lut: 6, lutRam: 6 }],
  [/^CCU2C$/, { lut: 2, carry: 1 }],
  [/^SB_CARRY$|^CARRY\d$/, { carry: 1 }],
  [/^SB_DFF|^FD[RSCP]E$|^TRELLIS_FF$/, { ff: 1 }],
  [/^SB_RAM40_4K$|^DP16KD$|^RAMB18E\d$/, { blockRam: 1 }],
  [/^RAMB36E\d$/, { blockRam: 2 }],
];

interface Statistics {
  readonly modules: Readonly<Record<string, { readonly num_cells_by_type: Readonly<Record<string, number>> }>>;
}

/** Cells of a module and everything inside it. */
function countCells({ modules }: Statistics, module: string): Cells {
  const sum: Record<keyof Cells, number> = { ...NO_CELLS };
  const add = (cells: Partial<Cells>, count: number): void => {
    for (const name of Object.keys(NO_CELLS) as (keyof Cells)[]) sum[name] += count * (cells[name] ?? 0);
  };
  for (const [type, count] of Object.entries(modules[module]!.num_cells_by_type)) {
    if (type in modules) add(countCells({ modules }, type), count);
    else add(CELLS.find(([pattern]) => pattern.test(type))?.[1] ?? {}, count);
  }
  return sum;
}

export interface Synthesis {
  /** By name of the instance in the top. */
  readonly instances: ReadonlyMap<string, Cells>;
  readonly total: Cells;
}

/**
 * Synthesizes a design. The instances of the top are kept apart, so that each can be counted; inside of each everything
 * is flat.
 */
export function synthesize({ folder, manifest }: DesignOnDisk, family: DeviceFamily): Synthesis {
  const { top, files } = manifest;
  const commands = [
    `read_verilog -defer -I. ${files.join(' ')}`,
    `hierarchy -check -top ${top}`,
    `setattr -set keep_hierarchy 1 ${top}/c:u_*`,
    // the names of the modules that the instances got
    `tee -q -o instances.txt dump ${top}/c:u_*`,
    `${COMMANDS[family]} -top ${top}`,
    'tee -q -o cells.json stat -json',
  ];
  runProgram('yosys', ['-q', '-p', commands.join('; ')], folder);
  const statistics: Statistics = JSON.parse(readFileSync(join(folder, 'cells.json'), 'utf8'));
  const names = readFileSync(join(folder, 'instances.txt'), 'utf8').matchAll(/^ *cell (\S+) \\(\S+)$/gm);
  const instances = [...names].map(([, module, name]) => [name!, countCells(statistics, module!)] as const);
  return { instances: new Map(instances), total: countCells(statistics, `\\${top}`) };
}
