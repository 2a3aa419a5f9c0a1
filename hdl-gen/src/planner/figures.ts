/** What plans are compared by. */
import type { Resources } from '../cost/resources.js';

/** Figures of one plan, or bounds that no plan of a set goes below. */
export interface Figures {
  /** With those that it waits for weights of external memory, images back to back. */
  readonly cyclesPerImage: number;
  /** From an image to the next, images back to back. */
  readonly intervalCycles: number;
  /** The same in microseconds, by the clock of the plan. */
  readonly imageMicroseconds: number;
  readonly intervalMicroseconds: number;
  /** Bits that memories read and write for an image: what energy a plan decides before it is simulated. */
  readonly trafficBits: number;
  readonly resources: Resources;
}

export type CycleFigures = Pick<Figures, 'cyclesPerImage' | 'intervalCycles'>;
