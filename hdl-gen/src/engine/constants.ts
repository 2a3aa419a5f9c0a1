/** The constants of a generated engine, by the names that they have in its header file. */
import type { QuantizedNetwork } from '@spikemill/golden-model';
import { unsignedBits } from '../bits.js';
import { clog2 } from '../expression.js';
import { arrayLatency } from '../plan/pass.js';
import type { Plan } from '../plan/plan.js';
import type { Program } from '../program.js';
import { fieldLsb } from './names.js';

/** Constants of the engine: dimensions of the grid, widths, depths, and the fields of a program word. */
export function engineConstants(network: QuantizedNetwork, plan: Plan, program: Program): Record<string, number> {
  const { grid, formats, depths, buffers } = plan;
  const { config } = network;
  const fields = program.fields.map(({ name, lsb }) => [fieldLsb(name), lsb]);
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
    PatchRows: plan.patchRows,
    PixelRows: plan.pixelRows,
    PixelRowBits: unsignedBits(plan.pixelRows - 1),
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
    Passes: program.words.length,
    PassBits: unsignedBits(program.words.length - 1),
    ProgramBits: program.wordBits,
    ...program.widths,
    PlaneBits: Math.max(3, clog2(grid.timesteps)),
    TileLatency: arrayLatency(grid),
    ParamBits: formats.biasBits + formats.shiftBits + (config.spe ? 0 : 8),
    TokenBits: formats.digits * (formats.exponentBits + 2) + formats.tokenBiasBits + formats.thetaBits,
    ...Object.fromEntries(fields),
  };
}
