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
  /** Fractional bits of sums beyond those of currents: at least S. */
  readonly fractionBits: number;
  /** Trips around the shifter that a token scale takes: three if any has two digits. */
  readonly scaleTrips: number;
}

const WIDE_WEIGHT_BITS = 8;
/** Bits of a pixel, a round each. */
export const PIXEL_PLANES = 8;
/** Shifts of sums: the plane and the place of the digit. */
const SUM_SHIFT_BITS = 4;
/** Trips around the shifter where all token scales are powers of two. */
const TRIPS_OF_POWERS = 2;
/** Fractional bits of sums beyond S among which the smallest shifter is looked for. */
const MORE_FRACTION_BITS = 8;
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

/** m * y in units of 2**-(F + fraction), of either sign, with the token bias and the half of the rounding. */
function scaledRange(product: Range, tokenBiases: Range, fraction: number): Range {
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

/** Layers whose 8-bit weights are summed in rounds. */
function wideLayers({ layers }: Derived): DerivedLayer[] {
  return layers.filter(({ layer }) => layer.kind === 'patch-embedding' || layer.kind === 'head');
}

/**
 * The shift that multiplies a state by 2**exponent of a token scale: the state of two trips keeps its fraction, that of
 * three, which must be added to itself, is the value alone.
 */
export function scaleShift(
  exponent: number,
  { fractionBits, scaleTrips }: Pick<EventFormats, 'fractionBits' | 'scaleTrips'>,
  scaleFractionBits: number,
): number {
  return exponent - scaleFractionBits + (scaleTrips === TRIPS_OF_POWERS ? 0 : fractionBits);
}

/** Widths around the shifter, which depend on the fractional bits of sums. */
type ShifterFormats = Pick<EventFormats, 'shiftBits' | 'shiftDrop' | 'sumBits' | 'fractionBits' | 'scaleTrips'>;

/**
 * @param fractionBits of sums. More of them leave fewer right shifts, hence a narrower range of shifts, and may widen the
 *   sums; the results are the same.
 */
function shifterFormats(
  network: QuantizedNetwork,
  derived: Derived,
  { weightBits, tokenBiasBits, scaleFractionBits, digits }: Formats,
  fractionBits: number,
): ShifterFormats {
  const scaleTrips = 1 + digits;
  const count = ceilDivide(WIDE_WEIGHT_BITS, weightBits);
  const firing = derived.layers.filter(({ layer }) => layer.kind !== 'head');
  const scales = [...network.secondLinearTokens.values()].flatMap(({ scale }) => [...scale].map((m) => Math.abs(m)));
  const exponents = [0, unsignedBits(Math.max(1, ...scales))];
  const shifts = [
    ...firing.flatMap((layer) => [layer.shift.min, layer.shift.max].map((s) => hardwareShift(s, layer) + fractionBits)),
    ...exponents.map((exponent) => scaleShift(exponent, { fractionBits, scaleTrips }, scaleFractionBits)),
    PIXEL_PLANES - 1 + (count - 1) * weightBits,
  ];
  const shiftDrop = Math.max(0, -Math.min(...shifts));
  const largestShift = Math.max(...shifts) + shiftDrop;
  const aligned = union(firing.map((layer) => layer.aligned));
  const tokenBias = 2 ** (tokenBiasBits - 1);
  const unit = 2 ** (fractionBits - scaleFractionBits);
  const sums = union([
    { min: aligned.min * 2 ** fractionBits, max: (aligned.max + 1) * 2 ** fractionBits - 1 },
    ...wideLayers(derived).map((layer) => partialSums(network, layer, weightBits, count)),
    ...firing
      .filter(({ layer }) => layer.kind === 'fc2')
      .map(({ product: { min, max } }) =>
        scaledRange({ min: min * unit, max: max * unit }, { min: -tokenBias, max: tokenBias }, fractionBits),
      ),
  ]);
  return { shiftBits: unsignedBits(largestShift), shiftDrop, sumBits: signedBits(sums), fractionBits, scaleTrips };
}

/** Multiplexers of a shifter. */
function shifterSize({ shiftBits, shiftDrop, sumBits }: ShifterFormats): number {
  return shiftBits * (sumBits + shiftDrop);
}

/** The fractional bits, S or more, that make the shifter smallest. */
function smallestShifter(network: QuantizedNetwork, derived: Derived, dense: Formats): ShifterFormats {
  const choices = Array.from({ length: MORE_FRACTION_BITS + 1 }, (_, more) =>
    shifterFormats(network, derived, dense, dense.scaleFractionBits + more),
  );
  return choices.reduce((best, choice) => (shifterSize(choice) < shifterSize(best) ? choice : best));
}

/** @throws SpikemillError PLAN for token scales that the neuron unit cannot do. */
export function deriveEventFormats(network: QuantizedNetwork, derived: Derived): EventFormats {
  const dense = deriveFormats(network, derived);
  checkScale(dense);
  const { weightBits } = dense;
  const count = ceilDivide(WIDE_WEIGHT_BITS, weightBits);
  const wide = wideLayers(derived);
  const narrow = derived.layers.filter((layer) => !wide.includes(layer) && layer.layer.kind !== 'identity');
  const digits = wide.flatMap(({ layer }) => {
    const { weight, shape } = network.layers.get(layer.name)!;
    return digitRanges(weight, shape[0]!, weightBits, count);
  });
  const { biasBits, tokenBiasBits, currentBits, storeBits } = dense;
  const { thetaBits, clampBits, membraneBits, headBiasBits, logitBits } = dense;
  return {
    ...{ weightBits, biasBits, tokenBiasBits, currentBits, storeBits },
    ...{ thetaBits, clampBits, membraneBits, headBiasBits, logitBits },
    accBits: signedBits(union([{ min: 0, max: 1 }, ...narrow.map((layer) => layer.accumulator), ...digits])),
    weightDigits: count,
    sumShiftBits: SUM_SHIFT_BITS,
    ...smallestShifter(network, derived, dense),
  };
}
