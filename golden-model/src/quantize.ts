/** Post-training quantizer: a folded float64 network to integers, with optional bias correction. */
import { transposeToRows } from './arithmetic/accumulate.js';
import { chooseExponent, largestWeight, quantizeWeight } from './arithmetic/quantizer.js';
import { roundToInt32 } from './arithmetic/rounding.js';
import { type Calibration, startCalibration } from './calibrate.js';
import { derive } from './derive.js';
import type { FoldedLayer, FoldedNetwork } from './folded-network.js';
import { listLayers } from './layer-list.js';
import { quantizeFirstLinearTokens, quantizeSecondLinearTokens } from './layers/channel.js';
import { LAYERS } from './layers/table.js';
import type { Layer, NetworkConfig } from './network.js';
import { chooseFormat, type QuantizeOptions } from './quantize-options.js';
import type {
  FirstLinearTokens,
  NumberFormat,
  QuantizedNetwork,
  QuantizedWeights,
  SecondLinearTokens,
} from './quantized-network.js';
import { countOf } from './wording.js';

/** Integer weights and their exponents, one for each output. */
type Rounded = Pick<QuantizedWeights, 'weight' | 'exponent'>;

function roundWeights(layer: Layer, { weight }: FoldedLayer, bits: number): Rounded {
  const outputs = layer.weightShape[0]!;
  const fanIn = weight.length / outputs;
  const exponent = new Int8Array(outputs);
  if (LAYERS[layer.kind].quantization.exponent === 'shared') exponent.fill(chooseExponent(weight, bits, layer.name));
  else {
    for (let o = 0; o < outputs; o++) {
      exponent[o] = chooseExponent(weight.subarray(o * fanIn, (o + 1) * fanIn), bits, layer.name);
    }
  }
  const largest = largestWeight(bits);
  const q = Int8Array.from(weight, (w, i) => quantizeWeight(w, 2 ** exponent[Math.floor(i / fanIn)]!, largest));
  return { weight: q, exponent };
}

/**
 * What rounding the weights takes from each output on average, to be added to its bias:
 * sum over inputs i of (W_oi - q_oi * 2^-e_o) * mean(x_i).
 */
function correctBias(
  layer: Layer,
  { weight }: FoldedLayer,
  { weight: q, exponent }: Rounded,
  means: Float64Array,
): Float64Array {
  const outputs = layer.weightShape[0]!;
  const fanIn = weight.length / outputs;
  const errors = weight.map((w, i) => w - q[i]! * 2 ** -exponent[Math.floor(i / fanIn)]!);
  const rows = new Float64Array(errors.length);
  transposeToRows(layer.weightShape, errors, rows);
  const correction = new Float64Array(outputs);
  means.forEach((mean, row) => {
    for (let o = 0; o < outputs; o++) correction[o]! += rows[row * outputs + o]! * mean;
  });
  return correction;
}

/** @param means mean of each input, or undefined for no bias correction. */
function quantizeLayer(
  layer: Layer,
  folded: FoldedLayer,
  format: NumberFormat,
  config: NetworkConfig,
  means: Float64Array | undefined,
): QuantizedWeights {
  const { biasScale } = LAYERS[layer.kind].quantization;
  const rounded = roundWeights(layer, folded, format.weightBits[layer.kind]);
  const correction = means === undefined ? undefined : correctBias(layer, folded, rounded, means);
  const bias = Int32Array.from(folded.bias, (b, o) => {
    const scale = biasScale(layer, config, format.fractionBits, rounded.exponent[o]!);
    return roundToInt32((b + (correction?.[o] ?? 0)) * scale, `${layer.name}.bias`);
  });
  return { shape: layer.weightShape, ...rounded, bias };
}

/** Runs the calibration images, unless the caller has done so. null: no bias correction. */
function calibrate(network: FoldedNetwork, { biasCorrection = [], onProgress }: QuantizeOptions): Calibration | null {
  if ('means' in biasCorrection) return biasCorrection;
  const calibration = startCalibration(network);
  for (const [index, image] of biasCorrection.entries()) {
    calibration.add(image);
    onProgress?.({ phase: 'calibrate', done: index + 1, total: biasCorrection.length });
  }
  return biasCorrection.length === 0 ? null : calibration;
}

/**
 * Quantizes a folded network: weights to B bits with power-of-two units, biases and token tables to 2^-F, token scales
 * to a few signed powers of two. See README.md, "Quantizer".
 *
 * @throws SpikemillError USAGE for options out of range; INVALID_IMAGES for calibration images of the wrong size;
 *   INVALID_TENSOR for weights, biases or sums that do not fit int32.
 */
export function quantizeNetwork(network: FoldedNetwork, options: QuantizeOptions = {}): QuantizedNetwork {
  const { config } = network;
  const { format, scaleDigits } = chooseFormat(options);
  const calibration = calibrate(network, options);
  const means = calibration?.means();
  const layers = new Map<string, QuantizedWeights>();
  const firstLinearTokens = new Map<string, FirstLinearTokens>();
  const secondLinearTokens = new Map<string, SecondLinearTokens>();
  const list = listLayers(config);
  list.forEach((layer, index) => {
    const { name, kind } = layer;
    const folded = network.layers.get(name)!;
    layers.set(name, quantizeLayer(layer, folded, format, config, means?.get(name)));
    if (kind === 'fc1') firstLinearTokens.set(name, quantizeFirstLinearTokens(name, folded.tokens!, format));
    if (kind === 'fc2') {
      secondLinearTokens.set(name, quantizeSecondLinearTokens(name, folded.tokens!, format, scaleDigits));
    }
    options.onProgress?.({ phase: 'quantize', done: index + 1, total: list.length });
  });
  const correction = calibration === null ? '' : ` with bias correction on ${countOf(calibration.images(), 'image')}`;
  const method = `post-training${correction}`;
  const quantized = { config, format, layers, firstLinearTokens, secondLinearTokens, method, accuracy: null };
  derive(quantized);
  return quantized;
}
