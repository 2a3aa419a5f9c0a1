import { floorLog2 } from './rounding.js';

/**
 * The signed powers of two nearest to `value`, greedily: while more than 1/2 is left, the power of two nearest to the
 * rest in linear distance (a tie goes to the larger one), never smaller than 1.
 *
 * @param value a finite real number, such as a token scale times 2^S.
 * @param count D, the largest number of digits.
 * @returns the digits, such as [16, -2]; their sum is the multiplier m_n. Empty for abs(value) <= 1/2.
 */
export function signedDigits(value: number, count: number): number[] {
  const digits: number[] = [];
  let rest = value;
  while (digits.length < count && Math.abs(rest) > 0.5) {
    const exponent = Math.max(0, floorLog2((4 * Math.abs(rest)) / 3));
    const digit = Math.sign(rest) * 2 ** exponent;
    digits.push(digit);
    rest -= digit;
  }
  return digits;
}
