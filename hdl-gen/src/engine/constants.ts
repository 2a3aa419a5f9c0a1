/** The constants of a generated engine, by the names that they have in its header file. */
import type { QuantizedNetwork } from '@spikemill/golden-model';
import { unsignedBits } from '../bits.js';
import { clog2 } from '../expression.js';
import { hasGroupOrder } from '../plan/options.js';
import { arrayLatency } from '../plan/pass.js';
import type { EnginePlan } from '../plan/plan.js';
import { planeLanes } from '../plan/plane-digits.js';
import type { Program, ProgramOptions } from '../program.js';

/** What the constants are made of; a search has bounds of these before it has a plan. */
export interface EngineSizes extends Pick<EnginePlan, 'grid' | 'formats' | 'depths' | 'patchRows' | 'pixelRows'> {
  readonly options: ProgramOptions;
  readonly buffers: Pick<EnginePlan['buffers'], 'spikeRows' | 'currentWords'>;
  readonly program: Pick<Program, 'widths' | 'wordBits'> & { readonly passes: number };
}

import { fieldLsb } from './names.js';

/** Constants of the engine: dimensions of the grid, widths, depths, and the fields of a program word. */
export function engineConstants(network: QuantizedNetwork, plan: EnginePlan, program: Program): Record<string, number> {
  const fields = program.fields.map(({ name, lsb }) => [fieldLsb(name), lsb]);
  const sizes = { ...plan, program: { ...program, passes: program.words.length } };
  return { ...sizeConstants(network, sizes), ...Object.fromEntries(fields) };
}

/** Address widths of the weight memories, which share one wire. */
export function weightAddressConstants(depths: EnginePlan['depths']): Record<string, number> {
  return {
    SpikeWeightAddrBits: unsignedBits(depths['spike-weights'] - 1),
    PlaneWeightAddrBits: unsignedBits(depths['plane-weights'] - 1),
    AxialWeightAddrBits: unsignedBits(depths['axial-weights'] - 1),
  };
}

/** The constants that parameters of instances depend on. */
export function sizeConstants({ config }: QuantizedNetwork, sizes: EngineSizes): Record<string, number> {
  const { grid, formats, depths, buffers, program, options } = sizes;
  return {
    Lanes: grid.lanes,
    Inputs: grid.inputs,
    Neurons: grid.neurons,
    Timesteps: grid.timesteps,
    RowSlots: grid.rowSlots,
    RowWords: grid.rowWords,
    RowSlices: grid.rowSlices,
    ...Object.fromEntries(
      Object.entries(formats).map(([name, bits]) => [name[0]!.toUpperCase() + name.slice(1), bits]),
    ),
    Identity: config.spe ? 0 : 1,
    Channels: config.inChannels,
    ImageHeight: config.imageHeight,
    ImageWidth: config.imageWidth,
    Patch: config.patchSize,
    PatchRows: sizes.patchRows,
    PixelRows: sizes.pixelRows,
    PixelRowBits: unsignedBits(sizes.pixelRows - 1),
    PixelBankBits: Math.max(1, clog2(grid.inputs)),
    Classes: config.numClasses,
    ClassBits: unsignedBits(config.numClasses - 1),
    SpikeRows: buffers.spikeRows,
    SpikeRowBits: unsignedBits(buffers.spikeRows - 1),
    CurrentWords: buffers.currentWords,
    SpikeWeightWords: depths['spike-weights'],
    PlaneWeightWords: depths['plane-weights'],
    AxialWeightWords: depths['axial-weights'],
    ParamWords: depths.params,
    TokenWords: depths.tokens,
    Passes: program.passes,
    PassBits: unsignedBits(program.passes - 1),
    ProgramBits: program.wordBits,
    ...program.widths,
    ...(hasGroupOrder(options) ? { GroupOrder: 1 } : {}),
    ...(grid.axialInputs > 1 ? { AxialInputs: grid.axialInputs, LineOrder: 1 } : {}),
    ...(grid.planes === 'shared' ? { PlaneLanes: planeLanes(formats.weightBits) } : {}),
    ...(grid.adders === 'ternary' ? { Ternary: 1 } : {}),
    ...(grid.lane === 'table' ? { Steps: grid.steps } : {}),
    PlaneBits: Math.max(3, clog2(grid.timesteps)),
    TileLatency: arrayLatency(grid),
    ParamBits: formats.biasBits + formats.shiftBits + (config.spe ? 0 : 8),
    TokenBits: formats.digits * (formats.exponentBits + 2) + formats.tokenBiasBits + formats.thetaBits,
  };
}
