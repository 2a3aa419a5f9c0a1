/** The shape of a random network: by name, from a config.json, or that of a model. */
import { SpikemillError } from '../errors.js';
import { readFileChecked } from '../files.js';
import type { NetworkConfigFile } from '../generated/network-config.generated.js';
import { parseConfigFile } from '../import/config-statements.js';
import { loadModel } from '../load.js';
import type { NetworkConfig } from '../network.js';
import { checkNetworkConfig } from '../network-config.js';
import { NAMED_NETWORKS, NETWORK_NAMES, type NetworkName } from './named-networks.js';

/** Pixels of networks that do not say how theirs were normalised. */
const DEFAULT_MEAN = 0.5;
const DEFAULT_STD = 0.25;

function completeConfig(values: NetworkConfigFile, where: string): NetworkConfig {
  const required = <P extends keyof NetworkConfigFile>(property: P): NonNullable<NetworkConfigFile[P]> => {
    const value = values[property];
    if (value !== undefined) return value as NonNullable<NetworkConfigFile[P]>;
    throw new SpikemillError('INVALID_CONFIG', `${property} is not stated`, {
      where,
      expected: 'every property that shapes a network',
      actual: Object.keys(values).join(', '),
    });
  };
  const inChannels = required('in_channels');
  const size = required('image_size');
  const [imageHeight, imageWidth] = typeof size === 'number' ? [size, size] : [size[0]!, size[1]!];
  return {
    spe: required('spe'),
    inChannels,
    dim: required('dim'),
    alpha: required('alpha'),
    numClasses: required('num_classes'),
    patchSize: required('patch_size'),
    imageHeight,
    imageWidth,
    depths: required('depths'),
    timesteps: required('T'),
    mean: values.mean ?? new Array<number>(inChannels).fill(DEFAULT_MEAN),
    std: values.std ?? new Array<number>(inChannels).fill(DEFAULT_STD),
  };
}

function configOfModel(path: string): NetworkConfig {
  const model = loadModel(path);
  const { config } = model.kind === 'float' ? model.checkpoint : model.network;
  if (config.mean.length > 0) return config;
  const perChannel = (value: number): number[] => new Array<number>(config.inChannels).fill(value);
  return { ...config, mean: perChannel(DEFAULT_MEAN), std: perChannel(DEFAULT_STD) };
}

function isName(like: string): like is NetworkName {
  return (NETWORK_NAMES as readonly string[]).includes(like);
}

/**
 * @param like one of NETWORK_NAMES, a complete config.json, or a model of either kind
 * @throws SpikemillError INVALID_CONFIG for a shape that no network of the family can have; INVALID_FILE
 */
export function shapeLike(like: string): NetworkConfig {
  if (isName(like)) return NAMED_NETWORKS[like];
  const config = like.endsWith('.json')
    ? completeConfig(
        parseConfigFile(new TextDecoder().decode(readFileChecked(like, 'INVALID_CONFIG')), like).values,
        like,
      )
    : configOfModel(like);
  checkNetworkConfig(config, like);
  return config;
}
