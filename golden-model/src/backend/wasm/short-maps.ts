/** What may be kept and computed in 16 bits. No result changes by it, as long as nothing but spikes is asked for. */
import type { DerivedLayer } from '../../derive.js';
import { smallestMembrane, theta2Of } from '../../layers/lif.js';
import type { QuantizedNetwork } from '../../quantized-network.js';
import type { Range } from '../../range.js';
import { fitsShort } from './pack-align.js';
import type { LayerStep, Program, Value } from './program.js';

/** The one scale that the kernel knows; see wasm/finish-short.ts. */
const SCALE_SHIFT = 4;

/** Condition under which 16-bit membranes are exact; see wasm/neurons.ts. */
export function isNarrow(theta2: Int32Array, smallest: number): boolean {
  const largest = theta2.reduce((most, theta) => Math.max(most, theta), 0);
  return largest <= 32767 + smallest && (-32768 + (largest >> 1)) >> 1 <= smallest;
}

function fits({ min, max }: Range): boolean {
  return fitsShort(min) && fitsShort(max);
}

/** Range of what the second Linear adds, its bias over tokens included. */
function channelRange({ secondLinearTokens, format }: QuantizedNetwork, { layer, product }: DerivedLayer): Range {
  const { bias } = secondLinearTokens.get(layer.name)!;
  const scaled = ({ min, max }: Range): Range => {
    const unit = 2 ** format.scaleFractionBits;
    return { min: Math.floor(min / unit + 1 / 2), max: Math.floor(max / unit + 1 / 2) };
  };
  const least = bias.reduce((a, b) => Math.min(a, b));
  const most = bias.reduce((a, b) => Math.max(a, b));
  const { min, max } = scaled(product);
  return { min: Math.min(min, min + least), max: Math.max(max, max + most) };
}

/** Whether the batch norm over tokens behind a Linear stays within 16 bits, as far as it must. */
export function fitsShortTokens(network: QuantizedNetwork, range: DerivedLayer): boolean {
  const { name } = range.layer;
  const first = network.firstLinearTokens.get(name);
  // -32768 has no opposite in 16 bits.
  if (first !== undefined) return first.bias.every(fitsShort) && range.aligned.min > -32768;
  const { bias, scale } = network.secondLinearTokens.get(name)!;
  if (network.format.scaleFractionBits !== SCALE_SHIFT) return false;
  return [...bias, ...scale].every(fitsShort) && fits(channelRange(network, range));
}

/**
 * Whether h + tok may saturate before the second Linear is added to it. Where it did, so far out that
 * - above, the rest cannot keep the neuron from firing: 32767 + min + smallest >= theta2, and
 * - below, it leaves the membrane at its smallest: (-32768 + max + theta2 / 2) >> 1 <= smallest and nothing fires.
 */
function mayClip(network: QuantizedNetwork, reader: LayerStep, range: DerivedLayer): boolean {
  if (reader.layer.kind !== 'fc2' || reader.current !== null) return false;
  const theta2 = theta2Of(network, reader.layer);
  const smallest = smallestMembrane(network.format.membraneBits);
  const largest = theta2.reduce((a, b) => Math.max(a, b));
  const { min, max } = channelRange(network, range);
  return isNarrow(theta2, smallest) && 32767 + min + smallest >= largest && (-32768 + max + largest) >> 1 <= smallest;
}

/**
 * Number maps that may have 16 bits: those that always fit, and h + tok where clipping shows in no spike. Maps that are
 * joined are copied as they are, so all of a join have as many bits as the join.
 */
export function findShortMaps(
  network: QuantizedNetwork,
  { steps }: Program,
  rangeOf: (step: LayerStep) => DerivedLayer,
): ReadonlySet<Value> {
  const layerFits = (step: LayerStep): boolean => fits(rangeOf(step).current);
  const joins = steps.filter((step) => step.kind === 'join-numbers');
  const readersOf = (value: Value): readonly LayerStep[] =>
    steps.filter((step) => step.kind === 'layer').filter(({ residual }) => residual === value);
  const isShort = (value: Value): boolean => {
    if (value.kind === 'join-numbers') return value.parts.every(layerFits);
    const itsJoins = joins.filter(({ parts }) => parts.includes(value));
    if (layerFits(value)) return itsJoins.every(({ parts }) => parts.every(layerFits));
    return itsJoins.length === 0 && readersOf(value).every((reader) => mayClip(network, reader, rangeOf(reader)));
  };
  const values: readonly Value[] = [...joins, ...steps.filter((step) => step.kind === 'layer')];
  return new Set(values.filter((value) => value.current !== null && isShort(value)));
}
