/** What flags, config.json and the metadata of a file state about a network: read, and held against the schema. */
import { type NetworkConfigFile, networkConfigSchema } from '../generated/network-config.generated.js';
import { parseJson, validateJson } from '../json.js';
import type { NetworkConfig } from '../network.js';
import type { ConfigStatement, StatementSource } from './infer-config.js';

/** Metadata may hold anything beside these. */
const STATED_PROPERTIES: readonly (keyof NetworkConfigFile)[] = [
  'spe',
  'in_channels',
  'dim',
  'alpha',
  'num_classes',
  'patch_size',
  'image_size',
  'depths',
  'T',
  'mean',
  'std',
  'tau',
  'v_threshold',
  'v_reset',
  'decay_input',
  'bn_eps',
];

/**
 * @param where file or flags, for messages
 * @throws SpikemillError INVALID_CONFIG if `values` is not as the schema says
 */
export function makeStatement(source: StatementSource, where: string, values: unknown): ConfigStatement {
  return { source, where, values: validateJson<NetworkConfigFile>(networkConfigSchema, values, where) };
}

/** The content of a config.json. */
export function parseConfigFile(text: string, where: string): ConfigStatement {
  return makeStatement('config.json', where, parseJson(text, where));
}

/** `__metadata__` of a safetensors file: every value is JSON in a string. Other keys are left alone. */
export function readMetadataStatement(metadata: ReadonlyMap<string, string>, where: string): ConfigStatement {
  const place = `${where}: __metadata__`;
  const values: Record<string, unknown> = {};
  for (const property of STATED_PROPERTIES) {
    const text = metadata.get(property);
    if (text !== undefined) values[property] = parseJson(text, `${place}: ${property}`);
  }
  return makeStatement('metadata', place, values);
}

/** `[1, 1]`, `0.3`, `true`: JSON with a space behind each comma, as the reference files have it. */
export function formatMetadataValue(value: number | boolean | string | readonly number[]): string {
  return Array.isArray(value) ? `[${value.join(', ')}]` : JSON.stringify(value);
}

/**
 * The configuration as metadata of a model file. Mean and standard deviation are left out where the weights have
 * taken them in (empty lists); T is left to the caller, whose files differ in its place.
 */
export function configMetadata(config: NetworkConfig): [string, string][] {
  const { imageHeight, imageWidth, mean, std } = config;
  const imageSize = imageHeight === imageWidth ? imageHeight : [imageHeight, imageWidth];
  const entries: [string, number | boolean | readonly number[]][] = [
    ['spe', config.spe],
    ['in_channels', config.inChannels],
    ['dim', config.dim],
    ['alpha', config.alpha],
    ['num_classes', config.numClasses],
    ['patch_size', config.patchSize],
    ['image_size', imageSize],
    ['depths', config.depths],
  ];
  if (mean.length > 0) entries.push(['mean', mean], ['std', std]);
  return entries.map(([key, value]) => [key, formatMetadataValue(value)]);
}
