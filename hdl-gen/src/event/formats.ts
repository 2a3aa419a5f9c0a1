/** Widths of the event-driven data path, from the static ranges that derive() computed. */
import type { Derived, DerivedLayer, QuantizedNetwork, Range } from '@spikemill/golden-model';
import { SpikemillError, signedBits } from '@spikemill/golden-model';
import { ceilDivide, union, unsignedBits } from '../bits.js';
import { deriveFormats, type Formats, hardwareShift } from '../plan/formats.js';

/** Widths in bits; the names are the parameters of the Verilog library. */
export interface EventFormats
  extends Pick<
    Formats,
    | 'weightBits'
    | 'biasBits'
    | 'tokenBiasBits'
    | 'scaleFractionBits'
    | 'currentBits'
    | 'storeBits'
    | 'thetaBits'
    | 'clampBits'
    | 'membraneBits'
    | 'headBiasBits'
    | 'logitBits'
  > {
  readonly accBits: number;
  /** Digits of `weightBits` bits that the 8-bit weights of patch embedding and head are split into. */
  readonly weightDigits: number;
  readonly shiftBits: number;
  readonly shiftDrop: number;
  readonly sumShiftBits: number;
  readonly sumBits: number;
}

const WIDE_WEIGHT_BITS = 8;
/** Bits of a pixel, a round each. */
export const PIXEL_PLANES = 8;
/** Shifts of sums: the plane and the place of the digit. */
const SUM_SHIFT_BITS = 4;
/** A token scale of more digits would need more trips than the neuron unit makes. */
const MAX_SCALE_DIGITS = 2;

/**
 * Digits of an 8-bit weight, the lowest first: all but the highest are unsigned. `-3` in digits of 4 bits is 13, -1.
 * The sum of digit d times 2**(d * bits) is the weight.
 */
export function weightDigits(weight: number, bits: number, count: number): number[] {
  return Array.from({ length: count }, (_, d) => {
    const rest = weight >> (d * bits);
    return d === count - 1 ? rest : rest & (2 ** bits - 1);
  });
}

/** Ranges of a digit's sum over all inputs of a row, for every output and digit. */
function digitRanges(weight: Int8Array, outputs: number, bits: number, count: number): Range[] {
  const inputs = weight.length / outputs;
  return Array.from({ length: outputs * count }, (_, i) => {
    const row = weight.subarray(Math.floor(i / count) * inputs, (Math.floor(i / count) + 1) * inputs);
    let [min, max] = [0, 0];
    for (const value of row) {
      const digit = weightDigits(value, bits, count)[i % count]!;
      if (digit < 0) min += digit;
      else max += digit;
    }
    return { min, max };
  });
}

/** Everything that a state may hold while sums are added up: a round of unsigned digits runs ahead of the signed one. */
function partialSums(
  network: QuantizedNetwork,
  { layer, accumulator }: DerivedLayer,
  bits: number,
  count: number,
): Range {
  const { weight, shape } = network.layers.get(layer.name)!;
  const inputs = weight.length / shape[0]!;
  const lower = 2 ** ((count - 1) * bits) - 1;
  let ahead = 0;
  for (let first = 0; first < weight.length; first += inputs) {
    const row = weight.subarray(first, first + inputs);
    ahead = Math.max(
      ahead,
      row.reduce((sum, value) => sum + (value & lower), 0),
    );
  }
  const plane = layer.kind === 'patch-embedding' ? 2 ** (PIXEL_PLANES - 1) : 1;
  return { min: accumulator.min, max: accumulator.max + ahead * plane };
}

/** m * y in units of 2**-(F + S), of either sign, with the token bias and the half of the rounding. */
function scaledRange({ product }: DerivedLayer, tokenBiases: Range, fraction: number): Range {
  const reach = Math.max(-product.min, product.max);
  const bias = Math.max(-tokenBiases.min, tokenBiases.max) + 1;
  return { min: -reach - bias * 2 ** fraction, max: reach + bias * 2 ** fraction };
}

function checkScale({ digits, scaleFractionBits }: Formats): void {
  if (digits <= MAX_SCALE_DIGITS && scaleFractionBits >= 1) return;
  throw new SpikemillError('PLAN', 'the event-driven style takes token scales of one or two digits and a fraction', {
    where: 'plan.style',
    expected: `at most ${MAX_SCALE_DIGITS} digits, at least 1 fractional bit`,
    actual: `${digits} digits, ${scaleFractionBits} fractional bits`,
    suggestions: ['use --style dense', 'quantize with --scale-digits 2'],
  });
}

/** @throws SpikemillError PLAN for token scales that the neuron unit cannot do. */
export function deriveEventFormats(network: QuantizedNetwork, derived: Derived): EventFormats {
  const dense = deriveFormats(network, derived);
  checkScale(dense);
  const { scaleFractionBits: fraction, weightBits } = dense;
  const count = ceilDivide(WIDE_WEIGHT_BITS, weightBits);
  const wide = derived.layers.filter(({ layer }) => layer.kind === 'patch-embedding' || layer.kind === 'head');
  const narrow = derived.layers.filter((layer) => !wide.includes(layer) && layer.layer.kind !== 'identity');
  const firing = derived.layers.filter(({ layer }) => layer.kind !== 'head');
  const digits = wide.flatMap(({ layer }) => {
    const { weight, shape } = network.layers.get(layer.name)!;
    return digitRanges(weight, shape[0]!, weightBits, count);
  });
  const shifts = firing.flatMap((layer) =>
    [layer.shift.min, layer.shift.max].map((s) => hardwareShift(s, layer) + fraction),
  );
  const shiftDrop = Math.max(0, -Math.min(...shifts));
  const exponents = [...network.secondLinearTokens.values()].flatMap(({ scale }) => [...scale].map((m) => Math.abs(m)));
  const largestExponent = unsignedBits(Math.max(1, ...exponents)) + 1;
  const largestShift = Math.max(...shifts, PIXEL_PLANES - 1 + (count - 1) * weightBits, largestExponent) + shiftDrop;
  const half = 2 ** fraction - 1;
  const aligned = union(firing.map((layer) => layer.aligned));
  const tokenBias = 2 ** (dense.tokenBiasBits - 1);
  const sums = union([
    { min: aligned.min * 2 ** fraction, max: aligned.max * 2 ** fraction + half },
    ...wide.map((layer) => partialSums(network, layer, weightBits, count)),
    ...firing
      .filter(({ layer }) => layer.kind === 'fc2')
      .map((layer) => scaledRange(layer, { min: -tokenBias, max: tokenBias }, fraction)),
  ]);
  const { biasBits, tokenBiasBits, scaleFractionBits, currentBits, storeBits } = dense;
  const { thetaBits, clampBits, membraneBits, headBiasBits, logitBits } = dense;
  return {
    ...{ weightBits, biasBits, tokenBiasBits, scaleFractionBits, currentBits, storeBits },
    ...{ thetaBits, clampBits, membraneBits, headBiasBits, logitBits },
    accBits: signedBits(union([{ min: 0, max: 1 }, ...narrow.map((layer) => layer.accumulator), ...digits])),
    weightDigits: count,
    shiftBits: unsignedBits(largestShift),
    shiftDrop,
    sumShiftBits: SUM_SHIFT_BITS,
    sumBits: signedBits(sums),
  };
}
