/** What flags, config.json and the metadata of a file state about a network: read, and held against the schema. */
import { type NetworkConfigFile, networkConfigSchema } from '../generated/network-config.generated.js';
import { parseJson, validateJson } from '../json.js';
import type { NetworkConfig } from '../network.js';
import type { ConfigStatement, StatementSource } from './infer-config.js';

/** Properties that say nothing about the network; other writers have them in other forms. */
const INFORMATIVE = ['$schema', 'variant', 'detach_reset', 'pixel_scale'];
const STATED_PROPERTIES = Object.keys(networkConfigSchema.properties).filter((name) => !INFORMATIVE.includes(name));

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

/**
 * Some properties of `__metadata__` of a safetensors file, where every value is JSON in a string.
 * @throws SpikemillError INVALID_CONFIG for a value that is not JSON
 */
export function parseMetadata(
  metadata: ReadonlyMap<string, string>,
  properties: readonly string[],
  where: string,
): Record<string, unknown> {
  const values: Record<string, unknown> = {};
  for (const property of properties) {
    const text = metadata.get(property);
    if (text !== undefined) values[property] = parseJson(text, `${where}: ${property}`);
  }
  return values;
}

/** What the metadata of a float checkpoint states. Keys that say nothing about the network are left alone. */
export function readMetadataStatement(metadata: ReadonlyMap<string, string>, where: string): ConfigStatement {
  const place = `${where}: __metadata__`;
  return makeStatement('metadata', place, parseMetadata(metadata, STATED_PROPERTIES, place));
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
