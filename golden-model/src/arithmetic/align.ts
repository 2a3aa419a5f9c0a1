/**
 * ALIGN brings a sum of integer weights, whose unit is 2^-e, to the unit 2^-F of all currents.
 *
 * @param sum an accumulator, abs(sum) < 2^30.
 * @param shift s = F - e. The caller knows from the static bounds (`derive`) that a left shift stays within int32.
 * @returns sum * 2^s, rounded to floor(x + 1/2) where s < 0.
 */
export function align(sum: number, shift: number): number {
  if (shift >= 0) return sum << shift;
  if (shift <= -31) return 0;
  return (sum + (1 << (-shift - 1))) >> -shift;
}
