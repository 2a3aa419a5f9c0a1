/** Runs a network on images: the folded float network in binary64, a quantized one in integers. */
import type { Arithmetic, Fired } from './arithmetic/arithmetic.js';
import { float64Arithmetic } from './arithmetic/float64.js';
import { type GatedSums, startSums, transposeAll } from './arithmetic/gated-sums.js';
import { integerArithmetic } from './arithmetic/integer.js';
import { type NewNumbers, type Numbers, newFloats, newIntegers } from './arithmetic/numbers.js';
import { type DataFlow, makeDataFlow } from './data-flow.js';
import { derive } from './derive.js';
import { SpikemillError } from './errors.js';
import type { Observer } from './flow.js';
import type { FoldedNetwork } from './folded-network.js';
import { imageShape, listLifs, tokenCount } from './layer-list.js';
import { bitPlanes } from './layers/patch-embedding.js';
import type { Layer, LifShape, NetworkConfig } from './network.js';
import type { QuantizedNetwork } from './quantized-network.js';
import { type Range, rangeOf } from './range.js';
import { copyChannels, packBits } from './spikes.js';

export interface RunOptions {
  /** Which traces to keep; all off by default. */
  readonly spikes?: boolean;
  readonly currents?: boolean;
  readonly membranes?: boolean;
  /** Called for every layer in the order of execution with what it hands on. */
  readonly observe?: Observer<Numbers>;
  /** Called for every layer in the order of execution; null for a layer that has no LIF. */
  readonly observeTotals?: (layer: Layer, totals: LayerTotals | null) => void;
  /**
   * Integers only. Called for every LIF of `listLifs` after the run. Bit c & 7 of byte c >> 3 of row (t, token) is
   * channel c; a row has ceil(channels / 8) bytes. The bytes are only valid during the call.
   */
  readonly observeBits?: (lif: LifShape, bits: Uint8Array) => void;
  /** Whether RunResult.additions is wanted; default true. */
  readonly additions?: boolean;
}

/** What the neurons behind one layer did. */
export interface LayerTotals {
  /** Over all timesteps and neurons. */
  readonly spikes: number;
  /** Smallest and largest membrane after any timestep. */
  readonly membrane: Range;
}

/** One array for each LIF of `listLifs`, by name: [T, token, channel], channel fastest. Empty if not asked for. */
export type Traces<A> = ReadonlyMap<string, A>;

export interface RunResult<N extends Numbers = Numbers> {
  /** One for each class. Floats: the mean over T, as published. Integers: sums in units of 2^-e / (T * L). */
  readonly logits: N;
  /** The largest logit; the lowest index wins ties. */
  readonly classIndex: number;
  /** 0 or 1. */
  readonly spikes: Traces<Uint8Array>;
  /** Inputs of the LIFs, integers in units of 2^-F. */
  readonly currents: Traces<N>;
  /** Membranes of the LIFs after each timestep, 0 where they fired; integers in units of 2^-F. */
  readonly membranes: Traces<N>;
  /**
   * By layer name: how often each row of weights was added, which is how often each input met a spike. Row tap * I + i
   * belongs to input channel i under kernel tap `tap` (the patch embedding counts bits of pixels). Perhaps empty if
   * RunOptions.additions is false.
   */
  readonly additions: ReadonlyMap<string, Uint32Array>;
}

/** Everything about a network that does not change from image to image. */
interface Runner<N extends Numbers> {
  readonly config: NetworkConfig;
  readonly create: NewNumbers<N>;
  readonly startImage: () => { arithmetic: Arithmetic<N>; gated: GatedSums<N> };
  readonly flow: DataFlow;
}

type Weights = Parameters<typeof transposeAll>[0];

function makeRunner<N extends Numbers>(
  network: { readonly config: NetworkConfig; readonly layers: Weights },
  create: NewNumbers<N>,
  makeArithmetic: (gated: GatedSums<N>) => Arithmetic<N>,
): Runner<N> {
  const { config, layers } = network;
  const rows = transposeAll(layers, create);
  const startImage = (): ReturnType<Runner<N>['startImage']> => {
    const gated = startSums(config, rows, create);
    return { arithmetic: makeArithmetic(gated), gated };
  };
  return { config, create, startImage, flow: makeDataFlow(config) };
}

const integerRunners = new WeakMap<QuantizedNetwork, Runner<Int32Array>>();
const floatRunners = new WeakMap<FoldedNetwork, Runner<Float64Array>>();

function remember<K extends object, V>(memory: WeakMap<K, V>, key: K, make: () => V): V {
  const known = memory.get(key);
  if (known !== undefined) return known;
  const made = make();
  memory.set(key, made);
  return made;
}

/** The first run of a quantized network also checks that nothing can leave int32. */
function integerRunner(network: QuantizedNetwork): Runner<Int32Array> {
  return remember(integerRunners, network, () => {
    derive(network);
    return makeRunner(network, newIntegers, (gated) => integerArithmetic(network, gated));
  });
}

function floatRunner(network: FoldedNetwork): Runner<Float64Array> {
  return remember(floatRunners, network, () => {
    return makeRunner(network, newFloats, (gated) => float64Arithmetic(network, gated));
  });
}

