/** The memories that are written while the design runs; those with an image are in the manifest. */
import type { DesignPlan } from '../design.js';
import { lineBits } from './lines.js';
import type { EnginePlan, SegmentPlan } from './plan.js';

export interface WorkingMemory {
  /** Name of its instance in the top, without `u_`. */
  readonly name: string;
  /** Bits of a word. */
  readonly width: number;
  readonly depth: number;
}

function engineMemories(plan: EnginePlan, prefix: string): WorkingMemory[] {
  const { grid, formats, buffers, external, passes } = plan;
  const { lanes, neurons, rowSlots, timesteps, axialInputs } = grid;
  const bits = lineBits(passes, grid);
  const line = { name: 'line-buffer', width: axialInputs * lanes * timesteps, depth: 2 ** (bits?.place ?? 0) };
  const ring = external === null ? [] : [{ name: 'weight-ring', width: external.wordBits, depth: external.ringWords }];
  return [
    ...ring,
    ...(bits === null ? [] : [line]),
    { name: `${prefix}spikes`, width: rowSlots * timesteps, depth: buffers.spikeRows },
    { name: `${prefix}currents`, width: neurons * formats.storeBits, depth: buffers.currentWords },
  ];
}

/** Both banks of what lies behind a segment. */
function bufferMemories({ grid, formats, buffers: { behind } }: SegmentPlan, segment: number): WorkingMemory[] {
  if (behind === null) return [];
  const spikes = { name: `maps-${segment}`, width: grid.rowSlots * grid.timesteps, depth: 2 * behind.rows };
  const width = grid.neurons * formats.storeBits;
  const currents = { name: `currents-${segment}`, width, depth: 2 * behind.currentWords };
  return behind.currentWords === 0 ? [spikes] : [spikes, currents];
}

export function workingMemories(plan: DesignPlan): WorkingMemory[] {
  const { formats, buffers, pixelRows } = plan;
  if (plan.style === 'event') {
    return [
      { name: 'pixels', width: 8 * plan.pixelInputs, depth: pixelRows },
      { name: 'spikes', width: plan.grid.lanes, depth: buffers.spikeRows },
      { name: 'currents', width: plan.grid.neurons * formats.storeBits, depth: buffers.currentWords },
    ];
  }
  const pixels = { name: 'pixels', width: 8 * plan.grid.inputs, depth: pixelRows };
  if (plan.segments.length === 0) return [pixels, ...engineMemories(plan, '')];
  const own = plan.segments.flatMap((segment, i) => [
    ...engineMemories(segment, `segment-${i}-`),
    ...bufferMemories(segment, i),
  ]);
  return [pixels, ...own];
}
