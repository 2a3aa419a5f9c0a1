/** The quantized model file, version 1: a safetensors file of integers. Its keys and units are in README.md. */
import { SpikemillError } from '../errors.js';
import { listLayers } from '../layer-list.js';
import type { Layer, NetworkConfig } from '../network.js';
import type {
  FirstLinearTokens,
  QuantizedNetwork,
  QuantizedWeights,
  SecondLinearTokens,
} from '../quantized-network.js';
import { countOf } from '../wording.js';
import { formatQuantizedMetadata, isQuantizedMetadata, readQuantizedMetadata } from './quantized-metadata.js';
import { checkTokens, checkWeights, countDigits } from './quantized-ranges.js';
import {
  type Dtype,
  decodeIntegers,
  encodeTensor,
  formatShape,
  type RawTensor,
  type TensorFile,
} from './tensor-file.js';

/** What a tensor of the file is: the part behind the layer's name, its type and its shape. */
interface TensorRule {
  readonly suffix: string;
  readonly dtype: Dtype & ('I8' | 'I32' | 'U8');
  readonly shape: readonly number[];
}

const TOKEN_TENSORS = {
  fc1: [
    { suffix: 'token_bias', dtype: 'I32' },
    { suffix: 'token_theta2', dtype: 'I32' },
    { suffix: 'token_neg', dtype: 'U8' },
  ],
  fc2: [
    { suffix: 'token_scale', dtype: 'I32' },
    { suffix: 'token_bias', dtype: 'I32' },
  ],
} as const;

/** Every tensor that `layer` has in the file. */
function tensorRules({ kind, weightShape, output }: Layer): TensorRule[] {
  const outputs = [weightShape[0]!];
  const rules: TensorRule[] = [
    { suffix: 'weight', dtype: 'I8', shape: weightShape },
    { suffix: 'exponent', dtype: 'I8', shape: outputs },
    { suffix: 'bias', dtype: 'I32', shape: outputs },
  ];
  if (kind !== 'fc1' && kind !== 'fc2') return rules;
  const tokens = [output.height * output.width];
  return [...rules, ...TOKEN_TENSORS[kind].map((rule) => ({ ...rule, shape: tokens }))];
}

function findTensor(file: TensorFile, key: string, shape: readonly number[], where: string): RawTensor {
  const tensor = file.tensors.get(key);
  if (tensor !== undefined && formatShape(tensor.shape) === formatShape(shape)) return tensor;
  const message = tensor === undefined ? 'a tensor of the network is missing' : 'a tensor has the wrong shape';
  throw new SpikemillError('INVALID_TENSOR', message, {
    where: `${where}: ${key}`,
    expected: formatShape(shape),
    actual: tensor === undefined ? 'no such tensor' : formatShape(tensor.shape),
  });
}

/** The integers of one layer by suffix. */
class LayerReader {
  readonly #file: TensorFile;
  readonly #layer: Layer;
  readonly #where: string;

  constructor(file: TensorFile, layer: Layer, where: string) {
    this.#file = file;
    this.#layer = layer;
    this.#where = where;
  }

