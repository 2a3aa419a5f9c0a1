/** Widths of the engine's data path, from the static ranges that derive() computed: no wider, no narrower. */

import type { Derived, DerivedLayer, LayerKind, QuantizedNetwork, Range } from '@spikemill/golden-model';
import { rangeOf, signedBits } from '@spikemill/golden-model';
import { union, unsignedBits } from '../bits.js';
import { signedDigitForm } from './signed-digits.js';

/** Widths in bits; the names are the parameters of the Verilog library. */
export interface Formats {
  readonly weightBits: number;
  readonly planeWeightBits: number;
  readonly accBits: number;
  readonly planeAccBits: number;
  readonly roundBits: number;
  readonly shiftBits: number;
  readonly biasBits: number;
  readonly alignedBits: number;
  readonly digits: number;
  readonly exponentBits: number;
  readonly productBits: number;
  readonly scaleFractionBits: number;
  readonly tokenBiasBits: number;
  readonly currentBits: number;
  readonly storeBits: number;
  readonly thetaBits: number;
  readonly clampBits: number;
  readonly membraneBits: number;
  readonly headBiasBits: number;
  readonly logitBits: number;
}

/** Kinds whose inputs are planes; identity needs no accumulator of its own: the array hands on the spike. */
export const PLANE_KINDS: ReadonlySet<LayerKind> = new Set<LayerKind>(['patch-embedding', 'head']);
/** Kinds whose current is stored: h, its partial sums, h + tok. */
const STORING_KINDS: ReadonlySet<LayerKind> = new Set<LayerKind>(['patch-embedding', 'spe', 'patch-step', 'fuse']);
export const PLANE_WEIGHT_BITS = 8;

/** A spike that the array hands on as accumulator, as a signed number. */
export const SPIKE: Range = { min: 0, max: 1 };

function biases(network: QuantizedNetwork, layers: readonly DerivedLayer[]): Range {
  return union(layers.map(({ layer }) => rangeOf(network.layers.get(layer.name)!.bias)));
}

/** Widest weight that the spike array really meets, so that a w4 network with small weights is not rounded up. */
function spikeWeightBits(network: QuantizedNetwork, layers: readonly DerivedLayer[]): number {
  const ranges = layers.map(({ layer }) => rangeOf(network.layers.get(layer.name)!.weight));
  // an identity layer needs the weight 1
  return signedBits(union([...ranges, SPIKE]));
}

function tokenFormats(network: QuantizedNetwork): Pick<Formats, 'digits' | 'exponentBits' | 'tokenBiasBits'> {
  const { scaleFractionBits } = network.format;
  const scales = new Set<number>([2 ** scaleFractionBits]);
  const tokenBiases: Range[] = [{ min: 0, max: 0 }];
  for (const { bias } of network.firstLinearTokens.values()) tokenBiases.push(rangeOf(bias));
  for (const { bias, scale } of network.secondLinearTokens.values()) {
    tokenBiases.push(rangeOf(bias));
    for (const value of scale) scales.add(value);
  }
  const forms = [...scales].map(signedDigitForm);
  const exponents = forms.flatMap((form) => form.map(({ exponent }) => exponent));
  return {
    digits: Math.max(...forms.map((form) => form.length)),
    exponentBits: unsignedBits(Math.max(...exponents)),
    tokenBiasBits: signedBits(union(tokenBiases)),
  };
}

/** Range of the product with the token scale; every layer but fc2 has a scale of one, fc1 of either sign. */
function productRange({ layer, aligned, product }: DerivedLayer, scaleFractionBits: number): Range {
  if (layer.kind === 'fc2') return product;
  const scale = 2 ** scaleFractionBits;
  const either = layer.kind === 'fc1' ? union([aligned, { min: -aligned.max, max: -aligned.min }]) : aligned;
  return { min: either.min * scale, max: either.max * scale };
}

/**
 * The shift of ALIGN that the hardware makes for s = F - e. A right shift by all bits of the accumulator rounds every
 * value to zero, and so does any longer one: an output with tiny weights does not widen the shifter of all others.
 */
export function hardwareShift(shift: number, { accumulator }: Pick<DerivedLayer, 'accumulator'>): number {
  return Math.max(shift, -signedBits(accumulator));
}

/** @param minRoundBits rounding that ALIGN has at least: shifts are counted from there. */
export function deriveFormats(network: QuantizedNetwork, derived: Derived, minRoundBits = 0): Formats {
  const { membraneBits: clampBits, scaleFractionBits } = network.format;
  const onPlanes = derived.layers.filter(({ layer }) => PLANE_KINDS.has(layer.kind));
  const onSpikes = derived.layers.filter(({ layer }) => !PLANE_KINDS.has(layer.kind) && layer.kind !== 'identity');
  const firing = derived.layers.filter(({ layer }) => layer.kind !== 'head');
  const storing = derived.layers.filter(({ layer }) => STORING_KINDS.has(layer.kind));
  const head = derived.layers.find(({ layer }) => layer.kind === 'head')!;
  const shifts = firing.flatMap((layer) => [layer.shift.min, layer.shift.max].map((s) => hardwareShift(s, layer)));
  const roundBits = Math.max(minRoundBits, -Math.min(...shifts));
  return {
    weightBits: spikeWeightBits(network, onSpikes),
    planeWeightBits: PLANE_WEIGHT_BITS,
    accBits: signedBits(union([SPIKE, ...onSpikes.map((layer) => layer.accumulator)])),
    planeAccBits: Math.max(PLANE_WEIGHT_BITS, signedBits(union(onPlanes.map((layer) => layer.accumulator)))),
    roundBits,
    shiftBits: unsignedBits(Math.max(...shifts) + roundBits),
    biasBits: signedBits(biases(network, firing)),
    alignedBits: signedBits(union(firing.map((layer) => layer.aligned))),
    ...tokenFormats(network),
    productBits: signedBits(union(firing.map((layer) => productRange(layer, scaleFractionBits)))),
    scaleFractionBits,
    currentBits: signedBits(union(firing.map((layer) => layer.current))),
    storeBits: signedBits(union(storing.map((layer) => layer.current))),
    thetaBits: unsignedBits(derived.maxTheta2),
    clampBits,
    membraneBits: Math.max(clampBits, 1 + Math.ceil(Math.log2(Math.max(1, derived.maxTheta2 / 2)))),
    headBiasBits: signedBits(biases(network, [head])),
    // at most 32, one beat of the result stream: derive() keeps every value within int32
    logitBits: signedBits(head.aligned),
  };
}
