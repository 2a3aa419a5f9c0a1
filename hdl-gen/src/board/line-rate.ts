/** Bit times of a serial line in clocks of the design. */
import { SpikemillError } from '@spikemill/golden-model';

/** The receiver samples in the middle of a bit: with fewer clocks there is no middle. */
export const MIN_CLOCKS_PER_BIT = 4;
/** The ten bits of a byte may drift by half a bit in all; both ends may be off. */
export const MAX_RATE_ERROR = 0.02;

/**
 * Clocks per bit, rounded to the nearest whole number.
 *
 * @param clockKHz clock of the design.
 * @param baud bits per second.
 * @throws SpikemillError USAGE if the clock cannot make that rate.
 */
export function clocksPerBit(clockKHz: number, baud: number): number {
  const clocks = Math.round((1000 * clockKHz) / baud);
  const actual = (1000 * clockKHz) / Math.max(clocks, MIN_CLOCKS_PER_BIT);
  if (clocks >= MIN_CLOCKS_PER_BIT && Math.abs(actual - baud) <= MAX_RATE_ERROR * baud) return clocks;
  throw new SpikemillError('USAGE', 'the clock of the design cannot make this baud rate', {
    where: '--baud',
    expected: `${clockKHz} kHz divided by a whole number of at least ${MIN_CLOCKS_PER_BIT}, to ${100 * MAX_RATE_ERROR} %`,
    actual: `${baud}; the nearest is ${Math.round(actual)}`,
    suggestions: [`--baud ${Math.round(actual)}`],
  });
}
