/** The memories that are written while the design runs; those with an image are in the manifest. */
import type { Plan } from './plan.js';

export interface WorkingMemory {
  /** Name of its instance in the top, without `u_`. */
  readonly name: string;
  /** Bits of a word. */
  readonly width: number;
  readonly depth: number;
}

export function workingMemories({ grid, formats, buffers, pixelRows }: Plan): WorkingMemory[] {
  const { inputs, neurons, rowSlots, timesteps } = grid;
  return [
    { name: 'pixels', width: 8 * inputs, depth: pixelRows },
    { name: 'spikes', width: rowSlots * timesteps, depth: buffers.spikeRows },
    { name: 'currents', width: neurons * formats.storeBits, depth: buffers.currentWords },
  ];
}
