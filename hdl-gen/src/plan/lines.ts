/** Lines of spikes, as the axial branches of several inputs keep them; see smx_line_buffer.v. */
import { unsignedBits } from '../bits.js';
import type { Grid } from './options.js';
import type { PassLoops } from './pass.js';

/** Places in the line buffer, in bits: the number of a bank, and {half, chunk} within a bank. */
export interface LineBits {
  readonly bank: number;
  readonly place: number;
}

/** @returns null: the axial branches use one input of a lane, and no buffer. */
export function lineBits(passes: readonly PassLoops[], { axialInputs }: Pick<Grid, 'axialInputs'>): LineBits | null {
  if (axialInputs === 1) return null;
  const chunks = passes.map(({ source, loops }) => (source === 'line-wise' ? loops.tapA : 1));
  return { bank: unsignedBits(axialInputs - 1), place: 1 + unsignedBits(Math.max(...chunks) - 1) };
}
