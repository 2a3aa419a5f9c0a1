/** The options of the quantizer with their defaults and limits. */
import type { Calibration } from './calibrate.js';
import { SpikemillError } from './errors.js';
import { LAYERS } from './layers/table.js';
import { LAYER_KINDS, type LayerKind } from './network.js';
import type { NumberFormat } from './quantized-network.js';

export interface QuantizeProgress {
  readonly phase: 'calibrate' | 'quantize';
  /** Images or layers. */
  readonly done: number;
  readonly total: number;
}

export interface QuantizeOptions {
  /**
   * B, 2..8, default 4: of all kinds, or of each kind alone (others: default). The patch embedding, the identity
   * branch and the head always have 8.
   */
  readonly weightBits?: number | Partial<Record<LayerKind, number>>;
  /** F, default 8. */
  readonly fractionBits?: number;
  /** M, default F + 2. */
  readonly membraneBits?: number;
  /** S, default 4. */
  readonly scaleFractionBits?: number;
  /** D, default 2. */
  readonly scaleDigits?: number;
  /** Images for bias correction, uint8 [channel, row, column], or a calibration that has seen them; none: no correction. */
  readonly biasCorrection?: readonly Uint8Array[] | Calibration;
  readonly onProgress?: (progress: QuantizeProgress) => void;
}

const DEFAULT_WEIGHT_BITS = 4;
const FIXED_WEIGHT_BITS = 8;
const DEFAULT_FRACTION_BITS = 8;
const DEFAULT_SCALE_FRACTION_BITS = 4;
const DEFAULT_SCALE_DIGITS = 2;
const MEMBRANE_GUARD_BITS = 2;

function requireInteger(name: string, value: number, least: number, most: number): number {
  if (Number.isInteger(value) && value >= least && value <= most) return value;
  throw new SpikemillError('USAGE', `${name} cannot be ${value}`, {
    where: name,
    expected: `an integer from ${least} to ${most}`,
    actual: `${value}`,
  });
}

function bitsOf(kind: LayerKind, wanted: QuantizeOptions['weightBits']): number {
  const isFixed = LAYERS[kind].quantization.weightBits === FIXED_WEIGHT_BITS;
  const ofKind = typeof wanted === 'object' ? wanted[kind] : isFixed ? undefined : wanted;
  if (isFixed && ofKind !== undefined && ofKind !== FIXED_WEIGHT_BITS) {
    throw new SpikemillError('USAGE', `the weights of ${kind} always have ${FIXED_WEIGHT_BITS} bits`, {
      where: `weight bits of ${kind}`,
      expected: `${FIXED_WEIGHT_BITS}`,
      actual: `${ofKind}`,
    });
  }
  const bits = ofKind ?? (isFixed ? FIXED_WEIGHT_BITS : DEFAULT_WEIGHT_BITS);
  return requireInteger(`weight bits of ${kind}`, bits, 2, 8);
}

/**
 * The number formats that options ask for.
 *
 * @throws SpikemillError USAGE for a value out of range. M is at least F + 1: membranes come close to the threshold 2^F.
 */
export function chooseFormat(options: QuantizeOptions): { format: NumberFormat; scaleDigits: number } {
  const F = requireInteger('fraction bits (F)', options.fractionBits ?? DEFAULT_FRACTION_BITS, 1, 16);
  const M = requireInteger('membrane bits (M)', options.membraneBits ?? F + MEMBRANE_GUARD_BITS, F + 1, 31);
  const S = requireInteger('scale bits (S)', options.scaleFractionBits ?? DEFAULT_SCALE_FRACTION_BITS, 0, 16);
  const scaleDigits = requireInteger('scale digits (D)', options.scaleDigits ?? DEFAULT_SCALE_DIGITS, 1, 16);
  const bits = LAYER_KINDS.map((kind) => [kind, bitsOf(kind, options.weightBits)] as const);
  const weightBits = Object.fromEntries(bits) as Record<LayerKind, number>;
  return { format: { fractionBits: F, membraneBits: M, scaleFractionBits: S, weightBits }, scaleDigits };
}
