/** A token scale as shift-adds. */

export interface SignedDigit {
  readonly negative: boolean;
  readonly exponent: number;
}

/**
 * Non-adjacent form of an integer: the shortest sum of signed powers of two, smallest first. A scale that was made of
 * at most D digits has a form of at most D. `14` gives -2 + 16, `0` no digit.
 */
export function signedDigitForm(value: number): SignedDigit[] {
  const digits: SignedDigit[] = [];
  let rest = value;
  for (let exponent = 0; rest !== 0; exponent++) {
    if (rest % 2 !== 0) {
      // the digit that makes the rest divisible by four
      const digit = ((rest % 4) + 4) % 4 === 1 ? 1 : -1;
      digits.push({ negative: digit < 0, exponent });
      rest -= digit;
    }
    rest /= 2;
  }
  return digits;
}