  read<D extends 'I8' | 'I32' | 'U8'>(suffix: string, dtype: D): ReturnType<typeof decodeIntegers<D>> {
    const key = `${this.#layer.name}.${suffix}`;
    const rule = tensorRules(this.#layer).find((candidate) => candidate.suffix === suffix);
    const tensor = findTensor(this.#file, key, rule?.shape ?? [], this.#where);
    return decodeIntegers(tensor, dtype, `${this.#where}: ${key}`);
  }

  weights(): QuantizedWeights {
    return {
      shape: this.#layer.weightShape,
      weight: this.read('weight', 'I8'),
      exponent: this.read('exponent', 'I8'),
      bias: this.read('bias', 'I32'),
    };
  }

  firstLinearTokens(): FirstLinearTokens {
    return {
      bias: this.read('token_bias', 'I32'),
      theta2: this.read('token_theta2', 'I32'),
      negate: this.read('token_neg', 'U8'),
    };
  }

  secondLinearTokens(): SecondLinearTokens {
    return { scale: this.read('token_scale', 'I32'), bias: this.read('token_bias', 'I32') };
  }
}

function refuseStrangers(file: TensorFile, config: NetworkConfig, where: string): void {
  const known = new Set(
    listLayers(config).flatMap((layer) => tensorRules(layer).map(({ suffix }) => `${layer.name}.${suffix}`)),
  );
  const stranger = [...file.tensors.keys()].find((key) => !known.has(key));
  if (stranger === undefined) return;
  throw new SpikemillError('INVALID_TENSOR', 'a tensor belongs to no layer of the network', {
    where: `${where}: ${stranger}`,
    expected: `the ${known.size} tensors of the configuration in the metadata`,
    actual: countOf(file.tensors.size, 'tensor'),
  });
}

/** True if the file says that it holds a quantized network. */
export function isQuantizedFile(file: TensorFile): boolean {
  return isQuantizedMetadata(file.metadata);
}

/**
 * Reads a quantized network and checks every number of it against its range.
 * @param where the file's name, for messages
 * @throws SpikemillError INVALID_CONFIG (metadata) or INVALID_TENSOR (key, index, what was expected)
 */
export function readQuantizedFile(file: TensorFile, where: string): QuantizedNetwork {
  const { config, format, scaleDigits, method, accuracy } = readQuantizedMetadata(file.metadata, where);
  const layers = new Map<string, QuantizedWeights>();
  const firstLinearTokens = new Map<string, FirstLinearTokens>();
  const secondLinearTokens = new Map<string, SecondLinearTokens>();
  for (const layer of listLayers(config)) {
    const reader = new LayerReader(file, layer, where);
    layers.set(layer.name, reader.weights());
    if (layer.kind === 'fc1') firstLinearTokens.set(layer.name, reader.firstLinearTokens());
    if (layer.kind === 'fc2') secondLinearTokens.set(layer.name, reader.secondLinearTokens());
  }
  refuseStrangers(file, config, where);
  const network = { config, format, layers, firstLinearTokens, secondLinearTokens, method, accuracy };
  checkWeights(network, where);
  checkTokens(network, scaleDigits, where);
  return network;
}

/**
 * The file of a quantized network; serializeSafetensors makes it bytes, equal ones for equal networks.
 * The inverse of readQuantizedFile.
 */
export function writeQuantizedFile(network: QuantizedNetwork): TensorFile {
  const tensors = new Map<string, RawTensor>();
  for (const { name } of listLayers(network.config)) {
    const { shape, weight, exponent, bias } = network.layers.get(name)!;
    tensors.set(`${name}.weight`, encodeTensor(weight, shape));
    tensors.set(`${name}.exponent`, encodeTensor(exponent, [exponent.length]));
    tensors.set(`${name}.bias`, encodeTensor(bias, [bias.length]));
  }
  for (const [name, { bias, theta2, negate }] of network.firstLinearTokens) {
    tensors.set(`${name}.token_bias`, encodeTensor(bias, [bias.length]));
    tensors.set(`${name}.token_theta2`, encodeTensor(theta2, [theta2.length]));
    tensors.set(`${name}.token_neg`, encodeTensor(negate, [negate.length]));
  }
  for (const [name, { scale, bias }] of network.secondLinearTokens) {
    tensors.set(`${name}.token_scale`, encodeTensor(scale, [scale.length]));
    tensors.set(`${name}.token_bias`, encodeTensor(bias, [bias.length]));
  }
  const scales = [...network.secondLinearTokens.values()].flatMap(({ scale }) => [...scale]);
  return { metadata: formatQuantizedMetadata(network, Math.max(0, ...scales.map(countDigits))), tensors };
}
