/** Widths of a data path whose weights come at run time: they must do for networks that are not known yet. */
import type { Derived, DerivedLayer, LayerKind, QuantizedNetwork, Range } from '@spikemill/golden-model';
import { derive, SpikemillError, signedBits, tokenCount } from '@spikemill/golden-model';
import { union } from '../bits.js';
import { deriveFormats, type Formats, PLANE_KINDS, SPIKE } from './formats.js';

/** Widths that the number format itself sets: a network of others is another design. */
const FIXED: ReadonlySet<keyof Formats> = new Set<keyof Formats>(['scaleFractionBits', 'clampBits', 'planeWeightBits']);
const PIXEL_MAX = 255;

function weightRange(bits: number): Range {
  return { min: -(2 ** (bits - 1)), max: 2 ** (bits - 1) - 1 };
}

/** How often a weight of the layer can be added to one accumulator. */
function repeats(kind: LayerKind, { layer }: DerivedLayer, timesteps: number): number {
  if (kind === 'patch-embedding') return PIXEL_MAX;
  return kind === 'head' ? timesteps * tokenCount(layer.input) : 1;
}

/** Accumulator range over all weights that a layer's width can hold. */
function boundOf({ layers, format, config }: QuantizedNetwork, derived: DerivedLayer): Range {
  const { name, kind } = derived.layer;
  const { weight, shape } = layers.get(name)!;
  const { min, max } = weightRange(format.weightBits[kind]);
  const terms = (weight.length / shape[0]!) * repeats(kind, derived, config.timesteps);
  return { min: min * terms, max: max * terms };
}

/** Widths of weights and accumulators that hold for all networks of a shape and a number format. */
function arrayBounds(network: QuantizedNetwork, { layers }: Derived): Partial<Formats> {
  const onPlanes = layers.filter(({ layer }) => PLANE_KINDS.has(layer.kind));
  const onSpikes = layers.filter(({ layer }) => !PLANE_KINDS.has(layer.kind) && layer.kind !== 'identity');
  const bits = onSpikes.map(({ layer }) => weightRange(network.format.weightBits[layer.kind]));
  return {
    weightBits: signedBits(union([...bits, SPIKE])),
    accBits: signedBits(union([SPIKE, ...onSpikes.map((layer) => boundOf(network, layer))])),
    planeAccBits: signedBits(union(onPlanes.map((layer) => boundOf(network, layer)))),
  };
}

type Widths = Readonly<Record<string, number>>;

/** The larger of each. */
function widest(formats: Formats, widths: Widths): Formats {
  const entries = Object.entries(formats).map(([name, bits]) => [name, Math.max(bits, widths[name] ?? 0)]);
  return Object.fromEntries(entries) as unknown as Formats;
}

function checkWidths(formats: Formats, widths: Widths): void {
  for (const [name, bits] of Object.entries(widths)) {
    const own = formats[name as keyof Formats];
    const isKnown = own !== undefined && Number.isInteger(bits) && bits >= 1 && bits <= 32;
    if (isKnown && (!FIXED.has(name as keyof Formats) || own === bits)) continue;
    throw new SpikemillError('PLAN', 'the widths of the plan do not suit the network', {
      where: `plan.widths.${name}`,
      expected: own === undefined ? `one of ${Object.keys(formats).join(', ')}` : `${own} bits`,
      actual: String(bits),
      suggestions: ['leave out widths in the plan file, and name all models with --also'],
    });
  }
}

/**
 * Widths for weights that are streamed in: those of weights and accumulators hold for every network of the number
 * format; the ones behind ALIGN depend on exponents and biases, which no format bounds. They are the larger of what
 * this network needs and what the plan declares.
 *
 * @throws SpikemillError PLAN for a width that does not exist or that the number format sets otherwise.
 */
export function streamFormats(network: QuantizedNetwork, derived: Derived, widths: Widths): Formats {
  const own = deriveFormats(network, derived, widths.roundBits);
  checkWidths(own, widths);
  return widest(widest(own, arrayBounds(network, derived) as Widths), widths);
}

/**
 * The widths that some networks need together, to be declared in a plan.
 *
 * @throws SpikemillError PLAN if their number formats differ where hardware cannot follow.
 */
export function commonWidths(networks: readonly QuantizedNetwork[]): Widths {
  const derived = networks.map(derive);
  const roundings = networks.map((network, i) => deriveFormats(network, derived[i]!).roundBits);
  let widths: Widths = {};
  for (const [i, network] of networks.entries()) {
    const own = deriveFormats(network, derived[i]!, Math.max(...roundings));
    const fixed = Object.entries(widths).filter(([name]) => FIXED.has(name as keyof Formats));
    checkWidths(own, Object.fromEntries(fixed));
    widths = { ...widest(own, widths) };
  }
  return widths;
}
