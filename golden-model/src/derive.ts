/**
 * derive(): the one place that computes static ranges and operation counts from a quantized network.
 * Planner, emitter, cost model and reports read these; none re-derives them.
 */
import { type Bounded, intervalArithmetic, spanOf } from './arithmetic/interval.js';
import { makeDataFlow } from './data-flow.js';
import { imageShape, listLayers, listLifs, tokenCount } from './layer-list.js';
import { theta2Of } from './layers/lif.js';
import { bitPlanes } from './layers/patch-embedding.js';
import type { Layer, LifShape } from './network.js';
import { denseOperations } from './operations.js';
import type { QuantizedNetwork } from './quantized-network.js';
import { type Range, rangeOf } from './range.js';

export interface DerivedLayer {
  readonly layer: Layer;
  /**
   * Accumulator range over all outputs: [sum of negative q, sum of positive q]. For the patch embedding the same
   * times 255 (bit planes of uint8 pixels), for the head the same times T * L, without B_k.
   */
  readonly accumulator: Range;
  /** s = F - e over all outputs (ALIGN shifts left by s, or right with rounding when negative). Head: 0..0. */
  readonly shift: Range;
  /** Of `ALIGN(acc, e)` without bias, units 2^-F, over all outputs. Head: equal to `accumulator`. */
  readonly shifted: Range;
  /** Of `ALIGN(acc, e) + bias` alone, units 2^-F, over all outputs. Head: the logit, acc + B_k. */
  readonly aligned: Range;
  /** fc2: of the product p = y * m_n before its rounding shift; every other layer: equal to `aligned`. */
  readonly product: Range;
  /**
   * Of the current that this layer hands on, units 2^-F: with token scale, token bias, sign, and with everything
   * added that semantics.md adds (SPE: the summands so far; fuse: h + tok; fc2: h + tok + channel).
   */
  readonly current: Range;
  /** Of the stored membrane of the layer's LIF after any of the T timesteps, 0 included; 0..0 if `layer.lif` is null. */
  readonly membrane: Range;
  /**
   * Dense synaptic operations per image: one for each weight that an output could add at each of the T timesteps,
   * padding taps counted. Patch embedding: at each of the 8 bit planes, once per image. Head: at each timestep and token.
   */
  readonly denseOperations: number;
  /** Updates of LIF neurons per image, T timesteps each; 0 if `layer.lif` is null. */
  readonly lifUpdates: number;
}

export interface Derived {
  /** In the order of execution. */
  readonly layers: readonly DerivedLayer[];
  readonly lifs: readonly LifShape[];
  /** Largest theta2 of any LIF (2^(F+1) or a token threshold). */
  readonly maxTheta2: number;
  /** Weight memory in bits, unpadded, by Layer.name. */
  readonly weightBits: ReadonlyMap<string, number>;
}

const NOTHING: Range = { min: 0, max: 0 };

/** Ranges of one layer, filled while the intervals run through the network. */
type Ranges = Partial<Record<Bounded, Range>>;

function deriveRanges(network: QuantizedNetwork): Map<string, Ranges> {
  const { config } = network;
  const ranges = new Map<string, Ranges>(listLayers(config).map(({ name }) => [name, {}]));
  const record = (layer: Layer, quantity: Bounded, range: Range): void => {
    ranges.get(layer.name)![quantity] = range;
  };
  const shape = imageShape(config);
  const anyImage = bitPlanes(new Uint8Array(tokenCount(shape) * shape.channels), shape);
  makeDataFlow(config).run(intervalArithmetic(network, record), anyImage, (layer, current, fired) => {
    if (fired === null) record(layer, 'current', spanOf(current));
  });
  return ranges;
}

function deriveLayer(network: QuantizedNetwork, layer: Layer, ranges: Ranges): DerivedLayer {
  const { config, format } = network;
  const { exponent } = network.layers.get(layer.name)!;
  const shifts = Array.from(exponent, (e) => format.fractionBits - e);
  const outputElements = tokenCount(layer.output) * layer.output.channels;
  const aligned = ranges.aligned!;
  return {
    layer,
    accumulator: ranges.accumulator!,
    shift: layer.kind === 'head' ? NOTHING : rangeOf(shifts),
    shifted: ranges.shifted!,
    aligned,
    product: ranges.product!,
    current: ranges.current ?? aligned,
    membrane: ranges.membrane ?? NOTHING,
    denseOperations: denseOperations(layer, config),
    lifUpdates: layer.lif === null ? 0 : config.timesteps * outputElements,
  };
}

/**
 * Static ranges and operation counts of a quantized network. The ranges hold for every image and every spike pattern
 * and are exact for each accumulator: some pattern reaches both ends.
 *
 * @throws SpikemillError INVALID_TENSOR if a value could leave int32.
 */
export function derive(network: QuantizedNetwork): Derived {
  const { config, format } = network;
  const layers = listLayers(config);
  const ranges = deriveRanges(network);
  const bits = layers.map(({ name, kind }) => {
    return [name, network.layers.get(name)!.weight.length * format.weightBits[kind]] as const;
  });
  return {
    layers: layers.map((layer) => deriveLayer(network, layer, ranges.get(layer.name)!)),
    lifs: listLifs(config),
    maxTheta2: Math.max(...layers.map((layer) => rangeOf(theta2Of(network, layer)).max)),
    weightBits: new Map(bits),
  };
}