/** Collects the channels that the layers of a population complete, one after another. */
function keep<A extends Uint8Array | Numbers>(
  traces: Map<string, A>,
  lif: LifShape,
  create: (length: number) => A,
  values: A,
  channels: number,
  firstChannel: number,
): void {
  let whole = traces.get(lif.name);
  if (whole === undefined) {
    whole = create((values.length / channels) * lif.channels);
    traces.set(lif.name, whole);
  }
  copyChannels(values, channels, whole, lif.channels, firstChannel);
}

/** Index of the largest value; the lowest index wins ties. */
export function argmax(values: ArrayLike<number>): number {
  let best = 0;
  for (let i = 1; i < values.length; i++) if (values[i]! > values[best]!) best = i;
  return best;
}

/** @throws SpikemillError INVALID_IMAGES for an image of the wrong size. */
export function checkImage(image: Uint8Array, config: NetworkConfig): void {
  const shape = imageShape(config);
  const pixels = tokenCount(shape) * shape.channels;
  if (image.length === pixels) return;
  throw new SpikemillError('INVALID_IMAGES', 'the image has the wrong size for the network', {
    expected: `${pixels} bytes: ${shape.channels} x ${shape.height} x ${shape.width}`,
    actual: `${image.length} bytes`,
  });
}

/** The traces that a run was asked for. */
interface TraceKeeper<N extends Numbers> {
  readonly keep: (layer: Layer, current: N, fired: Fired<N>) => void;
  readonly kept: Pick<RunResult<N>, 'spikes' | 'currents' | 'membranes'>;
}

export function startTraces<N extends Numbers>(
  config: NetworkConfig,
  options: RunOptions,
  create: NewNumbers<N>,
): TraceKeeper<N> {
  const lifs = new Map(listLifs(config).map((lif) => [lif.name, lif]));
  const spikes = new Map<string, Uint8Array>();
  const currents = new Map<string, N>();
  const membranes = new Map<string, N>();
  const newSpikes = (length: number): Uint8Array => new Uint8Array(length);
  return {
    kept: { spikes, currents, membranes },
    keep: (layer, current, fired) => {
      const lif = lifs.get(layer.lif!)!;
      const { channels } = layer.output;
      if (options.spikes) keep(spikes, lif, newSpikes, fired.spikes.data, channels, layer.lifOffset);
      if (options.currents) keep(currents, lif, create, current, channels, layer.lifOffset);
      if (options.membranes) keep(membranes, lif, create, fired.membranes, channels, layer.lifOffset);
    },
  };
}

function totalsOf({ spikes, membranes }: Fired<Numbers>): LayerTotals {
  return { spikes: spikes.data.reduce((sum, spike) => sum + spike, 0), membrane: rangeOf(membranes) };
}

function runOn<N extends Numbers>(runner: Runner<N>, image: Uint8Array, options: RunOptions): RunResult<N> {
  const { config } = runner;
  checkImage(image, config);
  const { arithmetic, gated } = runner.startImage();
  const wantsBits = options.observeBits !== undefined;
  const { kept, keep } = startTraces(config, wantsBits ? { ...options, spikes: true } : options, runner.create);
  const logits = runner.flow.run(arithmetic, bitPlanes(image, imageShape(config)), (layer, current, fired) => {
    options.observe?.(layer, current, fired);
    options.observeTotals?.(layer, fired === null ? null : totalsOf(fired));
    if (fired !== null) keep(layer, current, fired);
  });
  if (wantsBits) {
    for (const lif of listLifs(config)) options.observeBits?.(lif, packBits(kept.spikes.get(lif.name)!, lif.channels));
  }
  const spikes = options.spikes ? kept.spikes : new Map<string, Uint8Array>();
  return { logits, classIndex: argmax(logits), ...kept, spikes, additions: gated.additions };
}

/**
 * Runs one image from reset.
 *
 * @param network folded: binary64, reproduces the published network. Quantized: integers, the oracle of the hardware.
 * @param image uint8 pixels [channel, row, column].
 * @throws SpikemillError INVALID_IMAGES for an image of the wrong size; INVALID_TENSOR for a quantized network whose
 *   values could leave int32.
 */
export function runNetwork(network: QuantizedNetwork, image: Uint8Array, options?: RunOptions): RunResult<Int32Array>;
export function runNetwork(network: FoldedNetwork, image: Uint8Array, options?: RunOptions): RunResult<Float64Array>;
export function runNetwork(
  network: QuantizedNetwork | FoldedNetwork,
  image: Uint8Array,
  options?: RunOptions,
): RunResult;
export function runNetwork(
  network: QuantizedNetwork | FoldedNetwork,
  image: Uint8Array,
  options: RunOptions = {},
): RunResult {
  if (isQuantized(network)) return runOn(integerRunner(network), image, options);
  return runOn(floatRunner(network), image, options);
}

/** Whether a network runs in integers. */
export function isQuantized(network: QuantizedNetwork | FoldedNetwork): network is QuantizedNetwork {
  return 'format' in network;
}
