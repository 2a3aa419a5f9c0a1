/** The memories that are written while the design runs; those with an image are in the manifest. */
import type { DesignPlan } from '../design.js';

export interface WorkingMemory {
  /** Name of its instance in the top, without `u_`. */
  readonly name: string;
  /** Bits of a word. */
  readonly width: number;
  readonly depth: number;
}

export function workingMemories(plan: DesignPlan): WorkingMemory[] {
  const { grid, formats, buffers, pixelRows } = plan;
  const { neurons } = grid;
  const pixels = plan.style === 'event' ? plan.pixelInputs : plan.grid.inputs;
  const spikes = plan.style === 'event' ? plan.grid.lanes : plan.grid.rowSlots * grid.timesteps;
  return [
    { name: 'pixels', width: 8 * pixels, depth: pixelRows },
    { name: 'spikes', width: spikes, depth: buffers.spikeRows },
    { name: 'currents', width: neurons * formats.storeBits, depth: buffers.currentWords },
  ];
}
