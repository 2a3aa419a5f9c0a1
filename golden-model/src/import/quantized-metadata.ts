/** `__metadata__` of a quantized model file: number formats and configuration, as JSON in strings. */
import { type QuantizedMetadata, quantizedMetadataSchema } from '../generated/quantized-metadata.generated.js';
import { validateJson } from '../json.js';
import type { LayerKind, NetworkConfig } from '../network.js';
import { checkNetworkConfig } from '../network-config.js';
import type { NumberFormat, QuantizedNetwork } from '../quantized-network.js';
import { configMetadata, formatMetadataValue, parseMetadata } from './config-statements.js';

/** D, the signed digits of a token scale, where the file does not say. */
const DEFAULT_SCALE_DIGITS = 2;
/** Bits of the batch norm of the identity branch: fixed, so no file states them. */
const IDENTITY_BITS = 8;
/** The kinds that B applies to; the others have bits of their own. */
const KINDS_OF_B = ['spe', 'patch-step', 'axial-h', 'axial-w', 'fuse', 'fc1', 'fc2'] as const satisfies LayerKind[];

export interface QuantizedFacts {
  readonly config: NetworkConfig;
  readonly format: NumberFormat;
  readonly scaleDigits: number;
  readonly method: string | null;
  readonly accuracy: number | null;
}

export function isQuantizedMetadata(metadata: ReadonlyMap<string, string>): boolean {
  return metadata.has('weight_bits') && metadata.has('F');
}

function readConfig(values: QuantizedMetadata): NetworkConfig {
  const { image_size: size } = values;
  const [height, width] = typeof size === 'number' ? [size, size] : [size[0]!, size[1]!];
  return {
    spe: values.spe,
    inChannels: values.in_channels,
    dim: values.dim,
    alpha: values.alpha,
    numClasses: values.num_classes,
    patchSize: values.patch_size,
    imageHeight: height,
    imageWidth: width,
    depths: values.depths,
    timesteps: values.T,
    mean: values.mean ?? [],
    std: values.std ?? [],
  };
}

function readFormat({ F, M, S, weight_bits, first_layer_bits, head_bits }: QuantizedMetadata): NumberFormat {
  const bitsOf = (kind: (typeof KINDS_OF_B)[number]): number =>
    typeof weight_bits === 'number' ? weight_bits : weight_bits[kind];
  const weightBits: Record<LayerKind, number> = {
    'patch-embedding': first_layer_bits,
    identity: IDENTITY_BITS,
    head: head_bits,
    spe: bitsOf('spe'),
    'patch-step': bitsOf('patch-step'),
    'axial-h': bitsOf('axial-h'),
    'axial-w': bitsOf('axial-w'),
    fuse: bitsOf('fuse'),
    fc1: bitsOf('fc1'),
    fc2: bitsOf('fc2'),
  };
  return { fractionBits: F, membraneBits: M, scaleFractionBits: S, weightBits };
}

/**
 * @param where the file's name, for messages
 * @throws SpikemillError INVALID_CONFIG for a missing or impossible value
 */
export function readQuantizedMetadata(metadata: ReadonlyMap<string, string>, where: string): QuantizedFacts {
  const place = `${where}: __metadata__`;
  const known = Object.keys(quantizedMetadataSchema.properties);
  const raw = parseMetadata(metadata, known, place);
  const values = validateJson<QuantizedMetadata>(quantizedMetadataSchema, raw, place);
  const config = readConfig(values);
  checkNetworkConfig(config, place, ['mean', 'std']);
  const { D: scaleDigits = DEFAULT_SCALE_DIGITS, method = null, accuracy = null } = values;
  return { config, format: readFormat(values), scaleDigits, method, accuracy };
}

/** One B, or an object where the kinds differ. */
function formatWeightBits({ weightBits }: NumberFormat): string {
  const bits = KINDS_OF_B.map((kind) => weightBits[kind]);
  if (bits.every((value) => value === bits[0])) return String(bits[0]);
  return JSON.stringify(Object.fromEntries(KINDS_OF_B.map((kind) => [kind, weightBits[kind]])));
}

/** A share of 1 with a point even at 0 and 1, as the reference files have it. */
function formatShare(value: number): string {
  return Number.isInteger(value) ? value.toFixed(1) : String(value);
}

/** @param scaleDigits the most signed digits that a token scale of the network needs */
export function formatQuantizedMetadata(network: QuantizedNetwork, scaleDigits: number): Map<string, string> {
  const { config, format, method, accuracy } = network;
  const metadata = new Map([
    ['F', String(format.fractionBits)],
    ['S', String(format.scaleFractionBits)],
    ['M', String(format.membraneBits)],
    ['T', String(config.timesteps)],
    ['weight_bits', formatWeightBits(format)],
    ['first_layer_bits', String(format.weightBits['patch-embedding'])],
    ['head_bits', String(format.weightBits.head)],
    ...configMetadata(config),
  ]);
  if (scaleDigits > DEFAULT_SCALE_DIGITS) metadata.set('D', String(scaleDigits));
  if (accuracy !== null) metadata.set('accuracy', formatShare(accuracy));
  if (method !== null) metadata.set('method', formatMetadataValue(method));
  return metadata;
}
